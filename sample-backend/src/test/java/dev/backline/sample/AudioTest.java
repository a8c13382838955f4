package dev.backline.sample;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.backline.sample.Raw.Reply;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@TestInstance(Lifecycle.PER_CLASS)
class AudioTest {
  private static final Duration PATIENCE = Duration.ofSeconds(30);
  private static final String SONG = "/audio/3";

  private Running site;
  private Reply whole;

  @BeforeAll
  void start() throws IOException {
    site = Running.plain();
    whole = site.get(SONG);
  }

  @AfterAll
  void stop() {
    site.close();
  }

  @Test
  void wholeSongHasALengthAndAStrongTag() throws IOException {
    assertThat(whole.status()).isEqualTo(200);
    assertThat(whole.header("Content-Type")).isEqualTo("audio/wav");
    assertThat(whole.header("Accept-Ranges")).isEqualTo("bytes");
    assertThat(whole.header("ETag")).matches("\"[0-9a-f]{16}\"");
    assertThat(whole.header("Content-Length")).isEqualTo("" + whole.length());
    assertThat(whole.length()).isBetween(20 * 44_100, 40 * 44_100);
    assertThat(whole.body()).startsWith("RIFF");
  }

  @Test
  void anotherInstanceHasTheSameBytesAndTag() throws IOException {
    try (Running other = Running.plain()) {
      Reply same = other.get(SONG);
      assertThat(same.bytes()).isEqualTo(whole.bytes());
      assertThat(same.header("ETag")).isEqualTo(whole.header("ETag"));
    }
  }

  @Test
  void headIsThatOfTheGetAndIgnoresARange() throws IOException {
    try (Raw raw = new Raw(site.port())) {
      Reply head = raw.exchange("HEAD", SONG, "", "Range: bytes=0-9");
      assertThat(head.status()).isEqualTo(200);
      assertThat(head.header("Content-Length")).isEqualTo("" + whole.length());
      assertThat(head.header("ETag")).isEqualTo(whole.header("ETag"));
      assertThat(raw.exchange("GET", "/health", "").status()).isEqualTo(200);
    }
  }

  @ParameterizedTest
  @CsvSource({
    "bytes=0-0, 0, 0",
    "bytes=40-99999, 40, 99999",
    "bytes=100001-200002, 100001, 200002",
    "BYTES=7-9, 7, 9",
    "bytes=1000000-, 1000000, -1",
    "bytes=1000000-99999999999999999999, 1000000, -1",
    "bytes=-7, -7, -1",
    "bytes=-99999999999999999999, 0, -1",
  })
  void rangeIsThatPartOfTheSong(String range, int from, int to) throws IOException {
    int first = from < 0 ? whole.length() + from : from;
    int last = to < 0 ? whole.length() + to : to;
    Reply part = site.get(SONG, "Range: " + range);
    assertThat(part.status()).isEqualTo(206);
    assertThat(part.header("Content-Range"))
        .isEqualTo("bytes " + first + "-" + last + "/" + whole.length());
    assertThat(part.header("Content-Length")).isEqualTo("" + (last - first + 1));
    assertThat(part.header("ETag")).isEqualTo(whole.header("ETag"));
    assertThat(part.bytes()).isEqualTo(whole.bytes().slice(first, last + 1));
  }

