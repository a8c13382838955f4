package dev.backline.balancer;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.json.JsonObject;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Where an exchange goes when an attempt fails, over real sockets. */
@SuppressWarnings("StringConcatToTextBlock") // Line ends are CR LF here.
class FailoverTest extends ClosesWhatItOpened {
  private static final RawBackend.Script CLOSES =
      connection -> {
        connection.readBody();
        connection.close();
      };

  private static final String CHUNKED_SOME_MUSIC = "5\r\nsome \r\n5\r\nmusic\r\n0\r\n\r\n";

  /** The first in turn is the first backend: round robin over equal weights begins with it. */
  private Member roundRobin(RawBackend... backends) {
    return started(inTurn(backends));
  }

  private static Member.Setup inTurn(RawBackend... backends) {
    return Member.of(backends).with("balance: {policy: round_robin, slow_start: 0s}");
  }

  private Member started(Member.Setup setup) {
    return opened(setup.start());
  }

  private RawBackend saying(String text) {
    return opened(RawBackend.saying(text));
  }

  private RawBackend doing(RawBackend.Script script) {
    return opened(RawBackend.scripted(script));
  }

  private void awaitAllUp(Member member) {
    Eventually.await()
        .until(
            () ->
                member
                    .status()
                    .getJsonArray("pools")
                    .getJsonObject(0)
                    .getJsonArray("backends")
                    .stream()
                    .allMatch(b -> ((JsonObject) b).getString("health").equals("up")));
  }

  private static void await(long millis) {
    long beganNanos = System.nanoTime();
    Eventually.await().until(() -> System.nanoTime() - beganNanos > millis * 1_000_000);
  }

  private RawClient.Answer send(Member member, String method, String target, String body) {
    try (RawClient client = member.connect()) {
      return client.send(method, target, body).answer();
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"GET", "POST", "PUT", "DELETE", "PATCH"})
  void refusedBackendIsReplacedForEveryMethodAndTheBodyArrivesWhole(String method) {
    RawBackend dead = saying("dead");
    RawBackend alive = saying("alive");
    Member member = roundRobin(dead, alive);
    awaitAllUp(member);
    dead.kill();

    for (int i = 0; i < 4; i++) {
      RawClient.Answer answer = send(member, method, "/" + i, "some music");
      assertThat(answer.status()).as("%s", member.logged("/" + i)).isEqualTo(200);
      assertThat(answer.text()).isEqualTo("alive");
    }

    assertThat(alive.received()).hasSize(4);
    assertThat(alive.received()).allMatch(r -> r.body().text().equals("some music"));
    assertThat(member.fates("/0")).endsWith("answered 200");
    List<String> all = new ArrayList<>();
    for (int i = 0; i < 4; i++) {
      all.addAll(member.fates("/" + i));
    }
    assertThat(all).contains("refused");
    member.awaitHealth("backend-1", "down");
  }

  @ParameterizedTest
  @ValueSource(strings = {"GET", "HEAD", "OPTIONS", "PUT", "DELETE"})
  void brokenBeforeHeadIsRetriedWhereTheMethodIsIdempotent(String method) {
    RawBackend breaking = doing(CLOSES);
    RawBackend alive = saying("alive");
    Member member = roundRobin(breaking, alive);
    awaitAllUp(member);

    try (RawClient client = member.connect()) {
      client.send(method, "/x", "some music");
      RawClient.Answer answer = method.equals("HEAD") ? client.answerToHead() : client.answer();
      assertThat(answer.status()).isEqualTo(200);
    }

    assertThat(breaking.received()).hasSize(1);
    assertThat(alive.received()).hasSize(1);
    assertThat(alive.received().get(0).body().text()).isEqualTo("some music");
    assertThat(member.fates("/x")).containsExactly("closed before head", "answered 200");
  }

