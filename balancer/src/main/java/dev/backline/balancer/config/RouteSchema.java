package dev.backline.balancer.config;

import dev.backline.balancer.model.PoolName;
import dev.backline.balancer.route.Route;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The keys of a route, and what holds between routes and pools. */
final class RouteSchema {
  private static final int MAX_ROUTES = 1_000;

  static final Key<String> HOST =
      Key.optional(
          "host",
          Matches.HOST,
          "any host",
          "The host that the client asked for, without port, in any case: a name, or"
              + " `\"*.example\"` for any name below `example`. The most specific host decides: where"
              + " its routes have no path that fits, no others are tried. Trap: what starts with `*`"
              + " needs quotes.");
  static final Key<String> PATH =
      Key.of(
          "path",
          Matches.PATH_PREFIX,
          "/",
          "How the path begins, by whole segments; the longest that fits wins. Trap: `/api` fits"
              + " `/api` and `/api/x`, but `/api/` only the latter. A request's `/x/../api` and"
              + " `/%61pi` are `/api`.");
  static final Key<String> POOL =
      Key.required(
          "pool",
          Names.matching("name", "the name of a pool", Names.NAME),
          "The pool that answers: a name below `pools`.");

  static final SectionType SECTION = SectionType.of(HOST, PATH, POOL);
  static final ListType LIST =
      new ListType(SECTION, "routes, like [{host: web.example, pool: web}]", 1, MAX_ROUTES, 0);

  private RouteSchema() {}

  /** Checks that each route leads to a pool, that no two are equal, and that none is missing. */
  static void check(Values root, Report report) {
    List<Values> pools = root.find(MemberSchema.POOLS);
    List<Values> routes = root.find(MemberSchema.ROUTES);
    if (pools == null || routes == null) {
      return;
    }
    List<String> names = pools.stream().map(Values::name).toList();
    if (!root.has(MemberSchema.ROUTES) && pools.size() > 1) {
      report.add(
          root.where(MemberSchema.ROUTES),
          "missing, with " + pools.size() + " pools",
          "which requests go where, like routes: [{host: web.example, pool: "
              + Shown.key(names.get(0))
              + "}]");
    }
    Map<List<Object>, Integer> lines = new HashMap<>();
    for (Values route : routes) {
      checkPool(route, names, report);
      String path = route.find(PATH);
      String host = host(route);
      if (path == null || host == null) {
        continue;
      }
      Integer first = lines.putIfAbsent(List.of(host, path), route.where().line());
      if (first != null) {
        report.add(
            route.where(),
            "host " + (host.equals(Route.ANY_HOST) ? "any" : host) + ", path " + path,
            "another host or path: the route of line " + first + " has these");
      }
    }
  }

  private static void checkPool(Values route, List<String> names, Report report) {
    String pool = route.find(POOL);
    if (pool == null || names.isEmpty() || names.contains(pool)) {
      return;
    }
    String nearest = Nearest.to(pool, names);
    report.add(
        route.where(POOL),
        Shown.value(pool),
        nearest == null
            ? "a pool that is listed below pools: " + listed(names)
            : "a pool that is listed below pools; did you mean " + Shown.key(nearest) + "?");
  }

  private static String listed(List<String> names) {
    String some = String.join(", ", names.stream().limit(10).map(Shown::key).toList());
    return names.size() > 10 ? some + ", ..." : some;
  }

  private static @Nullable String host(Values route) {
    return route.has(HOST) ? route.find(HOST) : Route.ANY_HOST;
  }

  /** Returns the routes of a file without errors. */
  static List<Route> toConfigs(List<Values> routes, List<PoolConfig> pools) {
    if (routes.isEmpty()) {
      return List.of(Route.everythingTo(pools.get(0).name()));
    }
    return routes.stream().map(RouteSchema::toConfig).toList();
  }

  private static Route toConfig(Values route) {
    String host = host(route);
    if (host == null) {
      throw new AssertionError(route.where() + ": no host, and no error");
    }
    return new Route(host, route.get(PATH), new PoolName(route.get(POOL)));
  }
}