  @ParameterizedTest
  @ValueSource(strings = {"bytes=99999999-", "bytes=99999999999999999999-", "bytes=-0"})
  void rangeOutsideIs416WithTheLength(String range) throws IOException {
    Reply reply = site.get(SONG, "Range: " + range);
    assertThat(reply.status()).isEqualTo(416);
    assertThat(reply.header("Content-Range")).isEqualTo("bytes */" + whole.length());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "bytes=9-5",
        "bytes=-",
        "bytes=a-b",
        "bytes=0-1,4-5",
        "seconds=1-2",
        "bytes 0-1",
        "bytes=0x1-2"
      })
  void whatIsNotOneRangeIsAnsweredWithTheWhole(String range) throws IOException {
    Reply reply = site.get(SONG, "Range: " + range);
    assertThat(reply.status()).isEqualTo(200);
    assertThat(reply.length()).isEqualTo(whole.length());
  }

  @Test
  void ifRangeOfTheSameTagGivesThePartAndOfAnyOtherTheWhole() throws IOException {
    String tag = whole.header("ETag");
    String range = "Range: bytes=0-9";
    assertThat(site.get(SONG, range, "If-Range: " + tag).status()).isEqualTo(206);
    for (String other : List.of("W/" + tag, "\"other\"", "Sun, 22 Nov 2026 12:00:00 GMT")) {
      assertThat(site.get(SONG, range, "If-Range: " + other).status()).as(other).isEqualTo(200);
    }
    assertThat(site.get(SONG, "Range: bytes=99999999-", "If-Range: \"other\"").status())
        .isEqualTo(200);
  }

  @Test
  void knownSongIs304EvenWithARange() throws IOException {
    String tag = whole.header("ETag");
    try (Raw raw = new Raw(site.port())) {
      Reply known = raw.exchange("GET", SONG, "", "If-None-Match: W/" + tag, "Range: bytes=0-9");
      assertThat(known.status()).isEqualTo(304);
      assertThat(known.header("ETag")).isEqualTo(tag);
      assertThat(raw.exchange("HEAD", SONG, "", "If-None-Match: *").status()).isEqualTo(304);
      assertThat(raw.exchange("GET", "/health", "").status()).isEqualTo(200);
    }
  }

  @Test
  void ifMatchComparesStrongly() throws IOException {
    String tag = whole.header("ETag");
    assertThat(site.get(SONG, "If-Match: \"x\", " + tag, "Range: bytes=0-1").status())
        .isEqualTo(206);
    assertThat(site.get(SONG, "If-Match: W/" + tag).status()).isEqualTo(412);
    assertThat(site.get("/", "If-Match: *").status()).isEqualTo(200);
  }

  @Test
  void otherContentHasNoParts() throws IOException {
    Reply reply = site.get("/hero.svg", "Range: bytes=0-9");
    assertThat(reply.status()).isEqualTo(200);
    assertThat(reply.header("Accept-Ranges")).isEqualTo("(absent)");
  }

  @ParameterizedTest
  @ValueSource(strings = {"/audio/0", "/audio/25", "/audio/x", "/audio/99999999999"})
  void songThatIsNotThereIs404(String path) throws IOException {
    assertThat(site.get(path).status()).isEqualTo(404);
  }

  /** The song is larger than what the two sockets hold: it waits, and others are served. */
  @Test
  void clientThatDoesNotReadHoldsUpNobody() throws IOException {
    try (Raw slow = new Raw(site.port())) {
      for (int i = 0; i < 8; i++) {
        slow.request("GET", SONG, "", "X-Request-Id: slow");
      }
      await().atMost(PATIENCE).until(() -> !site.ledger("slow").isEmpty());
      assertThat(site.get("/whoami").status()).isEqualTo(200);
      assertThat(site.ledger("slow")).hasSizeLessThan(16);
      for (int i = 0; i < 8; i++) {
        assertThat(slow.reply(false).bytes()).isEqualTo(whole.bytes());
      }
    }
    await().atMost(PATIENCE).until(() -> site.ledger("slow").size() == 16);
  }

  @Test
  void clientThatLeavesInTheMiddleIsAborted() throws IOException {
    try (Raw raw = new Raw(site.port())) {
      for (int i = 0; i < 8; i++) {
        raw.request("GET", SONG, "", "X-Request-Id: bored");
      }
      assertThat(raw.reply(true).status()).isEqualTo(200);
    }
    await().atMost(PATIENCE).until(() -> site.ledger("bored").contains("aborted"));
  }
}
