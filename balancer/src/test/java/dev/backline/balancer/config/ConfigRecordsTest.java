package dev.backline.balancer.config;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.backline.balancer.balance.BalancePolicy;
import dev.backline.balancer.health.HealthPolicy;
import dev.backline.balancer.limit.ConnectionPolicy;
import dev.backline.balancer.limit.QueuePolicy;
import dev.backline.balancer.model.PoolName;
import dev.backline.balancer.retry.RetryPolicy;
import dev.backline.balancer.route.Route;
import java.time.Duration;
import java.util.List;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;

/** What no parser lets through is a broken contract of the caller. */
class ConfigRecordsTest {
  private static final Duration SECOND = Duration.ofSeconds(1);
  private static final PoolName POOL = new PoolName("p");

  @Test
  void numbersAndTimesHaveBounds() {
    isRefused("port: 65536", () -> new ListenerConfig("a", 65_536, SECOND, SECOND, 1, 1));
    isRefused("port: -1", () -> new AdminConfig("a", -1, "t"));
    isRefused("idleTimeout", () -> new ListenerConfig("a", 1, Duration.ZERO, SECOND, 1, 1));
    isRefused("headerTimeout", () -> new ListenerConfig("a", 1, SECOND, SECOND.negated(), 1, 1));
    isRefused("maxRequestLineBytes", () -> new ListenerConfig("a", 1, SECOND, SECOND, 0, 1));
    isRefused("maxHeaderBytes", () -> new ListenerConfig("a", 1, SECOND, SECOND, 1, 0));
    isRefused("port: 0", () -> new DnsConfig("a", 0, SECOND, SECOND, null));
    isRefused("interval", () -> new DnsConfig("a", 1, Duration.ZERO, SECOND, null));
    isRefused("timeout", () -> new DnsConfig("a", 1, SECOND, Duration.ZERO, null));
    isRefused("name", () -> new DnsConfig("", 1, SECOND, SECOND, null));
    isRefused("line", () -> new ConfigError("a", 0, 1, "v", "e"));
  }

  @Test
  void textsAndListsAreNotEmpty() {
    isRefused("tokenFile", () -> new AdminConfig("a", 1, ""));
    isRefused("path", () -> new AccessLogConfig.File(""));
    isRefused("errors", () -> new ParseResult.Invalid(List.of()));
    isRefused(
        "backends",
        () ->
            new PoolConfig(
                POOL,
                List.of(),
                BalancePolicy.DEFAULT,
                HealthPolicy.DEFAULT,
                RetryPolicy.DEFAULT,
                QueuePolicy.DEFAULT,
                ConnectionPolicy.DEFAULT));
  }

  @Test
  void routeLeadsToAPool() {
    BalancerConfig config = Parsed.valid("pools: {p: {backends: [a:1]}}");
    List<Route> routes = List.of(Route.everythingTo(new PoolName("q")));

    isRefused(
        "pool: q",
        () ->
            new BalancerConfig(
                config.member(),
                config.listeners(),
                routes,
                config.pools(),
                config.registrar(),
                config.cluster(),
                config.admin(),
                config.accessLog(),
                config.incidents()));
  }

  private static void isRefused(String start, ThrowingCallable creation) {
    assertThatThrownBy(creation)
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageStartingWith(start)
        .hasMessageContaining("(expected: ");
  }
}
