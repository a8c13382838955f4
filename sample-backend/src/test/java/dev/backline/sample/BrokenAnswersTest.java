package dev.backline.sample;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.backline.sample.Raw.Reply;
import java.io.EOFException;
import java.io.IOException;
import java.net.SocketException;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;

/** The faults that are seen in the bytes, and in how a connection ends. */
@TestInstance(Lifecycle.PER_CLASS)
class BrokenAnswersTest {
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
  void resetEndsTheConnectionWithoutAByte() throws IOException {
    site.fault("reset", "{}");
    try (Raw raw = new Raw(site.port())) {
      raw.request("GET", "/whoami", "", "X-Request-Id: reset");
      assertThatThrownBy(raw::untilEnd).isInstanceOf(SocketException.class);
    }
    await().atMost(PATIENCE).until(() -> site.ledger("reset").size() == 2);
    assertThat(site.ledger("reset")).containsExactly("begin", "aborted");
  }

  @Test
  void resetAfterTheHeadEndsTheConnectionWithoutAByteOfTheBody() throws IOException {
    site.fault("reset", "{\"after_head\": true}");
    try (Raw raw = new Raw(site.port())) {
      raw.request("GET", "/whoami", "", "X-Request-Id: headed");
      Reply head = raw.reply(true);
      assertThat(head.status()).isEqualTo(200);
      assertThat(head.header("Content-Length")).isNotEqualTo("0");
      assertThatThrownBy(raw::untilEnd).isInstanceOf(SocketException.class);
    }
    await().atMost(PATIENCE).until(() -> site.ledger("headed").size() == 2);
    assertThat(site.ledger("headed")).containsExactly("begin", "aborted");
  }

  @Test
  void truncateSendsAPartOfWhatItAnnouncedAndCloses() throws IOException {
    String whole = site.get("/style.css").body();
    site.fault("truncate", "{\"body_percent\": 25}");
    try (Raw raw = new Raw(site.port())) {
      raw.request("GET", "/style.css", "", "X-Request-Id: cut-short");
      Reply head = raw.reply(true);
      assertThat(head.header("Content-Length")).isEqualTo("" + whole.length());
      assertThat(raw.untilEnd()).isEqualTo(whole.substring(0, whole.length() / 4));
    }
    await().atMost(PATIENCE).until(() -> site.ledger("cut-short").size() == 2);
    assertThat(site.ledger("cut-short")).containsExactly("begin", "aborted");
  }

  @Test
  void truncateOfNothingChangesNothing() throws IOException {
    site.fault("truncate", "{}");
    try (Raw raw = new Raw(site.port())) {
      assertThat(raw.exchange("HEAD", "/style.css", "").status()).isEqualTo(200);
      assertThat(raw.exchange("OPTIONS", "/style.css", "").status()).isEqualTo(204);
    }
  }

  /** Twelve waits of 20 ms at the least lie between its first byte and its end. */
  @Test
  void trickleSendsTheWholeBodyFewBytesAtATime() throws IOException {
    String whole = site.get("/api/v1/music/1").body();
    int bytes = whole.length() / 12;
    site.fault("trickle", "{\"bytes\": " + bytes + ", \"every_millis\": 20}");
    long start = System.nanoTime();
    try (Raw raw = new Raw(site.port())) {
      Reply reply = raw.exchange("GET", "/api/v1/music/1", "", "X-Request-Id: drops");
      assertThat(reply.body()).isEqualTo(whole);
      assertThat(System.nanoTime() - start).isGreaterThan(Duration.ofMillis(200).toNanos());
      site.healAll();
      assertThat(raw.exchange("GET", "/health", "").status()).isEqualTo(200);
    }
    await().atMost(PATIENCE).until(() -> site.ledger("drops").equals(List.of("begin", "end 200")));
  }

  @Test
  void clientThatLeavesATrickleIsAborted() throws IOException {
    site.fault("trickle", "{\"bytes\": 1, \"every_millis\": 60000}");
    try (Raw raw = new Raw(site.port())) {
      raw.request("GET", "/whoami", "", "X-Request-Id: impatient");
      assertThat(raw.reply(true).status()).isEqualTo(200);
    }
    await().atMost(PATIENCE).until(() -> site.ledger("impatient").size() == 2);
    assertThat(site.ledger("impatient")).containsExactly("begin", "aborted");
  }

  @Test
  void framingOfTwoLengthsNamesBoth() throws IOException {
    String whole = site.get("/favicon.svg").body();
    String answer = misframed("two-lengths", "/favicon.svg");
    assertThat(answer)
        .startsWith("HTTP/1.1 200 OK\r\n")
        .contains("\r\nContent-Length: " + whole.length() + "\r\n")
        .contains("\r\nContent-Length: " + (whole.length() + 1) + "\r\n\r\n")
        .endsWith("\r\n\r\n" + whole);
  }

