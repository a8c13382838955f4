package dev.backline.sample;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;

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
}