  @ParameterizedTest
  @ValueSource(strings = {"POST", "PATCH", "MOVE"})
  void brokenBeforeHeadIsNotRetriedWhereTheMethodIsNotIdempotent(String method) {
    RawBackend breaking = doing(CLOSES);
    RawBackend alive = saying("alive");
    Member member = roundRobin(breaking, alive);
    awaitAllUp(member);

    RawClient.Answer answer = send(member, method, "/x", "some music");

    assertThat(answer.status()).isEqualTo(502);
    assertThat(answer.header("backline-outcome")).isEqualTo("maybe-executed");
    assertThat(alive.received()).isEmpty();
    assertThat(member.logged("/x").getString("outcome")).isEqualTo("maybe-executed");
    assertThat(member.fates("/x")).containsExactly("closed before head");
  }

  @Test
  void resetBeforeHeadIsRetriedToo() {
    RawBackend breaking =
        doing(
            connection -> {
              connection.readBody();
              connection.reset();
            });
    Member member = roundRobin(breaking, saying("alive"));
    awaitAllUp(member);

    assertThat(member.get("/x").text()).isEqualTo("alive");
    assertThat(member.fates("/x")).containsExactly("reset before head", "answered 200");
  }

  @Test
  void largeBodyWithinTheReplayLimitIsSentAgainWhole() {
    RawBackend breaking = doing(CLOSES);
    RawBackend alive = saying("alive");
    Member member = started(inTurn(breaking, alive).with("retry: {replay_limit: 1MiB}"));
    awaitAllUp(member);
    String body = "0123456789abcdef".repeat(50_000);

    assertThat(send(member, "PUT", "/x", body).text()).isEqualTo("alive");
    assertThat(alive.received().get(0).body().text()).isEqualTo(body);
  }

  @Test
  void chunkedBodyIsSentAgainWhole() {
    RawBackend breaking = doing(CLOSES);
    RawBackend alive = saying("alive");
    Member member = roundRobin(breaking, alive);
    awaitAllUp(member);

    try (RawClient client = member.connect()) {
      client.send(
          "PUT / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n" + CHUNKED_SOME_MUSIC);
      assertThat(client.answer().text()).isEqualTo("alive");
    }
    assertThat(alive.received().get(0).body().text()).isEqualTo("some music");
    assertThat(alive.received().get(0).body().whole()).isTrue();
  }

  @Test
  void bodyThatIsStillOnItsWayIsSentAgainFromItsStart() {
    RawBackend breaking =
        doing(
            connection -> {
              connection.close(); // With a part of the body read at most.
            });
    RawBackend alive = saying("alive");
    Member member = roundRobin(breaking, alive);
    awaitAllUp(member);

    try (RawClient client = member.connect()) {
      client.send("PUT /x HTTP/1.1\r\nHost: a\r\nContent-Length: 8\r\n\r\nsome");
      alive.awaitHeads(1);
      assertThat(client.send(" sea").answer().text()).isEqualTo("alive");
    }
    assertThat(alive.received().get(0).body().text()).isEqualTo("some sea");
  }

  @Test
  void bodyBeyondTheReplayLimitIsNotRetried() {
    RawBackend breaking = doing(CLOSES);
    RawBackend alive = saying("alive");
    Member member = started(inTurn(breaking, alive).with("retry: {replay_limit: 1KiB}"));
    awaitAllUp(member);

    RawClient.Answer answer = send(member, "PUT", "/x", "x".repeat(1025));

    assertThat(answer.status()).isEqualTo(502);
    assertThat(answer.header("backline-outcome")).isEqualTo("maybe-executed");
    assertThat(alive.received()).isEmpty();
  }

  @Test
  void bodyBeyondTheReplayLimitIsSentElsewhereWhenNothingOfItWasSent() {
    RawBackend dead = saying("dead");
    RawBackend alive = saying("alive");
    Member member = started(inTurn(dead, alive).with("retry: {replay_limit: 1KiB}"));
    awaitAllUp(member);
    dead.kill();
    String body = "x".repeat(100_000);

    assertThat(send(member, "POST", "/1", body).text()).isEqualTo("alive");
    assertThat(send(member, "POST", "/2", body).text()).isEqualTo("alive");
    assertThat(alive.received()).allMatch(request -> request.body().text().equals(body));
  }