  @Test
  void framingByLengthAndByChunksIsBoth() throws IOException {
    String whole = site.get("/favicon.svg").body();
    String size = Integer.toHexString(whole.length());
    assertThat(misframed("length-and-chunked", "/favicon.svg"))
        .contains("\r\nContent-Length: " + whole.length() + "\r\n")
        .contains("\r\nTransfer-Encoding: chunked\r\n\r\n")
        .endsWith("\r\n\r\n" + size + "\r\n" + whole + "\r\n0\r\n\r\n");
  }

  @Test
  void framingByABadChunkBreaksOffBehindAGoodOne() throws IOException {
    String whole = site.get("/favicon.svg").body();
    assertThat(misframed("bad-chunk", "/favicon.svg"))
        .contains("\r\nTransfer-Encoding: chunked\r\n\r\n")
        .doesNotContain("Content-Length")
        .endsWith(whole + "\r\nzz\r\nnothing\r\n0\r\n\r\n");
  }

  @Test
  void framingWithASurplusSendsAnAnswerThatNobodyAskedFor() throws IOException {
    site.fault("framing", "{\"kind\": \"surplus\"}");
    try (Raw raw = new Raw(site.port())) {
      assertThat(raw.exchange("GET", "/whoami", "").body()).contains("backend-7");
      assertThat(raw.reply(false).body()).isEqualTo("unasked");
      site.healAll();
      assertThat(raw.exchange("GET", "/health", "").status()).isEqualTo(200);
    }
  }

  private String misframed(String kind, String path) throws IOException {
    site.fault("framing", "{\"kind\": \"" + kind + "\"}");
    try (Raw raw = new Raw(site.port())) {
      raw.request("GET", path, "");
      return raw.untilEnd();
    }
  }

  @Test
  void healthSaysUpWhileEverythingFails() throws IOException {
    site.fault("health", "{\"says\": \"up\"}");
    Reply health = site.get("/health");
    assertThat(health.status()).isEqualTo(200);
    assertThat(health.body()).isEqualTo("{\"status\":\"up\"}");
    assertThat(site.get("/whoami").status()).isEqualTo(500);
    assertThat(site.get("/testbed/faults").status()).isEqualTo(200);
  }

  @Test
  void healthSaysDownWhileAllIsWell() throws IOException {
    site.fault("health", "{\"says\": \"down\"}");
    assertThat(site.get("/health").status()).isEqualTo(503);
    assertThat(site.get("/whoami").status()).isEqualTo(200);
  }

  /** Its announcement is unchanged, and its end comes before what was announced could be over. */
  @Test
  void keepAliveIsShorterThanAnnounced() throws IOException {
    site.fault("keep-alive", "{\"millis\": 0}");
    try (Raw raw = new Raw(site.port())) {
      Reply reply = raw.exchange("GET", "/whoami", "");
      assertThat(reply.header("Keep-Alive")).isEqualTo("timeout=5");
      assertThat(reply.header("Connection")).isEqualTo("(absent)");
      long answered = System.nanoTime();
      assertThat(raw.untilEnd()).isEmpty();
      assertThat(System.nanoTime() - answered).isLessThan(Duration.ofSeconds(4).toNanos());
    }
  }

  @Test
  void keepAliveIsAsAnnouncedOnceTheFaultIsGone() throws IOException {
    site.fault("keep-alive", "{\"millis\": 3000}");
    try (Raw raw = new Raw(site.port())) {
      raw.exchange("GET", "/whoami", "");
      site.healAll();
      raw.exchange("GET", "/whoami", "");
      long answered = System.nanoTime();
      assertThat(raw.untilEnd()).isEmpty();
      assertThat(System.nanoTime() - answered).isGreaterThan(Duration.ofMillis(4_900).toNanos());
    }
  }

  @Test
  void crashEndsTheProcessInTheMiddleOfARequest() throws Exception {
    try (BackendProcess backend = BackendProcess.run("--port", "0", "--faults")) {
      int port = backend.port();
      BackendProcess.putFault(port, "crash", "{\"exit_code\": 99, \"path\": \"/api/\"}");
      assertThat(Raw.get(port, "/health").status()).isEqualTo(200);
      assertThatThrownBy(() -> Raw.exchange(port, "POST", "/api/v1/plays", "{\"song\": 1}"))
          .isInstanceOfAny(EOFException.class, SocketException.class);
      assertThat(backend.exitCode()).isEqualTo(99);
      assertThat(backend.log()).doesNotContain("event=draining");
    }
  }
}
