package dev.backline.balancer.discovery;

import static org.assertj.core.api.Assertions.assertThat;

import dev.backline.balancer.config.BalancerConfig;
import dev.backline.balancer.config.ConfigParser;
import dev.backline.balancer.config.DnsConfig;
import dev.backline.balancer.config.ParseResult;
import dev.backline.balancer.control.Event;
import dev.backline.balancer.control.Events;
import dev.backline.balancer.control.NameAnswer;
import dev.backline.balancer.control.OwnAddresses;
import dev.backline.balancer.discovery.FakeDns.Manner;
import dev.backline.balancer.model.Backend;
import dev.backline.balancer.model.PoolName;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.logging.Level;
import java.util.logging.Logger;
import java.util.stream.IntStream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** The source of names against real sockets. */
final class DnsSourceTest {
  private static final PoolName WEB = new PoolName("web");
  private static final int PATIENCE_SECONDS = 30;
  private static final Logger LOG = Logger.getLogger(DnsSource.class.getName());

  private final Vertx vertx =
      Vertx.vertx(new VertxOptions().setEventLoopPoolSize(1).setPreferNativeTransport(true));
  private final FakeDns server = FakeDns.start();
  private final List<Event.NameAnswered> events = new CopyOnWriteArrayList<>();
  private final List<OwnAddresses.Socket> own = new CopyOnWriteArrayList<>();
  @TempDir private Path folder;

  @BeforeAll
  static void quiet() {
    LOG.setLevel(Level.OFF);
  }

  @AfterEach
  void stop() throws Exception {
    vertx.close().toCompletionStage().toCompletableFuture().get(10, TimeUnit.SECONDS);
    server.close();
  }

  @Test
  void addressesOfBothFamiliesAreBackends() {
    server.has("10.0.0.2", "fd00::1", "10.0.0.1");
    start();
    awaitBackends("10.0.0.1", "10.0.0.2", "fd00::1");
  }

  @Test
  void eachLookUpAsksWhateverTheAnswersTimeToLive() {
    server.has("10.0.0.1");
    DnsSource source = start();
    awaitBackends("10.0.0.1");
    server.has("10.0.0.1", "10.0.0.2");
    awaitBackends("10.0.0.1", "10.0.0.2");
    server.answers(Manner.NO_NAME);
    awaitAnswer(new NameAnswer.Nothing("no such name"));
    server.has("10.0.0.3");
    awaitBackends("10.0.0.3");
    assertThat(source.of(WEB)).isNotNull();
    assertThat(source.of(new PoolName("other"))).isNull();
  }

  @Test
  void longAnswersComeOverTcp() {
    String[] many =
        IntStream.range(0, 700)
            .mapToObj(i -> "10.1." + i / 250 + "." + i % 250)
            .toArray(String[]::new);
    server.has(many).answers(Manner.TRUNCATED);
    start();
    awaitBackends(many);
  }

  @Test
  void aliasLeadsToItsAddresses() {
    server.has("10.0.0.1", "fd00::1").answers(Manner.ALIAS);
    start();
    awaitBackends("10.0.0.1", "fd00::1");
  }

  @ParameterizedTest
  @EnumSource(names = {"NO_NAME", "EMPTY"})
  void nameWithoutAddressesIsNothing(Manner manner) {
    server.has("10.0.0.1").answers(manner);
    start();
    awaitAnswer(
        new NameAnswer.Nothing(
            manner == Manner.EMPTY ? "the name has no addresses" : "no such name"));
  }

  @ParameterizedTest
  @CsvSource({
    "SERVFAIL, failed (SERVFAIL)",
    "REFUSED, refuses to answer (REFUSED)",
    "SILENCE, didn't answer within 200 ms",
    "WRONG_PORT, didn't answer within 200 ms",
    "WRONG_ID, sent only what doesn't answer the question within 200 ms",
    "WRONG_NAME, sent only what doesn't answer the question within 200 ms",
    "GARBAGE, sent only what doesn't answer the question within 200 ms",
    "TRUNCATED_AND_BROKEN, broke off a long answer over TCP"
  })
  void whoDoesNotKnowSaysWhy(Manner manner, String words) {
    server.has("10.0.0.1").answers(manner);
    start();
    awaitAnswer(new NameAnswer.Failed("the DNS server " + server.address() + " " + words));
    server.has("10.0.0.2");
    awaitBackends("10.0.0.2");
  }

  @Test
  void nonsenseDoesNotHideTheAnswerThatFollows() {
    server.has("10.0.0.1").answers(Manner.GARBAGE_FIRST);
    start();
    awaitBackends("10.0.0.1");
  }

  @Test
  void serverThatIsSilentAboutIpv6StopsNothing() {
    server.has("10.0.0.1", "fd00::1");
    start();
    awaitBackends("10.0.0.1", "fd00::1");
    server.has("10.0.0.2", "fd00::2").answers(Manner.WELL, Manner.SILENCE);
    awaitBackends("10.0.0.2", "fd00::1");
  }

  @Test
  void thisMembersOwnAddressIsNoBackend() {
    own.add(OwnAddresses.Socket.of("listener", "0.0.0.0", 3000));
    server.has("127.0.0.1", "10.0.0.1");
    start();
    awaitBackends("10.0.0.1");
  }

