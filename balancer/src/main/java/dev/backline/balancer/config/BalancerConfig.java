package dev.backline.balancer.config;

import dev.backline.balancer.route.Route;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * All that a member is told by its file.
 *
 * @param member what people call this member; default balancer-1
 * @param listeners the addresses that clients connect to, in the order of the file; at least one
 * @param routes which requests go where, in the order of the file; with one pool and none given,
 *     the route of everything to it
 * @param pools in the order of the file; at least one
 * @param registrar where backends register, if a pool's do
 * @param cluster with whom it shares what it sees; {@code null}: with nobody
 * @param admin where it listens to its operators
 * @param accessLog where the access log goes
 * @param incidents where it writes what it saw when it puts a backend out
 */
public record BalancerConfig(
    String member,
    List<ListenerConfig> listeners,
    List<Route> routes,
    List<PoolConfig> pools,
    RegistrarConfig registrar,
    @Nullable ClusterConfig cluster,
    AdminConfig admin,
    AccessLogConfig accessLog,
    IncidentsConfig incidents) {
  /** The member's name where the configuration says nothing. */
  public static final String DEFAULT_MEMBER = "balancer-1";

  /** The word that stands for the name of the machine. */
  public static final String HOST_NAME = "hostname";

  /** Checks that each route leads to a pool. */
  public BalancerConfig {
    Checks.present("member", member);
    listeners = List.copyOf(listeners);
    routes = List.copyOf(routes);
    pools = List.copyOf(pools);
    if (listeners.isEmpty() || routes.isEmpty() || pools.isEmpty()) {
      throw new IllegalArgumentException(
          "listeners, routes, pools: "
              + (listeners.size() + ", " + routes.size() + ", " + pools.size())
              + " (expected: at least one of each)");
    }
    List<PoolConfig> known = pools;
    for (Route route : routes) {
      if (known.stream().noneMatch(pool -> pool.name().equals(route.pool()))) {
        throw new IllegalArgumentException("pool: " + route.pool() + " (expected: one of pools)");
      }
    }
  }
}