  @Test
  void silentBackendIsGivenUpAndASafeRequestGoesElsewhere() {
    RawBackend hanging = opened(RawBackend.hanging());
    Member member =
        started(inTurn(hanging, saying("alive")).with("timeouts: {head: 300ms, total: 20s}"));
    awaitAllUp(member);

    assertThat(member.get("/x").text()).isEqualTo("alive");
    assertThat(member.fates("/x")).containsExactly("head timeout", "answered 200");
  }

  @ParameterizedTest
  @ValueSource(strings = {"POST", "PUT", "DELETE"})
  void silentBackendMayStillExecuteSoAnUnsafeRequestIsAnswered504(String method) {
    RawBackend hanging = opened(RawBackend.hanging());
    RawBackend alive = saying("alive");
    Member member = started(inTurn(hanging, alive).with("timeouts: {head: 300ms, total: 20s}"));
    awaitAllUp(member);

    RawClient.Answer answer = send(member, method, "/x", "some music");

    assertThat(answer.status()).isEqualTo(504);
    assertThat(answer.header("backline-outcome")).isEqualTo("maybe-executed");
    assertThat(alive.received()).isEmpty();
    assertThat(member.fates("/x")).containsExactly("head timeout");
  }

  @Test
  void slowUploadIsNotTheBackendsFault() throws Exception {
    RawBackend backend = saying("done");
    Member member = started(inTurn(backend).with("timeouts: {head: 300ms, total: 400ms}"));
    awaitAllUp(member);

    try (RawClient client = member.connect()) {
      client.send("POST /x HTTP/1.1\r\nHost: a\r\nContent-Length: 4\r\n\r\n");
      backend.awaitHeads(1);
      // Other exchanges come and go for longer than a head may take.
      long begin = System.nanoTime();
      while (System.nanoTime() - begin < 900_000_000L) {
        assertThat(member.get("/other").text()).isEqualTo("done");
      }
      client.send("body");

      assertThat(client.answer().text()).isEqualTo("done");
    }
    assertThat(member.backend("backend-1").getLong("failures")).isZero();
  }

  /** Was: the time of the upload went into the backend's usual time to head. */
  @Test
  void slowUploadDoesNotMakeTheBackendLookSlow() {
    RawBackend backend = saying("done");
    Member member = roundRobin(backend);
    awaitAllUp(member);
    List<RawClient> clients = new ArrayList<>();
    for (int i = 0; i < 8; i++) {
      clients.add(opened(member.connect()));
      clients.get(i).send("POST /x HTTP/1.1\r\nHost: a\r\nContent-Length: 4\r\n\r\n");
    }
    backend.awaitHeads(8);
    await(800);
    for (RawClient client : clients) {
      assertThat(client.send("body").answer().text()).isEqualTo("done");
    }

    // The least of the first eight counts.
    double headMillis = member.backend("backend-1").getDouble("headMillis");
    assertThat(headMillis).isPositive().isLessThan(800);
  }

  @Test
  void clientThatStallsInItsBodyIsGivenUpAndNobodyIsBlamed() {
    RawBackend backend = saying("done");
    Member member =
        started(inTurn(backend).with("timeouts: {head: 300ms, total: 400ms, idle: 1s}"));
    awaitAllUp(member);

    try (RawClient client = member.connect()) {
      client.send("POST /x HTTP/1.1\r\nHost: a\r\nContent-Length: 4\r\n\r\nbo");

      assertThat(client.answer().status()).isEqualTo(408);
      assertThat(client.untilClosed()).isEmpty();
    }
    assertThat(member.logged("/x").getString("outcome")).isEqualTo("rejected");
    assertThat(member.backend("backend-1").getLong("failures")).isZero();
    assertThat(backend.received()).noneMatch(request -> request.body().whole());
  }

