package dev.backline.sample;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.backline.sample.Raw.Reply;
import io.vertx.core.Future;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.net.ConnectException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LifeCycleTest {
  private static final Duration PATIENCE = Duration.ofSeconds(60);
  private static final Duration OFTEN = Duration.ofMillis(20);

  @TempDir private Path folder = Path.of("");

  @Test
  void readyLineNamesInstanceAndAddress() throws Exception {
    try (BackendProcess backend = BackendProcess.run("--port", "0", "--instance", "backend-3")) {
      assertThat(backend.ready()).matches("ready instance=backend-3 address=127\\.0\\.0\\.1:\\d+");
    }
  }

  @Test
  void instanceHasANameWithoutTheOption() throws Exception {
    try (BackendProcess backend = BackendProcess.run("--port", "0")) {
      assertThat(backend.ready()).matches("ready instance=sample-\\d+ address=.*");
    }
  }

  @Test
  void sigtermSaysSoServesOnThenRefusesThenExitsWithZero() throws Exception {
    try (BackendProcess backend = BackendProcess.run("--port", "0")) {
      int port = backend.port();
      try (Raw kept = new Raw(port)) {
        assertThat(kept.exchange("GET", "/whoami", "").header("Connection")).isEqualTo("(absent)");
        backend.sigterm();
        await()
            .atMost(PATIENCE)
            .pollInterval(OFTEN)
            .until(() -> Raw.get(port, "/health").status() == 503);
        Reply health = Raw.get(port, "/health");
        assertThat(health.header("Backline-State")).isEqualTo("draining");
        assertThat(health.body()).contains("\"status\":\"draining\"");
        Reply served = kept.exchange("GET", "/whoami", "");
        assertThat(served.status()).isEqualTo(200);
        assertThat(served.header("Connection")).isEqualTo("close");
        assertThat(served.header("Keep-Alive")).isEqualTo("(absent)");
        assertThat(kept.untilEnd()).isEmpty();
      }
      await().atMost(PATIENCE).pollInterval(OFTEN).until(() -> isRefused(port));
      assertThat(backend.exitCode()).isZero();
      assertThat(backend.log())
          .contains("event=draining in_flight=0")
          .contains("event=not-accepting in_flight=0")
          .contains("event=stopped in_flight=0");
    }
  }

  @Test
  void whatIsInFlightAtSigtermIsFinished() throws Exception {
    Path ledger = folder.resolve("ledger");
    try (BackendProcess backend =
        BackendProcess.run("--port", "0", "--faults", "--ledger", ledger.toString())) {
      int port = backend.port();
      BackendProcess.putFault(port, "delay", "{\"millis\": 5000, \"path\": \"/api/\"}");
      try (Raw raw = new Raw(port)) {
        raw.request("POST", "/api/v1/plays", "{\"song\": 1}", "X-Request-Id: last");
        await().atMost(PATIENCE).until(() -> Files.size(ledger) > 0);
        backend.sigterm();
        await().atMost(PATIENCE).pollInterval(OFTEN).until(() -> isRefused(port));
        assertThat(backend.isAlive()).isTrue();
        Reply reply = raw.reply(false);
        assertThat(reply.status()).isEqualTo(201);
        assertThat(reply.header("Connection")).isEqualTo("close");
        assertThat(raw.untilEnd()).isEmpty();
      }
      assertThat(backend.exitCode()).isZero();
      assertThat(events(ledger)).containsExactly("begin", "end");
    }
  }

  /** It was begun, and cut off by the close that the answer before it had announced. */
  @Test
  void requestBehindTheLastAnswerIsNotExecuted() throws Exception {
    Path ledger = folder.resolve("ledger");
    try (Running site = Running.withLedger(ledger);
        Raw raw = new Raw(site.port())) {
      site.fault("hang", "{\"path\": \"/whoami\"}");
      raw.send("GET /whoami HTTP/1.1\r\nHost: a\r\nX-Request-Id: first\r\n\r\n");
      raw.send("POST /api/v1/plays HTTP/1.1\r\nHost: a\r\nX-Request-Id: second\r\n");
      raw.send("Content-Length: 11\r\n\r\n{\"song\": 1}");
      await().atMost(PATIENCE).until(() -> site.ledger("first").equals(List.of("begin")));
      Future<Void> gone = site.drain();
      site.healAll();
      Reply first = raw.reply(false);
      assertThat(first.status()).isEqualTo(200);
      assertThat(first.header("Connection")).isEqualTo("close");
      assertThat(raw.untilEnd()).isEmpty();
      gone.await();
      assertThat(events(ledger)).containsExactly("begin", "end");
    }
  }

  @Test
  void endOfStandardInputEndsItAsSigtermDoes() throws Exception {
    try (BackendProcess backend = BackendProcess.run("--port", "0", "--exit-with-stdin")) {
      backend.ready();
      backend.endStandardInput();
      assertThat(backend.exitCode()).isZero();
      assertThat(backend.log()).contains("event=draining").contains("event=stopped");
    }
  }

  @Test
  void endOfStandardInputMeansNothingWithoutTheOption() throws Exception {
    try (BackendProcess backend = BackendProcess.run("--port", "0")) {
      int port = backend.port();
      backend.endStandardInput();
      assertThat(Raw.get(port, "/health").status()).isEqualTo(200);
    }
  }

  @Test
  void ledgerFileSurvivesAKill() throws Exception {
    Path ledger = folder.resolve("ledger");
    try (BackendProcess backend =
        BackendProcess.run("--port", "0", "--faults", "--ledger", ledger.toString())) {
      int port = backend.port();
      Raw.exchange(port, "POST", "/api/v1/plays", "{\"song\": 1}", "X-Request-Id: done");
      await().atMost(PATIENCE).until(() -> events(ledger).equals(List.of("begin", "end")));
      BackendProcess.putFault(port, "hang", "{}");
      try (Raw raw = new Raw(port)) {
        raw.request("POST", "/api/v1/plays", "{\"song\": 2}", "X-Request-Id: hung");
        await().atMost(PATIENCE).until(() -> events(ledger).size() == 3);
        backend.sigkill();
        backend.exitCode();
      }
    }
    assertThat(events(ledger)).containsExactly("begin", "end", "begin");
    assertThat(Files.readAllLines(ledger)).last().asString().contains("\"id\":\"hung\"");
  }

  @Test
  void restartedInstanceAppendsToTheLedger() throws Exception {
    Path ledger = folder.resolve("ledger");
    for (int i = 1; i <= 2; i++) {
      try (BackendProcess backend =
          BackendProcess.run("--port", "0", "--ledger", ledger.toString())) {
        int port = backend.port();
        Raw.get(port, "/whoami", "X-Request-Id: r");
        int lines = 2 * i;
        await().atMost(PATIENCE).until(() -> events(ledger).size() == lines);
        backend.sigkill();
        backend.exitCode();
      }
    }
    assertThat(events(ledger)).containsExactly("begin", "end", "begin", "end");
  }

  private static List<String> events(Path ledger) throws IOException {
    return Files.readAllLines(ledger).stream()
        .map(line -> new JsonObject(line).getString("event"))
        .toList();
  }

  private static boolean isRefused(int port) throws IOException {
    try (Raw raw = new Raw(port)) {
      return raw == null;
    } catch (ConnectException e) {
      return true;
    }
  }
}
