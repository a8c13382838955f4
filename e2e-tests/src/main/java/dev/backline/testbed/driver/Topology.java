package dev.backline.testbed.driver;

import java.time.Duration;
import java.util.Map;

/**
 * Which nodes a testbed begins with.
 *
 * @param probeIntervals of balancers, by name, that don't probe as often as the default says
 */
public record Topology(int balancers, int backends, Map<String, Duration> probeIntervals) {
  public Topology {
    within("balancers", balancers, AddressPlan.MOST_BALANCERS);
    within("backends", backends, AddressPlan.MOST_BACKENDS);
    probeIntervals = Map.copyOf(probeIntervals);
  }

  public Topology(int balancers, int backends) {
    this(balancers, backends, Map.of());
  }

  /** The same, with a balancer that probes each backend only so often. */
  public Topology probing(String balancer, Duration interval) {
    return new Topology(balancers, backends, Map.of(balancer, interval));
  }

  private static void within(String what, int value, int most) {
    if (value < 1 || value > most) {
      throw new IllegalArgumentException(what + ": " + value + " (expected: 1 to " + most + ")");
    }
  }
}