  @Test
  void unchangedNamesGoOnAndChangedOnesBeginAnew() {
    try (FakeDns other = FakeDns.start().has("10.0.0.9")) {
      server.has("10.0.0.1");
      DnsSource source = source();
      watch(source, config(server.address()));
      awaitBackends("10.0.0.1");

      watch(source, config(server.address()));
      assertThat(source.of(WEB)).as("the last answer stays").isNotNull();
      watch(source, config(other.address()));
      awaitBackends("10.0.0.9");
      int asked = server.questions();
      int answered = events.size();
      Awaitility.await()
          .atMost(Duration.ofSeconds(PATIENCE_SECONDS))
          .until(() -> events.size() > answered + 5);
      assertThat(server.questions())
          .as("nobody asks the old server; the last two questions may have been on their way")
          .isLessThanOrEqualTo(asked + 2);

      BalancerConfig none = parsed("pools: {web: {backends: [127.0.0.1:1]}}");
      source.watch(none).toCompletionStage().toCompletableFuture().join();
      assertThat(source.of(WEB)).isNull();
    }
  }

  @Test
  void firstAnswerEndsTheWaitAndNoAnswerDoesNot() throws Exception {
    server.answers(Manner.SERVFAIL);
    DnsSource source = source();
    Future<Void> answered = watch(source, config(server.address()));
    awaitEvents(3);
    assertThat(answered.isComplete()).isFalse();
    server.answers(Manner.NO_NAME);
    answered.toCompletionStage().toCompletableFuture().get(PATIENCE_SECONDS, TimeUnit.SECONDS);
  }

  @Test
  void nameOfTheHostsFileIsNotAskedFor() throws IOException {
    Path hosts = Files.writeString(folder.resolve("hosts"), "10.0.0.1 b.test\n");
    watch(source(), config(""));
    awaitBackends("10.0.0.1");
    Files.writeString(hosts, "10.0.0.1 b.test\n10.0.0.2 B.test\n");
    awaitBackends("10.0.0.1", "10.0.0.2");
    assertThat(server.questions()).isZero();
  }

  @Test
  void machineWithoutServersSaysSo() {
    watch(source(), config(""));
    awaitAnswer(new NameAnswer.Failed("there is no DNS server in /etc/resolv.conf to ask"));
  }

  @Test
  @EnabledOnOs(value = OS.LINUX, disabledReason = "elsewhere loopback has one address")
  void nextServerIsAskedWhenOneFailsAndTheFileIsReadAgain() throws IOException {
    Path conf =
        Files.writeString(
            folder.resolve("resolv.conf"), "nameserver 127.0.0.1\nnameserver 127.0.0.2\n");
    try (FakeDns second = FakeDns.start("127.0.0.2", server.port());
        FakeDns third = FakeDns.start("127.0.0.3", server.port())) {
      server.answers(Manner.SILENCE);
      second.has("10.0.0.2");
      third.has("10.0.0.3");
      watch(source(), config(""));
      awaitBackends("10.0.0.2");
      server.answers(Manner.NO_NAME);
      awaitAnswer(new NameAnswer.Nothing("no such name"));
      server.answers(Manner.REFUSED);
      second.answers(Manner.SILENCE);
      String port = ":" + server.port();
      awaitAnswer(
          new NameAnswer.Failed(
              "the DNS server 127.0.0.1"
                  + port
                  + " refuses to answer (REFUSED); the DNS server 127.0.0.2"
                  + port
                  + " didn't answer within 200 ms"));
      Files.writeString(conf, "nameserver 127.0.0.3\n");
      awaitBackends("10.0.0.3");
    }
  }

  private DnsSource start() {
    DnsSource source = source();
    watch(source, config(server.address()));
    return source;
  }

  private DnsSource source() {
    Events sink =
        (event, afterwards) -> {
          events.add((Event.NameAnswered) event);
          afterwards.run();
        };
    SystemFiles files =
        new SystemFiles(folder.resolve("hosts"), folder.resolve("resolv.conf"), server.port());
    return new DnsSource(vertx, System::nanoTime, sink, new OwnSockets(vertx, () -> own), files);
  }

  private static Future<Void> watch(DnsSource source, BalancerConfig config) {
    return source.watch(config);
  }

  /** Returns a pool of the name {@code b.test}; with no server, as the files say. */
  private static BalancerConfig config(String server) {
    String only = server.isEmpty() ? "" : ", server: \"" + server + "\"";
    return parsed(
        "pools: {web: {dns: {name: b.test, port: 3000, interval: 200ms, timeout: 200ms"
            + only
            + "}}}");
  }

  private static BalancerConfig parsed(String text) {
    if (ConfigParser.parse(text) instanceof ParseResult.Valid valid) {
      return valid.config();
    }
    throw new AssertionError(ConfigParser.parse(text));
  }

  private void awaitBackends(String... hosts) {
    List<String> expected = new ArrayList<>(List.of(hosts));
    Awaitility.await()
        .atMost(Duration.ofSeconds(PATIENCE_SECONDS))
        .untilAsserted(
            () -> {
              assertThat(last().answer()).isInstanceOf(NameAnswer.Listed.class);
              List<Backend> backends = ((NameAnswer.Listed) last().answer()).backends();
              assertThat(backends).extracting(Backend::name).containsExactlyElementsOf(expected);
            });
  }

  private void awaitAnswer(NameAnswer expected) {
    Awaitility.await()
        .atMost(Duration.ofSeconds(PATIENCE_SECONDS))
        .untilAsserted(() -> assertThat(last().answer()).isEqualTo(expected));
    DnsConfig asked = last().dns();
    assertThat(asked.name()).isEqualTo("b.test");
  }

  private void awaitEvents(int count) {
    Awaitility.await()
        .atMost(Duration.ofSeconds(PATIENCE_SECONDS))
        .until(() -> events.size() >= count);
  }

  private Event.NameAnswered last() {
    assertThat(events).isNotEmpty();
    return events.get(events.size() - 1);
  }
}