  /** Was: a few such clients put all backends down at once. */
  @Test
  void backendThatLosesPatienceWithAStalledClientIsNotBlamed() {
    Gate lost = new Gate();
    RawBackend impatient =
        doing(
            connection -> {
              lost.pass();
              connection.close();
            });
    Member member = started(inTurn(impatient).with("health: {interval: 60s}"));
    awaitAllUp(member);

    try (RawClient client = member.connect()) {
      client.send("POST /x HTTP/1.1\r\nHost: a\r\nContent-Length: 4\r\n\r\nb");
      impatient.awaitHeads(1);
      await(2_000);
      lost.open();

      assertThat(client.answer().status()).isEqualTo(408);
      assertThat(client.untilClosed()).isEmpty();
    }
    assertThat(member.logged("/x").getString("outcome")).isEqualTo("rejected");
    assertThat(member.backend("backend-1").getLong("failures")).isZero();
    assertThat(member.health("backend-1")).isEqualTo("up");
  }

  @Test
  void backendThatDoesNotReadIsGivenUp() {
    Gate reads = new Gate();
    RawBackend stuck =
        doing(
            connection -> {
              reads.pass();
            });
    Member member = started(inTurn(stuck).with("timeouts: {head: 500ms, total: 20s}"));
    awaitAllUp(member);
    try (RawClient client = member.connect()) {
      Thread sender =
          new Thread(
              () -> {
                try {
                  client.send("PUT", "/x", "x".repeat(32 << 20));
                } catch (java.io.UncheckedIOException e) {
                  // Given up while it was sending.
                }
              });
      sender.start();

      assertThat(client.answer().status()).isEqualTo(504);
    }
    assertThat(member.fates("/x")).containsExactly("head timeout");
    reads.open();
  }

  @Test
  void attemptsAreBounded() {
    RawBackend[] backends = new RawBackend[5];
    for (int i = 0; i < backends.length; i++) {
      backends[i] = doing(CLOSES);
    }
    Member member = started(inTurn(backends).with("retry: {attempts: 2}"));
    awaitAllUp(member);

    RawClient.Answer answer = member.get("/x");

    assertThat(answer.status()).isEqualTo(502);
    assertThat(answer.header("backline-outcome")).isEqualTo("maybe-executed");
    assertThat(member.fates("/x")).hasSize(2);
  }

  @Test
  void retryBudgetIsKept() {
    RawBackend breaking = doing(CLOSES);
    Member member =
        started(
            inTurn(breaking, saying("alive"))
                .with("retry: {budget_percent: 0, budget_per_second: 0}"));
    awaitAllUp(member);

    assertThat(member.get("/x").status()).isEqualTo(502);
    assertThat(member.fates("/x")).hasSize(1);
  }

  @Test
  void requestThatMeetsTheEndOfAKeptConnectionIsSentAgain() {
    RawBackend first = saying("one");
    Member member = started(inTurn(first).with("queue: {wait: 20s}"));
    awaitAllUp(member);
    RawClient client = opened(member.connect());
    assertThat(client.get("/1").answer().text()).isEqualTo("one");

    // Its connection ends in the very moment in which it gets the next request.
    first.does(
        connection -> {
          if (connection.number() == first.received().get(0).connection()) {
            connection.readBody();
            connection.close();
          } else {
            connection.answer(RawBackend.ok("fresh"));
          }
        });

    assertThat(client.get("/2").answer().text()).isEqualTo("fresh");
    assertThat(member.fates("/2")).containsExactly("closed before head (kept)", "answered 200");
    assertThat(member.logged("/2").getString("outcome")).isEqualTo("answered");
  }

  @Test
  void onlyBackendThatClosedItsKeptConnectionIsConnectedToAgain() {
    RawBackend backend = saying("one");
    Member member = roundRobin(backend);
    awaitAllUp(member);
    assertThat(member.get("/1").text()).isEqualTo("one");
    backend.closeConnections();

    assertThat(member.get("/2").text()).isEqualTo("one");
    assertThat(member.health("backend-1")).isIn("up", "suspect");
  }

