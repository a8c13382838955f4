package dev.backline.balancer;

import static org.assertj.core.api.Assertions.assertThat;

import dev.backline.balancer.discovery.FakeDns;
import dev.backline.balancer.discovery.FakeDns.Manner;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;

/** A whole member whose backends are the addresses of a name. */
@EnabledOnOs(value = OS.LINUX, disabledReason = "elsewhere loopback has one address")
class NamedPoolMemberTest {
  private final FakeDns dns = FakeDns.start();
  private final RawBackend one = RawBackend.saying("one", "127.0.0.1", 0);
  private final RawBackend two = RawBackend.saying("two", "127.0.0.2", one.port());
  private final RawBackend three = RawBackend.saying("three", "127.0.0.3", one.port());
  private final List<Member> members = new ArrayList<>();

  @AfterEach
  void stop() {
    members.forEach(Member::close);
    dns.close();
    one.close();
    two.close();
    three.close();
  }

  @Test
  void backendsComeAndGoWithTheNameUnderLoadAndNothingIsLost() throws Exception {
    dns.has("127.0.0.1");
    Member member = start("");
    awaitUp(member, "127.0.0.1");
    AtomicBoolean stop = new AtomicBoolean();
    List<AtomicInteger> answered = new ArrayList<>();
    List<String> wrong = new CopyOnWriteArrayList<>();
    List<Thread> clients = new ArrayList<>();
    for (int i = 0; i < 4; i++) {
      AtomicInteger count = new AtomicInteger();
      Thread client = new Thread(() -> load(member, stop, count, wrong));
      answered.add(count);
      client.start();
      clients.add(client);
    }

    dns.has("127.0.0.3", "127.0.0.1", "127.0.0.2");
    awaitUp(member, "127.0.0.2", "127.0.0.3");
    two.awaitHeads(5);
    three.awaitHeads(5);

    dns.has("127.0.0.2", "127.0.0.3");
    awaitNames(member, "127.0.0.2", "127.0.0.3");
    awaitMore(answered, 10); // What had selected it before has ended by then.
    int heads = one.heads();
    awaitMore(answered, 10);
    assertThat(one.heads()).as("requests to what is gone from the name").isEqualTo(heads);

    dns.answers(Manner.SILENCE);
    awaitSource(member, "the DNS server " + dns.address() + " didn't answer within 200 ms");
    awaitMore(answered, 10);
    assertThat(names(member)).containsExactly("127.0.0.2", "127.0.0.3");

    dns.answers(Manner.NO_NAME);
    awaitSource(member, "no such name");
    Eventually.await().until(() -> member.backend("127.0.0.2").getBoolean("unlisted"));
    awaitMore(answered, 10);

    dns.has("127.0.0.1", "127.0.0.2");
    awaitNames(member, "127.0.0.1", "127.0.0.2");
    awaitUp(member, "127.0.0.1");
    one.awaitHeads(heads + 1);
    assertThat(member.backend("127.0.0.2").getBoolean("unlisted")).isFalse();

    stop.set(true);
    for (Thread client : clients) {
      client.join();
    }
    assertThat(wrong).isEmpty();
  }

  @Test
  void whatIsInFlightOnABackendThatIsGoneFromTheNameFinishes() {
    Gate finish = new Gate();
    one.does(
        connection -> {
          connection.readBody();
          finish.pass();
          connection.send(RawBackend.ok("finished"));
        });
    dns.has("127.0.0.1");
    Member member = start("");
    awaitUp(member, "127.0.0.1");
    try (RawClient client = member.connect()) {
      client.get("/long");
      one.awaitReceived(1);
      dns.has("127.0.0.2");
      awaitNames(member, "127.0.0.2");
      awaitUp(member, "127.0.0.2");
      assertThat(member.get("/").text()).isEqualTo("two");
      finish.open();
      assertThat(client.answer().text()).isEqualTo("finished");
    }
    assertThat(one.heads()).isEqualTo(1);
  }

  @Test
  void emptiedNameKeepsThoseThatAnswerAndForgetsThoseThatDoNot() {
    dns.has("127.0.0.1", "127.0.0.2");
    Member member = start("");
    awaitUp(member, "127.0.0.1", "127.0.0.2");

    two.kill();
    dns.answers(Manner.NO_NAME);
    awaitNames(member, "127.0.0.1");
    assertThat(member.backend("127.0.0.1").getBoolean("unlisted")).isTrue();
    assertThat(member.get("/").text()).isEqualTo("one");
  }

  @Test
  void memberWithoutBackendsIsReadyAndAnswersThroughItsQueue() {
    dns.answers(Manner.NO_NAME);
    Member member = start("queue: {wait: 100ms}");
    assertThat(member.admin("GET", "/readyz").status()).isEqualTo(200);
    RawClient.Answer answer = member.get("/");
    assertThat(answer.status()).isEqualTo(503);
    assertThat(answer.head().first("backline-outcome")).isEqualTo("not-sent");

    Member patient = start("queue: {wait: 1m}");
    try (RawClient client = patient.connect()) {
      client.get("/waits");
      Eventually.await().until(() -> patient.status().getInteger("queued") == 1);
      dns.has("127.0.0.3");
      assertThat(client.answer().text()).isEqualTo("three");
    }
  }

