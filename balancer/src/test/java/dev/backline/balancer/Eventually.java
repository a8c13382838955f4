package dev.backline.balancer;

import java.time.Duration;
import org.awaitility.Awaitility;
import org.awaitility.core.ConditionFactory;

/** Waits for what must come, and looks often: never longer than it takes. */
final class Eventually {
  private Eventually() {}

  static ConditionFactory await() {
    return Awaitility.await()
        .atMost(Duration.ofMillis(RawClient.PATIENCE_MILLIS))
        .pollDelay(Duration.ZERO)
        .pollInterval(Duration.ofMillis(10));
  }
}
