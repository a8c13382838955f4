package dev.backline.balancer.config;

import static org.assertj.core.api.Assertions.assertThat;

import dev.backline.balancer.balance.BalancePolicy;
import dev.backline.balancer.balance.SelectionPolicy;
import dev.backline.balancer.health.HealthPolicy;
import dev.backline.balancer.limit.ConnectionPolicy;
import dev.backline.balancer.limit.QueuePolicy;
import dev.backline.balancer.model.AddressRange;
import dev.backline.balancer.model.Backend;
import dev.backline.balancer.model.BackendId;
import dev.backline.balancer.model.PoolName;
import dev.backline.balancer.retry.RetryPolicy;
import dev.backline.balancer.route.Route;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ConfigParserTest {
  private static final String MINIMAL =
      "pools: {dumbsound: {backends: [127.0.0.11:3000, 127.0.0.12:3000]}}\n";

  @Test
  void minimalFileTakesEveryDefault() {
    PoolName pool = new PoolName("dumbsound");
    List<Backend> backends =
        List.of(
            new Backend(new BackendId("127.0.0.11", 3000), "backend-1", 1),
            new Backend(new BackendId("127.0.0.12", 3000), "backend-2", 1));

    assertThat(Parsed.valid(MINIMAL))
        .isEqualTo(
            new BalancerConfig(
                "balancer-1",
                List.of(ListenerConfig.DEFAULT),
                List.of(Route.everythingTo(pool)),
                List.of(
                    new PoolConfig(
                        pool,
                        backends,
                        BalancePolicy.DEFAULT,
                        HealthPolicy.DEFAULT,
                        RetryPolicy.DEFAULT,
                        QueuePolicy.DEFAULT,
                        ConnectionPolicy.DEFAULT)),
                RegistrarConfig.DEFAULT,
                null,
                AdminConfig.DEFAULT,
                AccessLogConfig.DEFAULT,
                IncidentsConfig.DEFAULT));
  }

  @Test
  void eachKeyReachesItsComponent() {
    BalancerConfig config =
        Parsed.valid(
            """
            member: m
            listeners:
              - {address: "[::1]:1", idle_timeout: 1s, header_timeout: 2s,
                 request_line_limit: 1KiB, header_limit: 2KiB}
            routes: [{host: "*.Example", path: /a, pool: p}, {host: a.Example, pool: p}]
            pools:
              p:
                backends: [{name: n, address: H:2, weight: 3}]
                balance: {policy: hash, on: header:X, slow_start: 3s}
                health: {path: /h?x, interval: 4s, timeout: 1s, fall: 4, rise: 5}
                retry: {attempts: 6, budget_percent: 7, budget_per_second: 8, replay_limit: 9B}
                queue: {wait: 0s, exchanges: 11}
                timeouts: {connect: 12ms, head: 13s, total: 14s, idle: 15s}
                limits: {in_flight: 16}
            admin: {address: localhost:17, token_file: t}
            access_log: logs/access
            incidents: {directory: seen, keep: 18}
            """);

    PoolName pool = new PoolName("p");
    assertThat(config)
        .isEqualTo(
            new BalancerConfig(
                "m",
                List.of(new ListenerConfig("::1", 1, seconds(1), seconds(2), 1024, 2048)),
                List.of(new Route("*.example", "/a", pool), new Route("a.example", "/", pool)),
                List.of(
                    new PoolConfig(
                        pool,
                        List.of(new Backend(new BackendId("h", 2), "n", 3)),
                        new BalancePolicy(
                            new SelectionPolicy.Hash(new SelectionPolicy.HashKey.Header("X")),
                            seconds(3),
                            16),
                        new HealthPolicy("/h?x", seconds(4), seconds(1), 4, 5),
                        new RetryPolicy(6, 7, 8, 9, seconds(13), seconds(14)),
                        new QueuePolicy(Duration.ZERO, 11),
                        new ConnectionPolicy(Duration.ofMillis(12), seconds(15)))),
                RegistrarConfig.DEFAULT,
                null,
                new AdminConfig("localhost", 17, "t"),
                new AccessLogConfig.File("logs/access"),
                new IncidentsConfig("seen", 18)));
  }

  @Test
  void membersShareWhatTheySee() {
    BalancerConfig config =
        Parsed.valid(
            """
            member: hostname
            pools: {p: {backends: [a:1]}}
            cluster:
              name: stage
              address: 10.0.0.1:5702
              members: [10.0.0.1:5702, "[::1]:5702", {address: balancers.example:5701}]
              secret_file: secret
            """);

    assertThat(config.cluster())
        .isEqualTo(
            new ClusterConfig(
                "stage",
                "10.0.0.1",
                5702,
                List.of(
                    new ClusterConfig.Address("10.0.0.1", 5702),
                    new ClusterConfig.Address("::1", 5702),
                    new ClusterConfig.Address("balancers.example", 5701)),
                "secret"));
  }

  @Test
  void nameWithAPortIsASourceOfBackends() {
    PoolConfig pool = Parsed.valid("pools: {p: {dns: \"Sample-Backend.:3000\"}}").pools().get(0);

    assertThat(pool.backends()).isEmpty();
    assertThat(pool.dns())
        .isEqualTo(new DnsConfig("sample-backend", 3000, seconds(1), Duration.ofMillis(500), null));
  }

  @Test
  void backendsMayRegisterThemselves() {
    BalancerConfig config =
        Parsed.valid(
            """
            registration: {address: 10.0.0.1:7071, state_file: state.json}
            pools:
              p: {registration: web.token}
              q:
                registration:
                  token_file: api.token
                  lease: 6s
                  allow: [10.0.0.0/8, "fd00::/64"]
            routes: [{pool: p}]
            """);

    assertThat(config.registrar())
        .isEqualTo(
            new RegistrarConfig(new RegistrarConfig.Address("10.0.0.1", 7071), "state.json"));
    assertThat(config.pools().get(0).registration())
        .isEqualTo(new RegistrationConfig("web.token", seconds(10), List.of()));
    assertThat(config.pools().get(1).registration())
        .isEqualTo(
            new RegistrationConfig(
                "api.token", seconds(6), List.of(range("10.0.0.0/8"), range("fd00::/64"))));
  }

  private static AddressRange range(String text) {
    return Objects.requireNonNull(AddressRange.parse(text));
  }

  @ParameterizedTest
  @CsvSource({
    "192.0.2.53, 192.0.2.53, 192.0.2.53",
    "192.0.2.53:53, 192.0.2.53, 192.0.2.53",
    "192.0.2.53:5353, 192.0.2.53, 192.0.2.53:5353",
    "2001:DB8::0:53, 2001:db8::53, 2001:db8::53",
    "[2001:db8::53]:5353, 2001:db8::53, [2001:db8::53]:5353"
  })
  void eachKeyOfANameReachesItsComponent(String server, String address, String shown) {
    DnsConfig dns =
        Parsed.valid(
                "pools: {p: {dns: {name: b, port: 4, interval: 3s, timeout: 2s, server: \""
                    + server
                    + "\"}}}")
            .pools()
            .get(0)
            .dns();

    assertThat(dns).isNotNull();
    assertThat(dns.name() + dns.port() + dns.interval() + dns.timeout()).isEqualTo("b4PT3SPT2S");
    assertThat(dns.server()).hasToString(shown);
    assertThat(dns.server()).extracting(DnsConfig.Server::address).hasToString(address);
    assertThat(dns.address()).isEqualTo("b:4");
  }

  private static Duration seconds(int seconds) {
    return Duration.ofSeconds(seconds);
  }

  @ParameterizedTest
  @CsvSource({"no", "on", "yes", "true", "22", "010", "1e3", "0x10", "nan"})
  void whatOtherParsersTakeForABooleanOrANumberIsTheTextThatStandsThere(String name) {
    assertThat(Parsed.valid(MINIMAL + "member: " + name).member()).isEqualTo(name);
  }

  @ParameterizedTest
  @CsvSource({
    "power_of_two_choices, PowerOfTwoChoices[]",
    "round_robin, RoundRobin[]",
    "'hash, on: client_address', Hash[key=ClientAddress[]]",
    "'hash, on: header:X-User', Hash[key=Header[name=X-User]]",
    "'hash, on: cookie:id', Hash[key=Cookie[name=id]]"
  })
  void everyPolicyCanBeWritten(String written, String policy) {
    BalancerConfig config =
        Parsed.valid("pools: {p: {backends: [a:1], balance: {policy: " + written + "}}}");

    SelectionPolicy selection = config.pools().get(0).balance().selection();
    assertThat(policy).startsWith(selection.getClass().getSimpleName() + "[");
    if (selection instanceof SelectionPolicy.Hash hash) {
      assertThat(policy).contains("key=" + hash.key().getClass().getSimpleName() + "[");
    }
  }

  @Test
  void thereIsATestForEveryPolicy() {
    assertThat(
            Arrays.stream(SelectionPolicy.class.getPermittedSubclasses()).map(Class::getSimpleName))
        .containsExactlyInAnyOrder("PowerOfTwoChoices", "RoundRobin", "Hash");
    assertThat(
            Arrays.stream(SelectionPolicy.HashKey.class.getPermittedSubclasses())
                .map(Class::getSimpleName))
        .containsExactlyInAnyOrder("ClientAddress", "Header", "Cookie");
  }

  @ParameterizedTest
  @CsvSource({"stdout, Stdout", "none, None", "access.log, File", "./stdout, File"})
  void accessLogIsOneOfThree(String written, String kind) {
    AccessLogConfig log = Parsed.valid(MINIMAL + "access_log: " + written).accessLog();

    assertThat(log.getClass().getSimpleName()).isEqualTo(kind);
    assertThat(log).hasToString(written);
  }

  @Test
  void fiveErrorsAreFiveLinesInTheOrderOfTheFile() {
    ParseResult result =
        ConfigParser.parse(
            """
            member: ""
            pools:
              p:
                backends: [a:1, a:1]
                health: {fall: 0}
            admin: x
            access_log:
            """);

    assertThat(((ParseResult.Invalid) result).errors())
        .extracting(ConfigError::line)
        .containsExactly(1, 4, 5, 6, 7);
  }

  @Test
  void crossChecksSeeWhatIsRightWhereOtherKeysAreWrong() {
    assertThat(
            Parsed.errors(
                """
                listeners: [{address: 127.0.0.1:8080, idle_timeout: 0s}]
                admin: 127.0.0.1:8080
                routes: [{pool: q, path: x}]
                pools: {p: {backends: [a:1, 7], health: {fall: 0, timeout: 2s}}}
                """))
        .hasSize(7)
        .anyMatch(error -> error.startsWith("admin (line 2)"))
        .anyMatch(error -> error.startsWith("routes[0].pool (line 3)"))
        .anyMatch(error -> error.startsWith("pools.p.health.timeout (line 4)"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"\n", "\r\n", "\r"})
  void linesAreCountedAsAnEditorDoes(String lineBreak) {
    String text = String.join(lineBreak, "# a", "", "pools:", "  p:", "    backends: []", "");

    assertThat(Parsed.errors(text))
        .containsExactly("pools.p.backends (line 5): an empty list (expected: at least 1)");
  }

  @Test
  void byteOrderMarkIsNoPartOfTheText() {
    byte[] file = ("\uFEFF" + MINIMAL).getBytes(StandardCharsets.UTF_8);
    assertThat(ConfigParser.parse(file, Machine.UNKNOWN)).isInstanceOf(ParseResult.Valid.class);
  }

  @Test
  void replacedBytesAreNotTakenForText() {
    assertThat(Parsed.errors("# caf\uFFFD\n" + MINIMAL))
        .containsExactly(
            "line 1, column 6: bytes that are not UTF-8 (expected: printable text in UTF-8)");
  }

  /** The hint once showed the pool's name as it was, with what a terminal would obey. */
  @Test
  void hintsShowNothingThatATerminalObeys() {
    assertThat(Parsed.errors("pools: {\"a\\epi\": {backends: [a:1]}}\nroutes: [{pool: api}]\n"))
        .hasSize(2)
        .allSatisfy(error -> assertThat(error).doesNotContain("\u001b").contains("\\u001b"));
  }

  @Test
  void hugeTextIsRefusedUnread() {
    assertThat(Parsed.errors("#".repeat(YamlEvents.MAX_CHARS + 1)))
        .containsExactly("line 1, column 1: 1048577 characters (expected: at most 1048576)");
  }

  @ParameterizedTest
  @ValueSource(strings = {"[", "{a: ", "- ", "? ", "{? "})
  void deepTextIsRefusedAtOnce(String opening) {
    assertThat(Parsed.errors(opening.repeat(200_000)))
        .singleElement()
        .asString()
        .endsWith("deeper nesting (expected: at most 16 levels)");
  }

  @Test
  void longListsAreRefusedWithTheirBound() {
    String backends = "a:1, ".repeat(1_001);

    assertThat(Parsed.errors("pools: {p: {backends: [" + backends + "]}}"))
        .contains("pools.p.backends (line 1): a list of 1001 (expected: at most 1000)");
  }

  @Test
  void configurationIsImmutable() {
    BalancerConfig config = Parsed.valid(MINIMAL);

    assertThat(List.of(config.listeners(), config.routes(), config.pools()))
        .allSatisfy(list -> assertThat(list).isUnmodifiable());
    assertThat(config.pools().get(0).backends()).isUnmodifiable();
  }
}
