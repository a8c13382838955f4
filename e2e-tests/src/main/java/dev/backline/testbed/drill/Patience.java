package dev.backline.testbed.drill;

import dev.backline.testbed.driver.TestbedException;
import java.time.Duration;
import java.util.concurrent.locks.LockSupport;

/** Waiting for something that has to be asked for again and again, up to a limit. */
final class Patience {
  private final long endNanos;
  private final Duration limit;
  private final Duration interval;

  Patience(Duration limit, Duration interval) {
    this.limit = limit;
    this.interval = interval;
    endNanos = System.nanoTime() + limit.toNanos();
  }

  /** Waits for one interval; after the limit fails with what was waited for. */
  void orElse(String message) throws TestbedException {
    if (spent()) {
      throw new TestbedException(message + " after " + limit.toSeconds() + " s");
    }
    LockSupport.parkNanos(interval.toNanos());
  }

  boolean spent() {
    return System.nanoTime() - endNanos >= 0;
  }

  void pause() {
    LockSupport.parkNanos(interval.toNanos());
  }
}
