package dev.backline.balancer;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** The configuration replaced while a member serves. */
class ReloadTest {
  private final RawBackend one = RawBackend.saying("one");
  private final RawBackend two = RawBackend.saying("two");
  private final Member member = Member.of(one).start().awaitHealth("backend-1", "up");

  @AfterEach
  void stop() {
    member.close();
    one.close();
    two.close();
  }

  private static JsonObject json(RawClient.Answer answer) {
    return new JsonObject(answer.text());
  }

  private static List<String> texts(JsonObject object, String key) {
    return object.getJsonArray(key).stream().map(String::valueOf).toList();
  }

  @Test
  void addedBackendIsUsedOnceItIsProven() {
    RawClient.Answer answer = member.reload(Member.of(one, two).text());

    assertThat(answer.status()).isEqualTo(200);
    JsonObject result = json(answer);
    assertThat(texts(result, "changes"))
        .isEqualTo(List.of("pool music: added backend-2 " + two.address()));
    assertThat(result.getLong("snapshot")).isLessThanOrEqualTo(member.status().getLong("snapshot"));
    assertThat(member.backend("backend-2").getString("address")).isEqualTo(two.address());
    member.awaitHealth("backend-2", "up");
    Eventually.await().until(() -> member.get("/").text().equals("two"));
  }

  @Test
  void removedBackendFinishesWhatIsInFlightAndGetsNothingNew() {
    Gate finish = new Gate();
    one.does(
        connection -> {
          connection.readBody();
          finish.pass();
          connection.send(RawBackend.ok("finished"));
        });
    try (RawClient client = member.connect()) {
      client.get("/long");
      one.awaitReceived(1);

      JsonObject result = json(member.reload(Member.of(two).text()));

      assertThat(texts(result, "changes"))
          .isEqualTo(
              List.of(
                  "pool music: added backend-1 " + two.address(),
                  "pool music: removed backend-1 " + one.address()));
      for (int i = 0; i < 5; i++) {
        assertThat(member.get("/" + i).text()).isEqualTo("two");
      }
      finish.open();
      assertThat(client.answer().text()).isEqualTo("finished");
      assertThat(client.get("/next").answer().text()).isEqualTo("two");
    }
    assertThat(one.heads()).isEqualTo(1);
    assertThat(member.fates("/long")).containsExactly("answered 200");
    Eventually.await().until(() -> member.status().getLong("exchangesInFlight") == 0);
  }

  @Test
  void removedPoolFinishesWhatIsInFlightAndNoLongerHasARoute() {
    Gate finish = new Gate();
    one.does(
        connection -> {
          connection.readBody();
          finish.pass();
          connection.send(RawBackend.ok("finished"));
        });
    try (RawClient client = member.connect()) {
      client.get("/long");
      one.awaitReceived(1);

      RawClient.Answer answer =
          member.reload(
              Member.head("") + "pools: {other: {backends: [\"" + two.address() + "\"]}}\n");

      assertThat(texts(json(answer), "changes"))
          .isEqualTo(List.of("added pool other", "removed pool music", "changed routes"));
      assertThat(member.get("/").text()).isEqualTo("two");
      finish.open();
      assertThat(client.answer().text()).isEqualTo("finished");
    }
  }

  @Test
  void exchangesThatWaitForARemovedPoolAreToldAtOnce() {
    one.health(500);
    one.kill();
    member.awaitHealth("backend-1", "down");
    member.reload(Member.of(one).with("queue: {wait: 4m}").text());
    try (RawClient client = member.connect()) {
      client.get("/waits");
      Eventually.await().until(() -> member.status().getInteger("queued") == 1);

      member.reload(Member.head("") + "pools: {other: {backends: [\"" + two.address() + "\"]}}\n");

      assertThat(client.answer().status()).isEqualTo(503);
    }
  }