  @Test
  void exchangeWaitsWhileAllAreDownAndGoesOnWhenOneComesBack() {
    RawBackend backend = saying("back");
    Member member = started(inTurn(backend).with("queue: {wait: 25s}"));
    awaitAllUp(member);
    backend.kill();
    member.awaitHealth("backend-1", "down");

    try (RawClient client = member.connect()) {
      client.send("POST", "/x", "some music");
      Eventually.await().until(() -> member.status().getInteger("queued") == 1);
      backend.restart();

      assertThat(client.answer().text()).isEqualTo("back");
    }
    assertThat(backend.received()).hasSize(1);
    JsonObject line = member.logged("/x");
    assertThat(line.getDouble("queuedMillis")).isPositive();
    assertThat(String.valueOf(line.getDouble("queuedMillis"))).matches("\\d+\\.\\d{1,3}");
    assertThat(line.getString("outcome")).isEqualTo("answered");
    assertThat(member.status().getInteger("queued")).isZero();
  }

  @Test
  void exchangeThatWaitedInVainIsAnswered503() {
    Member member = started(Member.of("127.0.0.1:1").with("queue: {wait: 200ms}"));

    RawClient.Answer answer = send(member, "POST", "/x", "some music");

    assertThat(answer.status()).isEqualTo(503);
    assertThat(answer.header("retry-after")).isEqualTo("1");
    assertThat(answer.header("backline-outcome")).isEqualTo("not-sent");
    assertThat(answer.header("cache-control")).isEqualTo("no-store");
    JsonObject line = member.logged("/x");
    assertThat(line.getString("outcome")).isEqualTo("not-sent");
    assertThat(line.getDouble("queuedMillis")).isGreaterThanOrEqualTo(199);
    assertThat(line.getJsonArray("attempts")).isEmpty();
  }

  @Test
  void answerToHeadRequestThatWaitedInVainHasNoBody() {
    Member member = started(Member.of("127.0.0.1:1").with("queue: {wait: 0s}"));
    try (RawClient client = member.connect()) {
      client.send("HEAD / HTTP/1.1\r\nHost: a\r\n\r\n");
      assertThat(client.answerToHead().status()).isEqualTo(503);
      client.get("/again");
      assertThat(client.answer().status()).isEqualTo(503);
    }
  }

  @Test
  void fullQueueIsToldAtOnce() {
    Member member = started(Member.of("127.0.0.1:1").with("queue: {wait: 20s, exchanges: 1}"));
    try (RawClient waiting = member.connect();
        RawClient next = member.connect()) {
      waiting.get("/1");
      Eventually.await().until(() -> member.status().getInteger("queued") == 1);

      RawClient.Answer answer = next.get("/2").answer();

      assertThat(answer.status()).isEqualTo(503);
      assertThat(answer.header("backline-outcome")).isEqualTo("not-sent");
    }
    // Its client has gone: its place is free again.
    assertThat(member.logged("/1").getInteger("status")).isEqualTo(499);
    assertThat(member.logged("/1").getDouble("queuedMillis")).isPositive();
    Eventually.await().until(() -> member.status().getInteger("queued") == 0);
  }

  @Test
  void fullQueueAfterAnAttemptThatWasSentSaysMaybeExecuted() {
    RawBackend breaking = doing(CLOSES);
    Member member = started(inTurn(breaking).with("queue: {wait: 20s, exchanges: 1}"));
    awaitAllUp(member);
    breaking.does(
        connection -> {
          connection.readBody();
          breaking.kill();
        });

    try (RawClient first = member.connect();
        RawClient second = member.connect()) {
      first.get("/1"); // Breaks, and then waits.
      Eventually.await().until(() -> member.status().getInteger("queued") == 1);

      assertThat(second.get("/2").answer().header("backline-outcome")).isEqualTo("not-sent");
    }
  }

