package dev.backline.balancer.route;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.backline.balancer.model.Headers;
import dev.backline.balancer.model.PoolName;
import dev.backline.balancer.model.RequestHead;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class RouterTest {
  private static final List<Route> ROUTES =
      List.of(
          route("shop.example", "/", "shop"),
          route("shop.example", "/api", "shop-api"),
          route("shop.example", "/api/v2", "shop-v2"),
          route("shop.example", "/static/", "shop-static"),
          route("*.example", "/", "any-example"),
          route("*.eu.example", "/only", "eu"),
          route("API.Example", "/v1", "api"),
          route("*", "/", "default"));

  @ParameterizedTest
  @CsvSource(
      textBlock =
          """
          shop.example,        /,               shop
          shop.example,        /x,              shop
          shop.example,        /api,            shop-api
          shop.example,        /api/,           shop-api
          shop.example,        /api/v1,         shop-api
          shop.example,        /apis,           shop
          shop.example,        /API,            shop
          shop.example,        /api/v2,         shop-v2
          shop.example,        /api/v2/x,       shop-v2
          shop.example,        /api/v20,        shop-api
          shop.example,        /static,         shop
          shop.example,        /static/,        shop-static
          shop.example,        /static/a,       shop-static
          a.example,           /,               any-example
          a.b.example,         /x,              any-example
          example,             /,               default
          badexample,          /,               default
          x.eu.example,        /only/x,         eu
          x.eu.example,        /other,          -
          eu.example,          /only,           any-example
          api.example,         /v1,             api
          api.example,         /v2,             -
          other.test,          /api,            default
          '',                  /,               default
          '',                  *,               -
          shop.example,        '',              -
          shop.example.,       /,               default
          """)
  void mostSpecificHostThenLongestPathBySegmentsWins(String host, String path, String pool) {
    for (List<Route> order : List.of(ROUTES, reversed(ROUTES))) {
      Route found = match(new Router(order), host, path);
      assertThat(found == null ? "-" : found.pool().value()).isEqualTo(pool);
    }
  }

  @Test
  void nothingMatchesWithoutRoutes() {
    assertThat(match(new Router(List.of()), "a", "/")).isNull();
  }

  @Test
  void withoutADefaultUnknownHostsHaveNoRoute() {
    Router router = new Router(List.of(route("a.example", "/", "a")));
    assertThat(match(router, "b.example", "/")).isNull();
    assertThat(match(router, "", "/")).isNull();
  }

  @Test
  void aPathThatDoesNotBeginWithASlashIsRefused() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> route("*", "api", "a"))
        .withMessage("path: api (expected: begins with /)");
  }

  @Test
  void routesComeBackAsTheyWereGiven() {
    assertThat(new Router(ROUTES).routes()).isEqualTo(ROUTES);
  }

  private static Route route(String host, String path, String pool) {
    return new Route(host, path, new PoolName(pool));
  }

  private static @Nullable Route match(Router router, String host, String path) {
    return router.match(new RequestHead("GET", host, path, "192.0.2.1", Headers.NONE));
  }

  private static List<Route> reversed(List<Route> routes) {
    List<Route> copy = new ArrayList<>(routes);
    Collections.reverse(copy);
    return copy;
  }
}
