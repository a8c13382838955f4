package dev.backline.balancer.config;

import dev.backline.balancer.health.HealthPolicy;
import java.time.Duration;

/** The keys that say how a pool's backends are probed. */
final class HealthSchema {
  private static final int MAX_IN_A_ROW = 100;

  static final Key<String> PATH =
      Key.of(
          "path",
          Matches.PROBE_TARGET,
          HealthPolicy.DEFAULT.path(),
          "What is asked for with GET; 200 to 399 passes. Trap: 401, 403, 404 and 429 pass too, with"
              + " a standing warning, so that a backend without a health page gets traffic.");
  static final Key<Duration> INTERVAL =
      Key.of(
          "interval",
          Units.duration(Duration.ofMillis(50), Duration.ofHours(1)),
          HealthPolicy.DEFAULT.interval(),
          "Between two probes of a healthy backend, spread by 20 % either way.");
  static final Key<Duration> TIMEOUT =
      Key.of(
          "timeout",
          Units.duration(Duration.ofMillis(10), Duration.ofMinutes(1)),
          HealthPolicy.DEFAULT.timeout(),
          "For one probe, from connect to the whole head; at most `interval`.");
  static final Key<Integer> FALL =
      Key.of(
          "fall",
          Numbers.from(1, MAX_IN_A_ROW),
          HealthPolicy.DEFAULT.fall(),
          "Failed probes in a row that make a backend down. Trap: 1 takes a backend out for a single"
              + " lost packet.");
  static final Key<Integer> RISE =
      Key.of(
          "rise",
          Numbers.from(1, MAX_IN_A_ROW),
          HealthPolicy.DEFAULT.rise(),
          "Passed probes in a row that bring back a backend which was down.");

  static final SectionType SECTION =
      SectionType.of(PATH, INTERVAL, TIMEOUT, FALL, RISE).withCheck(HealthSchema::check);

  private HealthSchema() {}

  private static void check(Values health, Report report) {
    Orders.atMost(health, TIMEOUT, INTERVAL, report);
  }

  /** Returns the policy of a file without errors. */
  static HealthPolicy toPolicy(Values health) {
    return new HealthPolicy(
        health.get(PATH),
        health.get(INTERVAL),
        health.get(TIMEOUT),
        health.get(FALL),
        health.get(RISE));
  }
}