  @Test
  void manyThatWaitedInVainAreAllAnswered() {
    Member member = started(Member.of("127.0.0.1:1").with("queue: {wait: 1s}"));
    List<RawClient> clients = new ArrayList<>();
    for (int i = 0; i < 900; i++) {
      clients.add(opened(member.connect()).get("/" + i));
    }

    assertThat(clients).allMatch(client -> client.answer().status() == 503);
    assertThat(member.status().getInteger("queued")).isZero();
    // The last is counted as ended just after it was answered.
    Eventually.await().until(() -> member.status().getLong("exchangesInFlight") == 0);
  }

  @Test
  void thoseKnownBadAreUsedWhenNobodyElseIsThere() {
    RawBackend sick = saying("sick but there");
    Member member = roundRobin(sick);
    awaitAllUp(member);
    sick.health(500);
    member.awaitHealth("backend-1", "down");

    RawClient.Answer answer = send(member, "POST", "/x", "some music");

    assertThat(answer.text()).isEqualTo("sick but there");
    JsonObject pool = member.status().getJsonArray("pools").getJsonObject(0);
    assertThat(pool.getBoolean("panic")).isTrue();
  }

  @Test
  void unprovenBackendGetsNothingBeforeItsFirstPass() {
    RawBackend unproven = saying("unproven").health(500);
    RawBackend proven = saying("proven");
    Member member = roundRobin(unproven, proven);
    member.awaitHealth("backend-2", "up");

    for (int i = 0; i < 10; i++) {
      assertThat(member.get("/" + i).text()).isEqualTo("proven");
    }
    assertThat(unproven.heads()).isZero();
    assertThat(member.health("backend-1")).isEqualTo("unproven");

    unproven.health(200);
    member.awaitHealth("backend-1", "up");
    Eventually.await().until(() -> member.get("/").text().equals("unproven"));
  }

  @Test
  void drainingBackendGetsNothingNewAndFinishesWhatItHas() {
    Gate finish = new Gate();
    RawBackend draining =
        doing(
            connection -> {
              connection.readBody();
              finish.pass();
              connection.send(RawBackend.ok("finished"));
            });
    RawBackend other = saying("other");
    Member member = roundRobin(draining, other);
    awaitAllUp(member);
    try (RawClient client = member.connect()) {
      client.get("/long");
      draining.awaitReceived(1);
      draining.health(
          connection ->
              connection.send(
                  "HTTP/1.1 503 Stopping\r\nBackline-State: draining\r\nContent-Length: 0\r\n\r\n"));
      member.awaitHealth("backend-1", "draining");

      for (int i = 0; i < 5; i++) {
        assertThat(member.get("/" + i).text()).isEqualTo("other");
      }
      finish.open();
      assertThat(client.answer().text()).isEqualTo("finished");
    }
    assertThat(draining.heads()).isEqualTo(1);
    assertThat(member.backend("backend-1").getString("lastProbe")).isEqualTo("503, draining");
  }

  @Test
  void backendThatAnswersErrorsIsEjectedThoughItsProbesPass() {
    RawBackend sick = opened(RawBackend.answering(RawBackend.status(500)));
    RawBackend well = saying("well");
    Member member = roundRobin(sick, well);
    awaitAllUp(member);

    Eventually.await()
        .until(
            () -> {
              member.get("/");
              return member.health("backend-1").equals("ejected");
            });

    for (int i = 0; i < 4; i++) {
      assertThat(member.get("/after").status()).isEqualTo(200);
    }
    assertThat(member.backend("backend-1").getString("reason")).contains("answers 500");
    assertThat(member.backend("backend-1").getString("lastProbe")).startsWith("200 in ");
  }

