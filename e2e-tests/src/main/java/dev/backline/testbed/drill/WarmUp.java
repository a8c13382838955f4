package dev.backline.testbed.drill;

import dev.backline.testbed.driver.Setup.ServiceTime;
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
  private static final Duration LIMIT = Duration.ofSeconds(20);
  private static final Duration INTERVAL = Duration.ofMillis(250);

  /** Times the longest service time: above it requests wait for the processor. */
  private static final double SETTLED = 1.5;

  private static final double NEARLY_ALL = 0.95;

  private WarmUp() {}

  /** Sends until the latest answers come as soon as they should, or the limit has passed. */
  static void run(List<Address> listeners, Drill.Conditions conditions, String prefix, Clock clock)
      throws IOException {
    Load.Plan plan = Load.Plan.ofDrills(listeners, conditions.rate(), prefix);
    try (Load load = new Load(plan, clock)) {
      load.start();
      Patience patience = new Patience(LIMIT, INTERVAL);
      while (!patience.spent() && !hasSettled(load.soFar(), conditions)) {
        patience.pause();
      }
      load.finish();
    }
  }

  private static boolean hasSettled(List<Request> soFar, Drill.Conditions conditions) {
    int latest = conditions.settled();
    if (soFar.size() < latest) {
      return false;
    }
    ServiceTime service = conditions.serviceTime();
    double settledMicros = SETTLED * (service.millis() + service.jitterMillis()) * 1000;
    long inTime =
        soFar.subList(soFar.size() - latest, soFar.size()).stream()
            .filter(request -> request.latencyMicros() <= settledMicros)
            .count();
    return inTime >= NEARLY_ALL * latest;
  }
}
