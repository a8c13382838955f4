package dev.backline.balancer.discovery;

import dev.backline.balancer.config.BalancerConfig;
import dev.backline.balancer.control.Event;
import java.util.List;

/** The backends that the configuration lists. */
public final class StaticSource {
  private StaticSource() {}

  /** Returns the lists of all pools that have one, to be applied after the configuration itself. */
  public static List<Event.BackendsListed> lists(BalancerConfig config) {
    return config.pools().stream()
        .filter(pool -> pool.dns() == null && pool.registration() == null)
        .map(pool -> new Event.BackendsListed(pool.name(), pool.backends()))
        .toList();
  }
}