  /** Was: an answer was clean at its head, so that two of three cut short were not half. */
  @Test
  void backendThatCutsMostAnswersShortIsEjected() {
    AtomicInteger answers = new AtomicInteger();
    RawBackend sick =
        doing(
            connection -> {
              if (answers.incrementAndGet() % 3 == 0) {
                connection.answer(RawBackend.ok("whole"));
              } else {
                connection.answer("HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nhalf");
                connection.close();
              }
            });
    Member member = roundRobin(sick, saying("well"));
    awaitAllUp(member);

    Eventually.await()
        .until(
            () -> {
              try (RawClient client = member.connect()) {
                client.send("GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n");
                client.untilClosed();
              }
              return member.health("backend-1").equals("ejected");
            });

    assertThat(member.backend("backend-1").getString("reason")).contains("truncated answer");
  }

  @ParameterizedTest
  @ValueSource(strings = {"GET", "PUT", "DELETE"})
  void shortAnswerThatBreaksOffIsAskedOfAnother(String method) {
    RawBackend breaking =
        doing(
            connection -> {
              connection.answer("HTTP/1.1 200 OK\r\nX-Of: it\r\nContent-Length: 10\r\n\r\nhalf");
              connection.close();
            });
    Member member = roundRobin(breaking, saying("alive"));
    awaitAllUp(member);

    RawClient.Answer answer = send(member, method, "/x", "some music");

    assertThat(answer.text()).isEqualTo("alive");
    assertThat(answer.headers("x-of")).isEmpty();
    assertThat(member.fates("/x")).containsExactly("closed in mid-body", "answered 200");
    assertThat(member.logged("/x").getString("outcome")).isEqualTo("answered");
  }

