package dev.backline.sample;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.backline.sample.Raw.Reply;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@TestInstance(Lifecycle.PER_CLASS)
class FaultsTest {
  private static final Duration PATIENCE = Duration.ofSeconds(30);

  private Running site;

  @BeforeAll
  void start() {
    site = Running.withFaults();
  }

  @AfterEach
  void heal() throws IOException {
    site.healAll();
  }

  @AfterAll
  void stop() {
    site.close();
  }

  @Test
  void delayMakesAnswersLate() throws IOException {
    site.fault("delay", "{\"millis\": 400, \"jitter_millis\": 100}");
    long start = System.nanoTime();
    assertThat(site.get("/whoami").status()).isEqualTo(200);
    assertThat(System.nanoTime() - start).isGreaterThan(TimeUnit.MILLISECONDS.toNanos(299));
  }

  @Test
  void statusReplacesTheAnswerButNotItsEffect() throws IOException {
    int before = site.json("/api/v1/music/12").getInteger("plays");
    site.fault("status", "{\"status\": 503}");
    Reply reply = site.exchange("POST", "/api/v1/plays", "{\"song\": 12}", "X-Request-Id: sick");
    assertThat(reply.status()).isEqualTo(503);
    site.healAll();
    assertThat(site.json("/api/v1/music/12").getInteger("plays")).isEqualTo(before + 1);
    assertThat(site.ledger("sick")).containsExactly("begin", "end 503");
  }

  @Test
  void statusOfAKnownPageIsNotHiddenBy304() throws IOException {
    String tag = site.get("/").header("ETag");
    site.fault("status", "{}");
    assertThat(site.get("/", "If-None-Match: " + tag).status()).isEqualTo(500);
  }

  @Test
  void closeEndsTheConnectionWithoutAByte() throws IOException {
    site.fault("close", "{}");
    try (Raw raw = new Raw(site.port())) {
      raw.request("POST", "/api/v1/plays", "{\"song\": 13}", "X-Request-Id: shut");
      assertThat(raw.untilEnd()).isEmpty();
    }
    await().atMost(PATIENCE).until(() -> site.ledger("shut").size() == 2);
    assertThat(site.ledger("shut")).containsExactly("begin", "aborted");
    assertThat(site.json("/testbed/faults").getJsonObject("faults").fieldNames())
        .containsExactly("close");
  }

  @Test
  void hangAnswersOnlyWhenItIsRemoved() throws IOException {
    site.fault("hang", "{}");
    try (Raw raw = new Raw(site.port())) {
      raw.request("GET", "/whoami", "", "X-Request-Id: held");
      await().atMost(PATIENCE).until(() -> site.ledger("held").equals(List.of("begin")));
      assertThat(site.exchange("DELETE", "/testbed/faults/hang", "").status()).isEqualTo(204);
      assertThat(raw.reply(false).status()).isEqualTo(200);
    }
    await().atMost(PATIENCE).until(() -> site.ledger("held").equals(List.of("begin", "end 200")));
  }

  /** The delayed request had a copy of the faults, and was held by one that nobody could remove. */
  @Test
  void hangThatIsRemovedDuringADelayHoldsNobody() throws IOException {
    site.fault("delay", "{\"millis\": 1500}");
    site.fault("hang", "{}");
    try (Raw raw = new Raw(site.port())) {
      raw.request("GET", "/whoami", "", "X-Request-Id: late");
      await().atMost(PATIENCE).until(() -> site.ledger("late").equals(List.of("begin")));
      site.exchange("DELETE", "/testbed/faults/hang", "");
      assertThat(raw.reply(false).status()).isEqualTo(200);
    }
  }

  @Test
  void faultThatIsPutWhileARequestIsHeldHitsItAfterwards() throws IOException {
    site.fault("hang", "{}");
    try (Raw raw = new Raw(site.port())) {
      raw.request("GET", "/whoami", "", "X-Request-Id: held-then-hit");
      await().atMost(PATIENCE).until(() -> !site.ledger("held-then-hit").isEmpty());
      site.fault("status", "{\"status\": 503}");
      site.exchange("DELETE", "/testbed/faults/hang", "");
      assertThat(raw.reply(false).status()).isEqualTo(503);
    }
  }

  @Test
  void hangThatIsPutAgainKeepsWhatItHolds() throws IOException {
    site.fault("hang", "{}");
    try (Raw raw = new Raw(site.port())) {
      raw.request("GET", "/whoami", "", "X-Request-Id: held-on");
      await().atMost(PATIENCE).until(() -> !site.ledger("held-on").isEmpty());
      site.fault("hang", "{}");
      site.fault("status", "{\"status\": 503}");
      site.exchange("DELETE", "/testbed/faults/hang", "");
      assertThat(raw.reply(false).status()).isEqualTo(503);
    }
  }