  @Test
  void backendsComeAndGoUnderLoadAndNothingIsLost() throws Exception {
    AtomicBoolean stop = new AtomicBoolean();
    AtomicInteger answered = new AtomicInteger();
    List<String> wrong = new java.util.concurrent.CopyOnWriteArrayList<>();
    List<Thread> threads = new ArrayList<>();
    for (int i = 0; i < 4; i++) {
      Thread thread =
          new Thread(
              () -> {
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
              });
      thread.start();
      threads.add(thread);
    }

    for (int i = 0; i < 12; i++) {
      int before = answered.get();
      RawBackend[] listed =
          i % 3 == 0 ? new RawBackend[] {one, two} : new RawBackend[] {i % 3 == 1 ? two : one};
      assertThat(member.reload(Member.of(listed).text()).status()).isEqualTo(200);
      Eventually.await().until(() -> answered.get() > before + 20);
    }
    stop.set(true);
    for (Thread thread : threads) {
      thread.join();
    }

    assertThat(wrong)
        .as(
            () ->
                member.accessLog().stream()
                    .filter(l -> l.getInteger("status") != 200)
                    .toList()
                    .toString())
        .isEmpty();
    assertThat(two.heads()).isPositive();
    Eventually.await().until(() -> member.status().getLong("exchangesInFlight") == 0);
  }

  @Test
  void fileWithErrorsChangesNothing() {
    long snapshot = member.status().getLong("snapshot");

    RawClient.Answer answer =
        member.reload(Member.of(two).with("health: {fall: 0}").with("queue: {wate: 1s}").text());

    assertThat(answer.status()).isEqualTo(422);
    assertThat(json(answer).getJsonArray("errors")).hasSize(2);
    assertThat(json(answer).getJsonArray("errors").getString(0)).contains("fall", "(line ", "0");
    assertThat(member.status().getLong("snapshot")).isEqualTo(snapshot);
    assertThat(member.get("/").text()).isEqualTo("one");
  }

  @Test
  void fileThatIsGoneChangesNothing() throws IOException {
    Files.delete(member.configFile());

    RawClient.Answer answer = member.admin("POST", "/v1/reload");

    assertThat(answer.status()).isEqualTo(422);
    assertThat(json(answer).getJsonArray("errors").getString(0)).contains("no such file");
    assertThat(member.get("/").text()).isEqualTo("one");
    Files.writeString(member.configFile(), Member.of(one).text());
  }

  @Test
  void whatNeedsARestartIsRefusedAndNothingElseIsApplied() {
    RawClient.Answer answer =
        member.reload(
            "member: other\nregistration: 127.0.0.1:0\n"
                + Member.of(two).listener("idle_timeout: 9s").text());

    assertThat(answer.status()).isEqualTo(422);
    assertThat(texts(json(answer), "errors"))
        .isEqualTo(
            List.of(
                "member: other (expected: as at the start; restart to change)",
                "listeners: changed (expected: as at the start; restart to change)",
                "registration: changed (expected: as at the start; restart to change)"));
    assertThat(member.get("/").text()).isEqualTo("one");
  }

  @Test
  void sameFileAgainChangesNothing() {
    long snapshot = member.status().getLong("snapshot");

    JsonObject result = json(member.reload(Member.of(one).text()));

    assertThat(result.getJsonArray("changes")).isEmpty();
    assertThat(result.getLong("snapshot")).isGreaterThanOrEqualTo(snapshot);
    assertThat(member.health("backend-1")).as("it need not prove itself again").isEqualTo("up");
  }

  @Test
  void changedPoliciesHoldFromTheNextExchange() {
    one.does(RawBackend.Connection::readBody);

    JsonObject result =
        json(
            member.reload(
                Member.of(one)
                    .with("timeouts: {connect: 200ms, head: 200ms, total: 300ms}")
                    .text()));

    assertThat(texts(result, "changes")).isEqualTo(List.of("pool music: changed its policies"));
    assertThat(member.get("/").status()).isEqualTo(504);
  }

  /** Was: the connections that a backend may have stayed as many as at the start. */
  @Test
  void raisedInFlightLimitIsUsed() {
    member.reload(Member.of(one).with("limits: {in_flight: 1}").text());
    assertThat(member.get("/").text()).isEqualTo("one");
    member.reload(Member.of(one).with("limits: {in_flight: 40}").text());
    one.does(RawBackend.Connection::readBody);
    List<RawClient> clients = new ArrayList<>();
    for (int i = 0; i < 40; i++) {
      clients.add(member.connect().get("/" + i));
    }

    one.awaitHeads(41);
    clients.forEach(RawClient::close);
  }
}
