package dev.backline.sample;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;

@TestInstance(Lifecycle.PER_CLASS)
class KeepAliveTest {
  private Running site;

  @BeforeAll
  void start() {
    site = Running.withFaults();
  }

  @AfterAll
  void stop() {
    site.close();
  }

  @Test
  void idleConnectionIsClosedNotBeforeFiveSeconds() throws IOException {
    try (Raw raw = new Raw(site.port())) {
      raw.exchange("GET", "/health", "");
      long answered = System.nanoTime();
      assertThat(raw.untilEnd()).isEmpty();
      assertThat(System.nanoTime() - answered).isGreaterThan(TimeUnit.MILLISECONDS.toNanos(4_900));
    }
  }

  @Test
  void connectionThatNeverSendsAWholeRequestIsClosed() throws IOException {
    try (Raw raw = new Raw(site.port())) {
      raw.send("POST /api/v1/plays HTTP/1.1\r\nHost: a\r\nContent-Length: 100\r\n\r\n{");
      assertThat(raw.untilEnd()).isEmpty();
    }
  }

  /** Vert.x's own idle timeout would have cut this one. */
  @Test
  void slowAnswerIsNotCutByTheIdleTimeout() throws IOException {
    site.fault("delay", "{\"millis\": 6500, \"path\": \"/whoami\"}");
    try (Raw raw = new Raw(site.port())) {
      assertThat(raw.exchange("GET", "/whoami", "").status()).isEqualTo(200);
      assertThat(raw.exchange("GET", "/health", "").status()).isEqualTo(200);
    }
  }

  /** The end of the first answer started the clock, while the second request executed. */
  @Test
  void slowAnswerToAPipelinedRequestIsNotCut() throws IOException {
    site.fault("delay", "{\"millis\": 6500, \"path\": \"/whoami\"}");
    try (Raw raw = new Raw(site.port())) {
      String end = " HTTP/1.1\r\nHost: a\r\n\r\n";
      raw.send("GET /health" + end + "GET /whoami" + end);
      assertThat(raw.reply(false).body()).contains("\"status\":\"up\"");
      assertThat(raw.reply(false).body()).contains("\"instance\":\"backend-7\"");
    }
  }

  /**
   * A process that was paused for longer than the limit finds its idle timers run out and requests
   * in its sockets. The timers were judged first, and the requests lost: seen in a drill as POSTs
   * that nobody answered.
   */
  @Test
  @EnabledOnOs(OS.LINUX)
  void resumedProcessAnswersWhatCameInWhileItStoodStill() throws Exception {
    List<Raw> kept = new ArrayList<>();
    try (BackendProcess backend = BackendProcess.run("--port", "0")) {
      int port = backend.port();
      for (int i = 0; i < 16; i++) {
        Raw raw = new Raw(port);
        kept.add(raw);
        assertThat(raw.exchange("GET", "/health", "").status()).isEqualTo(200);
      }
      long pausedNanos = System.nanoTime();
      backend.signal("STOP");
      for (Raw raw : kept) {
        raw.request("POST", "/api/v1/plays", "{\"song\": 1}");
      }
      await()
          .atMost(Duration.ofSeconds(60))
          .until(() -> System.nanoTime() - pausedNanos > TimeUnit.SECONDS.toNanos(6));
      backend.signal("CONT");
      for (Raw raw : kept) {
        assertThat(raw.reply(false).status()).isEqualTo(201);
      }
    } finally {
      for (Raw raw : kept) {
        raw.close();
      }
    }
  }
}