  @Test
  void silentServerDoesNotKeepAMemberFromStarting() {
    dns.answers(Manner.SILENCE);
    Member member = start("");
    assertThat(member.admin("GET", "/readyz").status()).isEqualTo(200);
    assertThat(names(member)).isEmpty();
    dns.has("127.0.0.1");
    awaitUp(member, "127.0.0.1");
    assertThat(member.get("/").text()).isEqualTo("one");
  }

  @Test
  void reloadChangesTheSourceAndKeepsWhatIsKnown() {
    dns.has("127.0.0.1", "127.0.0.2");
    Member member = start("");
    awaitUp(member, "127.0.0.1", "127.0.0.2");
    String same = text(dns, "queue: {wait: 3s}");
    assertThat(changes(member.reload(same))).containsExactly("pool music: changed its policies");
    assertThat(names(member)).containsExactly("127.0.0.1", "127.0.0.2");
    assertThat(member.health("127.0.0.1")).isEqualTo("up");

    try (FakeDns other = FakeDns.start().has("127.0.0.2", "127.0.0.3")) {
      assertThat(changes(member.reload(text(other, ""))))
          .contains("pool music: changed the name music.test:" + one.port());
      awaitNames(member, "127.0.0.2", "127.0.0.3");
      assertThat(member.backend("127.0.0.2").getLong("attempts")).isNotNegative();
      assertThat(member.health("127.0.0.2")).isEqualTo("up");

      RawClient.Answer answer = member.reload(Member.of(one).text());
      assertThat(changes(answer)).contains("pool music: removed the name music.test:" + one.port());
      awaitNames(member, "backend-1");
      assertThat(source(member).getString("kind")).isEqualTo("file");
      assertThat(changes(member.reload(text(other, ""))))
          .contains("pool music: added the name music.test:" + one.port());
      awaitNames(member, "127.0.0.2", "127.0.0.3");
    }
  }

  @Test
  void statusSaysWhatTheNameAnswered() {
    dns.has("127.0.0.1", "127.0.0.2");
    Member member = start("");
    JsonObject source = awaitSource(member, "2 backends");
    assertThat(source.getString("dns")).isEqualTo("music.test:" + one.port());
    assertThat(source.getInteger("backends")).isEqualTo(2);
    assertThat(source.getBoolean("known")).isTrue();
    assertThat(source.getLong("agoMillis")).isNotNegative();

    dns.answers(Manner.SERVFAIL);
    source = awaitSource(member, "the DNS server " + dns.address() + " failed (SERVFAIL)");
    assertThat(source.getBoolean("known")).isFalse();
    assertThat(names(member)).hasSize(2);
  }

  private Member start(String keys) {
    Member member = Member.configured(text(dns, keys));
    members.add(member);
    return member;
  }

  private String text(FakeDns server, String keys) {
    return Member.head("")
        + "pools:\n  music:\n    dns: {name: music.test, port: "
        + one.port()
        + ", interval: 200ms, timeout: 200ms, server: \""
        + server.address()
        + "\"}\n    "
        + keys
        + "\n";
  }

  private static void load(
      Member member, AtomicBoolean stop, AtomicInteger answered, List<String> wrong) {
    try (RawClient client = member.connect()) {
      while (!stop.get()) {
        client.send("POST", "/", "some music");
        RawClient.Answer answer = client.answer();
        if (answer.status() != 200) {
          wrong.add(answer.head() + answer.text());
        }
        answered.incrementAndGet();
      }
    } catch (RuntimeException e) {
      wrong.add(e.toString());
    }
  }

  /** Waits until each client has so many answers more. */
  private static void awaitMore(List<AtomicInteger> answered, int count) {
    for (AtomicInteger client : answered) {
      int before = client.get();
      Eventually.await().until(() -> client.get() >= before + count);
    }
  }

  private static JsonObject pool(Member member) {
    return member.status().getJsonArray("pools").getJsonObject(0);
  }

  private static JsonObject source(Member member) {
    return pool(member).getJsonObject("source");
  }

  private static List<String> names(Member member) {
    return pool(member).getJsonArray("backends").stream()
        .map(backend -> ((JsonObject) backend).getString("name"))
        .toList();
  }

  /** Waits until these are listed, and up. */
  private static void awaitUp(Member member, String... names) {
    Eventually.await()
        .until(
            () ->
                pool(member).getJsonArray("backends").stream()
                    .map(JsonObject.class::cast)
                    .filter(backend -> backend.getString("health").equals("up"))
                    .map(backend -> backend.getString("name"))
                    .toList(),
            up -> up.containsAll(List.of(names)));
  }

  private static void awaitNames(Member member, String... names) {
    Eventually.await().until(() -> names(member), List.of(names)::equals);
  }

  private static JsonObject awaitSource(Member member, String answer) {
    return Eventually.await()
        .until(() -> source(member), source -> source.getString("answer").equals(answer));
  }

  private static List<String> changes(RawClient.Answer answer) {
    assertThat(answer.status()).as(answer.text()).isEqualTo(200);
    JsonArray changes = new JsonObject(answer.text()).getJsonArray("changes");
    return changes.stream().map(String::valueOf).toList();
  }
}
