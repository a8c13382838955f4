package dev.backline.balancer.control;

import dev.backline.balancer.model.PoolName;
import dev.backline.balancer.route.Router;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * All that the data plane reads, at one moment. Immutable; published whole.
 *
 * @param version grows by one with each snapshot
 * @param pools by name, in the order of the configuration
 */
public record Snapshot(long version, Router router, Map<PoolName, PoolSnapshot> pools) {
  /** Nothing is known yet. */
  public static final Snapshot EMPTY = new Snapshot(0, new Router(List.of()), Map.of());

  /** Copies the map and keeps its order. */
  public Snapshot {
    pools = Collections.unmodifiableMap(new LinkedHashMap<>(pools));
  }

  /** Returns whether each backend was probed once, whatever came of it. */
  public boolean isProbed() {
    return pools.values().stream()
        .flatMap(pool -> pool.backends().stream())
        .allMatch(view -> view.lastProbe() != null);
  }
}