  /** What a hang let go of met the faults that were to be removed after it. */
  @Test
  void removalOfAllFaultsAnswersWhatIsHeldAsIfThereWereNone() throws IOException {
    site.fault("hang", "{}");
    site.fault("status", "{\"status\": 503}");
    try (Raw raw = new Raw(site.port())) {
      raw.request("GET", "/whoami", "", "X-Request-Id: healed");
      await().atMost(PATIENCE).until(() -> !site.ledger("healed").isEmpty());
      site.healAll();
      assertThat(raw.reply(false).status()).isEqualTo(200);
    }
  }

  @Test
  void hungRequestWhoseClientGoesIsAborted() throws IOException {
    site.fault("hang", "{}");
    try (Raw raw = new Raw(site.port())) {
      raw.request("GET", "/whoami", "", "X-Request-Id: left");
      await().atMost(PATIENCE).until(() -> site.ledger("left").equals(List.of("begin")));
    }
    await().atMost(PATIENCE).until(() -> site.ledger("left").equals(List.of("begin", "aborted")));
    site.healAll();
    assertThat(site.ledger("left")).containsExactly("begin", "aborted");
  }

  @Test
  void delayedRequestWhoseClientGoesIsAborted() throws IOException {
    site.fault("delay", "{\"millis\": 60000}");
    try (Raw raw = new Raw(site.port())) {
      raw.request("GET", "/whoami", "", "X-Request-Id: hasty");
      await().atMost(PATIENCE).until(() -> !site.ledger("hasty").isEmpty());
    }
    await().atMost(PATIENCE).until(() -> site.ledger("hasty").size() == 2);
    assertThat(site.ledger("hasty")).containsExactly("begin", "aborted");
  }

  @Test
  void healthIsTouchedOnlyWhenAskedFor() throws IOException {
    site.fault("status", "{\"status\": 500}");
    assertThat(site.get("/health").status()).isEqualTo(200);
    site.fault("status", "{\"status\": 500, \"health\": true}");
    assertThat(site.get("/health").status()).isEqualTo(500);
    assertThat(site.get("/testbed/faults").status()).isEqualTo(200);
  }

  @Test
  void pathLimitsWhatIsTouched() throws IOException {
    site.fault("status", "{\"status\": 502, \"path\": \"/api/\"}");
    assertThat(site.get("/api/v1/music").status()).isEqualTo(502);
    assertThat(site.get("/whoami").status()).isEqualTo(200);
  }

  @Test
  void faultsAreListedWithEverythingFilledIn() throws IOException {
    site.fault("delay", "{\"millis\": 50}");
    site.fault("close", "{\"percent\": 5}");
    assertThat(site.json("/testbed/faults").getJsonObject("faults"))
        .isEqualTo(
            new JsonObject(
                """
                {"delay": {"millis": 50, "jitter_millis": 0,
                           "path": "/", "percent": 100, "health": false},
                 "close": {"path": "/", "percent": 5, "health": false}}"""));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "delay  | {\"millis\": -1}    | millis: -1 (expected: a whole number from 0 to 600000)",
        "delay  | {\"millis\": \"9\"} | millis: \"9\" (expected: a whole number from 0 to 600000)",
        "delay  | {\"millis\": null}  | millis: null (expected: a whole number from 0 to 600000)",
        "delay  | {\"millis\": 10, \"jitter_millis\": 11} | jitter_millis: 11 (expected: a whole number from 0 to 10)",
        "delay  | {\"milis\": 10}     | milis: 10 (expected: one of millis, jitter_millis, path, percent, health)",
        "status | {\"status\": 200}   | status: 200 (expected: a whole number from 400 to 599)",
        "hang   | {\"percent\": 0}    | percent: 0 (expected: a whole number from 1 to 100)",
        "hang   | {\"percent\": 101, \"health\": 1} | percent: 101 (expected: a whole number from 1 to 100); health: 1 (expected: true or false)",
        "close  | {\"path\": \"api\"} | path: \"api\" (expected: the beginning of a path, such as \"/api/\")",
        "close  | [                   | body: \"[\" (expected: a JSON object)",
      })
  void wrongParametersAreRefusedByName(String name, String parameters, String message)
      throws IOException {
    Reply reply = site.exchange("PUT", "/testbed/faults/" + name, parameters);
    assertThat(reply.status()).isEqualTo(400);
    assertThat(new JsonObject(reply.body()).getString("error")).isEqualTo(message);
    assertThat(site.json("/testbed/faults").getJsonObject("faults")).isEmpty();
  }

  @Test
  void unknownFaultIs404() throws IOException {
    Reply reply = site.exchange("PUT", "/testbed/faults/fire", "{}");
    assertThat(reply.status()).isEqualTo(404);
    assertThat(reply.body())
        .contains("(expected: delay, hang, crash, close, reset, status, health, keep-alive,");
  }

  @Test
  void withoutTheOptionThereAreNoFaults() throws IOException {
    try (Running plain = Running.plain()) {
      Reply reply = plain.exchange("PUT", "/testbed/faults/status", "{}");
      assertThat(reply.status()).isEqualTo(404);
      assertThat(reply.body()).contains("started with --faults");
      assertThat(plain.get("/whoami").status()).isEqualTo(200);
    }
  }
}
