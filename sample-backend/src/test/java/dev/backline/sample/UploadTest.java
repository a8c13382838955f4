package dev.backline.sample;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.backline.sample.Raw.Reply;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.HexFormat;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;

@TestInstance(Lifecycle.PER_CLASS)
class UploadTest {
  private static final String UPLOADS = "/api/v1/uploads";
  private static final Duration PATIENCE = Duration.ofSeconds(60);
  private static final String PIECE = "a quarter of a megabyte of song.".repeat(8 * 1024);

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
  void uploadIsAnsweredWithLengthDigestAndInstance() throws Exception {
    Reply reply = site.exchange("POST", UPLOADS, PIECE, "X-Request-Id: up");
    assertThat(reply.status()).isEqualTo(201);
    assertThat(new JsonObject(reply.body()))
        .isEqualTo(JsonObject.of("length", 262_144, "sha256", sha256(1), "instance", "backend-7"));
    assertThat(site.ledger("up")).containsExactly("begin", "end 201");
  }

  @Test
  void emptyUploadIsOneToo() throws Exception {
    JsonObject json = new JsonObject(site.exchange("POST", UPLOADS, "").body());
    assertThat(json.getInteger("length")).isZero();
    assertThat(json.getString("sha256")).isEqualTo(sha256(0));
  }

  @Test
  void chunkedUploadIsAnsweredAlike() throws Exception {
    try (Raw raw = new Raw(site.port())) {
      raw.send("POST " + UPLOADS + " HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n");
      raw.send("40000\r\n" + PIECE + "\r\n40000\r\n" + PIECE + "\r\n0\r\n\r\n");
      assertThat(new JsonObject(raw.reply(false).body()).getString("sha256")).isEqualTo(sha256(2));
      assertThat(raw.exchange("GET", "/health", "").status()).isEqualTo(200);
    }
  }

  /** Twenty times what the heap of this process could hold. */
  @Test
  void uploadOfManyTimesTheHeapIsTaken() throws Exception {
    int pieces = 2_560;
    try (BackendProcess backend = BackendProcess.run("--port", "0");
        Raw raw = new Raw(backend.port())) {
      long length = (long) pieces * PIECE.length();
      raw.send("POST " + UPLOADS + " HTTP/1.1\r\nHost: a\r\nContent-Length: " + length);
      raw.send("\r\n\r\n");
      for (int i = 0; i < pieces; i++) {
        raw.send(PIECE);
      }
      Reply reply = raw.reply(false);
      assertThat(reply.status()).isEqualTo(201);
      JsonObject json = new JsonObject(reply.body());
      assertThat(json.getLong("length")).isEqualTo(length);
      assertThat(json.getString("sha256")).isEqualTo(sha256(pieces));
    }
  }

  @Test
  void abortedUploadLeavesNothing() throws IOException {
    try (Raw raw = new Raw(site.port())) {
      raw.send("POST " + UPLOADS + " HTTP/1.1\r\nHost: a\r\nX-Request-Id: cut\r\n");
      raw.send("Content-Length: 1000000\r\n\r\n" + PIECE);
    }
    assertThat(site.ledger("cut")).isEmpty();
  }

  @Test
  void brokenChunksAreRefusedAndLeaveNothing() throws IOException {
    try (Raw raw = new Raw(site.port())) {
      raw.send("POST " + UPLOADS + " HTTP/1.1\r\nHost: a\r\nX-Request-Id: broken\r\n");
      raw.send("Transfer-Encoding: chunked\r\n\r\n5\r\nhello\r\nzz\r\n\r\n");
      assertThat(raw.reply(false).status()).isEqualTo(400);
    }
    assertThat(site.ledger("broken")).isEmpty();
  }

  @Test
  void uploadThatStandsStillIsCutOff() throws IOException {
    try (Raw raw = new Raw(site.port())) {
      raw.send("POST " + UPLOADS + " HTTP/1.1\r\nHost: a\r\nContent-Length: 100\r\n\r\nhello");
      assertThat(raw.untilEnd()).isEmpty();
    }
  }

  /** Six seconds are more than a silent one would be given. */
  @Test
  void uploadThatIsSlowIsTaken() throws Exception {
    try (Raw raw = new Raw(site.port())) {
      raw.send("POST " + UPLOADS + " HTTP/1.1\r\nHost: a\r\nContent-Length: 4\r\n\r\n");
      long start = System.nanoTime();
      for (int i = 1; i <= 4; i++) {
        long due = Duration.ofMillis(1_500L * i).toNanos();
        await().atMost(PATIENCE).until(() -> System.nanoTime() - start > due);
        raw.send("x");
      }
      assertThat(raw.reply(false).status()).isEqualTo(201);
    }
  }

  @Test
  void uploadInProgressAtTheDrainIsFinished() throws Exception {
    try (BackendProcess backend = BackendProcess.run("--port", "0")) {
      int port = backend.port();
      try (Raw raw = new Raw(port)) {
        raw.send("POST " + UPLOADS + " HTTP/1.1\r\nHost: a\r\nContent-Length: 262148\r\n\r\n");
        raw.send("more");
        backend.sigterm();
        await().atMost(PATIENCE).until(() -> backend.log().contains("event=not-accepting"));
        raw.send(PIECE);
        Reply reply = raw.reply(false);
        assertThat(reply.status()).isEqualTo(201);
        assertThat(reply.header("Connection")).isEqualTo("close");
      }
      assertThat(backend.exitCode()).isZero();
    }
  }

  @Test
  void otherMethodsAreRefused() throws IOException {
    Reply reply = site.get(UPLOADS);
    assertThat(reply.status()).isEqualTo(405);
    assertThat(reply.header("Allow")).isEqualTo("POST, OPTIONS");
  }

  private static String sha256(int pieces) throws NoSuchAlgorithmException {
    MessageDigest digest = MessageDigest.getInstance("SHA-256");
    byte[] piece = PIECE.getBytes(StandardCharsets.US_ASCII);
    for (int i = 0; i < pieces; i++) {
      digest.update(piece);
    }
    return HexFormat.of().formatHex(digest.digest());
  }
}
