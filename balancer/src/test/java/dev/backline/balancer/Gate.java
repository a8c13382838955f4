package dev.backline.balancer;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** Holds a script back until the test opens it. */
final class Gate {
  private final CountDownLatch latch = new CountDownLatch(1);

  void open() {
    latch.countDown();
  }

  void pass() {
    try {
      if (!latch.await(RawClient.PATIENCE_MILLIS, TimeUnit.MILLISECONDS)) {
        throw new AssertionError("the gate stayed closed");
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