  /** After its first byte nothing can be sent again, and some must not be. */
  @ParameterizedTest
  @CsvSource({"POST, 10", "GET, 65537"})
  void longAnswerAndThatToAPostIsCutOffWhereItBreaks(String method, int length) {
    String head = "HTTP/1.1 200 OK\r\nContent-Length: " + length + "\r\n\r\nhalf";
    RawBackend breaking =
        doing(
            connection -> {
              connection.answer(head);
              connection.close();
            });
    Member member = roundRobin(breaking, saying("alive"));
    awaitAllUp(member);

    RawClient.Answer answer = send(member, method, "/x", "");

    assertThat(answer.text()).isEqualTo("half");
    assertThat(answer.body().whole()).isFalse();
    assertThat(member.fates("/x")).containsExactly("closed in mid-body");
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 3})
  void answerThatTakesItsTimeIsRelayedAsItComes(int attempts) {
    Gate rest = new Gate();
    RawBackend slow =
        doing(
            connection -> {
              connection.answer("HTTP/1.1 200 OK\r\nContent-Length: 8\r\n\r\nhalf");
              rest.pass();
              connection.send("rest");
            });
    Member member = started(inTurn(slow).with("retry: {attempts: " + attempts + "}"));
    awaitAllUp(member);

    try (RawClient client = member.connect()) {
      client.get("/x");
      assertThat(client.read("HTTP/1.1".length())).isEqualTo("HTTP/1.1");
      rest.open();
      assertThat(client.answer().text()).isEqualTo("halfrest");
    }
  }

  @Test
  void errorAnswersOfABackendAreRelayedUntouched() {
    RawBackend sick =
        opened(
            RawBackend.answering(
                "HTTP/1.1 503 Mine\r\nRetry-After: 9\r\nContent-Length: 2\r\n\r\nno"));
    Member member = roundRobin(sick);
    awaitAllUp(member);

    RawClient.Answer answer = member.get("/x");

    assertThat(answer.head().startLine()).isEqualTo("HTTP/1.1 503 Mine");
    assertThat(answer.header("retry-after")).isEqualTo("9");
    assertThat(answer.headers("backline-outcome")).isEmpty();
    assertThat(answer.text()).isEqualTo("no");
    assertThat(member.logged("/x").getString("outcome")).isEqualTo("answered");
  }

  @Test
  void clientThatGoesAwayEndsTheAttemptAndIsLoggedAs499() {
    Gate closed = new Gate();
    RawBackend hanging =
        doing(
            connection -> {
              connection.readBody();
              connection.isClosedByPeer();
              closed.open();
            });
    Member member = started(inTurn(hanging).with("health: {interval: 60s}"));
    awaitAllUp(member);
    RawClient client = opened(member.connect());
    client.get("/x");
    hanging.awaitReceived(1);

    client.reset();

    closed.pass();
    JsonObject line = member.logged("/x");
    assertThat(line.getInteger("status")).isEqualTo(499);
    assertThat(line.getString("outcome")).isEqualTo("client-gone");
    assertThat(member.fates("/x")).containsExactly("client gone");
    // It may still be at work on it: its slot stays taken until it is heard again.
    assertThat(member.backend("backend-1").getInteger("inFlight")).isEqualTo(1);
    assertThat(member.status().getLong("exchangesInFlight")).isZero();

    hanging.does(connection -> connection.answer(RawBackend.ok("heard")));
    assertThat(member.get("/y").text()).isEqualTo("heard");
    Eventually.await().until(() -> member.backend("backend-1").getInteger("inFlight") == 0);
  }

  /** A write that fails and a close that is told later are both the client's doing. */
  @Test
  void clientThatLeavesInMidAnswerSaysNothingAgainstTheBackend() {
    String chunk = "x".repeat(64 << 10);
    RawBackend streaming =
        doing(
            connection -> {
              connection.readBody();
              connection.send("HTTP/1.1 200 OK\r\nContent-Length: 1000000000\r\n\r\n");
              for (int sent = 0; sent < 1_000_000_000; sent += chunk.length()) {
                connection.send(chunk); // Until the other side is gone.
              }
            });
    Member member = started(inTurn(streaming).with("health: {interval: 60s}"));
    awaitAllUp(member);

    for (int i = 0; i < 20; i++) {
      RawClient client = opened(member.connect()).get("/" + i);
      client.read(200 + i * 10_000);
      client.reset();
      assertThat(member.logged("/" + i).getString("outcome")).isEqualTo("client-gone");
    }

    assertThat(member.backend("backend-1").getLong("failures")).isZero();
    assertThat(member.backend("backend-1").getInteger("inFlight")).as("it had answered").isZero();
    assertThat(member.health("backend-1")).isEqualTo("up");
  }

  /**
   * Was: with all slots abandoned nobody could be heard any more, and the pool was full for good.
   */
  @Test
  void backendWhoseSlotsWereAllAbandonedIsUsedAgain() {
    RawBackend backend = opened(RawBackend.hanging());
    Member member =
        started(inTurn(backend).with("limits: {in_flight: 2}").with("queue: {wait: 25s}"));
    awaitAllUp(member);
    RawClient one = opened(member.connect()).get("/1");
    RawClient two = opened(member.connect()).get("/2");
    backend.awaitReceived(2);
    one.reset();
    two.reset();
    member.logged("/1");
    member.logged("/2");

    backend.does(connection -> connection.answer(RawBackend.ok("here")));

    assertThat(member.get("/3").text()).isEqualTo("here");
  }

  @Test
  void fullBackendsLetExchangesWaitForAPlace() {
    Gate finish = new Gate();
    RawBackend backend =
        doing(
            connection -> {
              connection.readBody();
              if (connection.head().startLine().contains("/long")) {
                finish.pass();
              }
              connection.send(RawBackend.ok("done"));
            });
    Member member =
        started(inTurn(backend).with("limits: {in_flight: 1}").with("queue: {wait: 25s}"));
    awaitAllUp(member);
    try (RawClient first = member.connect();
        RawClient second = member.connect()) {
      first.get("/long");
      backend.awaitReceived(1);
      second.get("/short");
      Eventually.await().until(() -> member.status().getInteger("queued") == 1);
      assertThat(backend.heads()).isEqualTo(1);

      finish.open();

      assertThat(first.answer().text()).isEqualTo("done");
      assertThat(second.answer().text()).isEqualTo("done");
    }
  }
}
