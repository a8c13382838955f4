package dev.backline.testbed.drill;

import dev.backline.testbed.history.Request;
import dev.backline.testbed.http.Address;
import dev.backline.testbed.load.Clock;
import dev.backline.testbed.load.Load;
import java.io.IOException;
import java.time.Duration;
import java.util.List;

/**
 * Traffic before the load that counts. JVMs just started need many times the processor time for a
 * request, on a busy machine for seconds: a drill that began at once would prove how they start.
 */
final class WarmUp {
  private static final Duration LIMIT = Duration.ofSeconds(15);
  private static final Duration INTERVAL = Duration.ofMillis(250);

  /** Times the mean service time: above it requests wait for the processor. */
  private static final long SETTLED_MEDIAN = 2;

  private WarmUp() {}

  /** Sends until the median of a second's answers is as it should be, or the limit has passed. */
  static void run(List<Address> listeners, Drill.Conditions conditions, String prefix, Clock clock)
      throws IOException {
    Load.Plan plan = Load.Plan.ofDrills(listeners, conditions.rate(), prefix);
    long settled = SETTLED_MEDIAN * conditions.serviceTime().millis() * 1000;
    try (Load load = new Load(plan, clock)) {
      load.start();
      Patience patience = new Patience(LIMIT, INTERVAL);
      while (!patience.spent() && !hasSettled(load.soFar(), plan.rate(), settled)) {
        patience.pause();
      }
      load.finish();
    }
  }

  private static boolean hasSettled(List<Request> soFar, int rate, long settledMicros) {
    if (soFar.size() < rate) {
      return false;
    }
    long[] latest =
        soFar.subList(soFar.size() - rate, soFar.size()).stream()
            .mapToLong(Request::latencyMicros)
            .sorted()
            .toArray();
    return latest[latest.length / 2] <= settledMicros;
  }
}
