package dev.backline.balancer.route;

import dev.backline.balancer.model.RequestHead;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Finds the route of a request: the most specific host first (exact, then the longest wildcard,
 * then any), and of its routes the one with the longest path. Immutable.
 *
 * <p>A host that has routes is decided by them alone: a path that none of them matches has no
 * route, even where a less specific host would have one.
 */
public final class Router {
  private final List<Route> routes;
  private final Map<String, List<Route>> byHost = new LinkedHashMap<>();

  /** Creates the router; the order of the routes doesn't matter. */
  public Router(List<Route> routes) {
    this.routes = List.copyOf(routes);
    for (Route route : routes) {
      byHost.computeIfAbsent(route.host(), host -> new ArrayList<>()).add(route);
    }
    Comparator<Route> longestFirst = Comparator.comparingInt(r -> -r.path().length());
    byHost.values().forEach(ofHost -> ofHost.sort(longestFirst));
  }

  /** Returns all routes, as they were given. */
  public List<Route> routes() {
    return routes;
  }

  /** Returns the route of a request, or {@code null} if it has none. */
  public @Nullable Route match(RequestHead head) {
    List<Route> ofHost = ofHost(head.host());
    if (ofHost == null) {
      return null;
    }
    for (Route route : ofHost) {
      if (route.matchesPath(head.path())) {
        return route;
      }
    }
    return null;
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return this == other || (other instanceof Router router && routes.equals(router.routes));
  }

  @Override
  public int hashCode() {
    return routes.hashCode();
  }

  @Override
  public String toString() {
    return routes.toString();
  }

  private @Nullable List<Route> ofHost(String host) {
    List<Route> exact = byHost.get(host);
    if (exact != null) {
      return exact;
    }
    for (int dot = host.indexOf('.'); dot >= 0; dot = host.indexOf('.', dot + 1)) {
      List<Route> below = byHost.get("*" + host.substring(dot));
      if (below != null) {
        return below;
      }
    }
    return byHost.get(Route.ANY_HOST);
  }
}
