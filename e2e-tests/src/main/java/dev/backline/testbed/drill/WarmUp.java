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

  /** Twice the mean service time: above it requests wait for the processor. */
  private static final long SETTLED_MEDIAN_MICROS = 120_000;

  private WarmUp() {}

  /** Sends until the median of a second's answers is as it should be, or the limit has passed. */
  static void run(List<Address> listeners, int rate, String prefix, Clock clock)
      throws IOException {
    try (Load load = new Load(Load.Plan.ofDrills(listeners, rate, prefix), clock)) {
      load.start();
      Patience patience = new Patience(LIMIT, INTERVAL);
      while (!patience.spent() && !settled(load.soFar(), rate)) {
        patience.pause();
      }
      load.finish();
    }
  }

  private static boolean settled(List<Request> soFar, int rate) {
    if (soFar.size() < rate) {
      return false;
    }
    long[] latest =
        soFar.subList(soFar.size() - rate, soFar.size()).stream()
            .mapToLong(Request::latencyMicros)
            .sorted()
            .toArray();
    return latest[latest.length / 2] <= SETTLED_MEDIAN_MICROS;
  }
}
