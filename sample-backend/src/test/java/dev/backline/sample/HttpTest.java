package dev.backline.sample;

import static org.assertj.core.api.Assertions.assertThat;

import dev.backline.sample.Raw.Reply;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@TestInstance(Lifecycle.PER_CLASS)
class HttpTest {
  private Running site;

  @BeforeAll
  void start() {
    site = Running.plain();
  }

  @AfterAll
  void stop() {
    site.close();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "/",
        "/style.css",
        "/app.js",
        "/linecheck.js",
        "/player.js",
        "/feed.js",
        "/favicon.svg",
        "/hero.svg",
        "/covers/3.svg",
        "/api/v1/music",
        "/api/v1/music/3"
      })
  void contentHasAWeakTagThatSavesTheBody(String path) throws IOException {
    Reply whole = site.get(path);
    assertThat(whole.status()).isEqualTo(200);
    assertThat(whole.header("ETag")).matches("W/\"[0-9a-f]+-[0-9a-f]{16}\"");
    assertThat(whole.header("Content-Length")).isEqualTo(String.valueOf(whole.length()));

    Reply known = site.get(path, "If-None-Match: \"other\", " + whole.header("ETag"));
    assertThat(known.statusLine()).isEqualTo("HTTP/1.1 304 Not Modified");
    assertThat(known.header("ETag")).isEqualTo(whole.header("ETag"));
    assertThat(known.header("Cache-Control")).isEqualTo(whole.header("Cache-Control"));
    assertThat(known.header("Content-Length")).isEqualTo("(absent)");

    Reply head = site.exchange("HEAD", path, "");
    assertThat(head.status()).isEqualTo(200);
    assertThat(head.header("Content-Length")).isEqualTo(whole.header("Content-Length"));
    assertThat(head.header("ETag")).isEqualTo(whole.header("ETag"));
    assertThat(head.header("Content-Type")).isEqualTo(whole.header("Content-Type"));
  }

  @Test
  void headAnd304LeaveTheConnectionInStep() throws IOException {
    try (Raw raw = new Raw(site.port())) {
      String tag = raw.exchange("HEAD", "/hero.svg", "").header("ETag");
      assertThat(raw.exchange("GET", "/hero.svg", "", "If-None-Match: " + tag).status())
          .isEqualTo(304);
      assertThat(raw.exchange("GET", "/whoami", "").status()).isEqualTo(200);
      assertThat(raw.exchange("GET", "/hero.svg", "").length()).isGreaterThan(100_000);
      assertThat(raw.exchange("GET", "/health", "").status()).isEqualTo(200);
    }
  }

  @Test
  void pageAllowsNothingFromOutside() throws IOException {
    assertThat(site.get("/").header("Content-Security-Policy"))
        .startsWith("default-src 'self';")
        .doesNotContain("unsafe", "http", "*");
  }

  @Test
  void tagChangesWithTheContent() throws IOException {
    String before = site.get("/api/v1/music/7").header("ETag");
    site.exchange("POST", "/api/v1/plays", "{\"song\": 7}");
    Reply after = site.get("/api/v1/music/7", "If-None-Match: " + before);
    assertThat(after.status()).isEqualTo(200);
    assertThat(after.header("ETag")).isNotEqualTo(before);
  }

  @Test
  void bigPictureMayBeKept() throws IOException {
    assertThat(site.get("/hero.svg").header("Cache-Control")).isEqualTo("public, max-age=3600");
    assertThat(site.get("/").header("Cache-Control")).isEqualTo("no-cache");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"/", "/api/v1/music", "/whoami", "/health", "/nowhere", "/testbed/ledger"})
  void everyAnswerNamesTheInstanceAndTheKeepAlive(String path) throws IOException {
    Reply reply = site.get(path);
    assertThat(reply.header("Backline-Sample-Instance")).isEqualTo("backend-7");
    assertThat(reply.header("Keep-Alive")).isEqualTo("timeout=5");
    assertThat(reply.header("Date"))
        .matches("\\w{3}, \\d\\d \\w{3} \\d{4} \\d\\d:\\d\\d:\\d\\d GMT");
  }

  @Test
  void whoamiTellsInstanceAddressAndHeaders() throws IOException {
    Reply reply = site.get("/whoami", "X-Odd: one", "X-Odd: two", "Via: 1.1 balancer-1");
    JsonObject me = new JsonObject(reply.body());
    assertThat(me.getString("instance")).isEqualTo("backend-7");
    assertThat(me.getString("address")).isEqualTo("127.0.0.1:" + site.port());
    assertThat(me.getJsonObject("headers"))
        .isEqualTo(JsonObject.of("Host", "test", "X-Odd", "one, two", "Via", "1.1 balancer-1"));
    assertThat(reply.header("ETag")).isEqualTo("(absent)");
  }

  @Test
  void healthIsUp() throws IOException {
    Reply reply = site.get("/health");
    assertThat(reply.status()).isEqualTo(200);
    assertThat(reply.body()).isEqualTo("{\"status\":\"up\",\"instance\":\"backend-7\"}");
    assertThat(reply.header("Backline-State")).isEqualTo("(absent)");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "DELETE | /                | GET, HEAD, OPTIONS",
        "POST   | /api/v1/music    | GET, HEAD, OPTIONS",
        "GET    | /api/v1/plays    | POST, OPTIONS",
        "POST   | /api/v1/likes/1  | PUT, OPTIONS",
        "PUT    | /hero.svg        | GET, HEAD, OPTIONS",
        "PATCH  | /whoami          | GET, HEAD, OPTIONS",
        "POST   | /health          | GET, HEAD, OPTIONS",
        "PUT    | /api/v1/music/1  | GET, HEAD, OPTIONS",
        "DELETE | /covers/1.svg    | GET, HEAD, OPTIONS",
        "DELETE | /testbed/ledger  | GET, HEAD, OPTIONS",
      })
  void otherMethodsAreRefusedWithThoseThatAreAllowed(String method, String path, String allowed)
      throws IOException {
    Reply reply = site.exchange(method, path, "");
    assertThat(reply.status()).isEqualTo(405);
    assertThat(reply.header("Allow")).isEqualTo(allowed);
    assertThat(new JsonObject(reply.body()).getString("error"))
        .isEqualTo("method: " + method + " on " + path + " (expected: " + allowed + ")");
    Reply options = site.exchange("OPTIONS", path, "");
    assertThat(options.status()).isEqualTo(204);
    assertThat(options.header("Allow")).isEqualTo(allowed);
  }

  /** It was parsed in the middle of the execution, which threw, and nobody answered. */
  @ParameterizedTest
  @ValueSource(
      strings = {"/?a=%zz", "/api/v1/music?page=%", "/api/v1/music/1?x=%f", "/health?%", "/no?%"})
  void wronglyEncodedQueryIsRefusedAndNotExecuted(String target) throws IOException {
    try (Raw raw = new Raw(site.port())) {
      Reply reply = raw.exchange("POST", target, "{\"song\": 1}", "X-Request-Id: odd-query");
      assertThat(reply.status()).isEqualTo(400);
      assertThat(new JsonObject(reply.body()).getString("error"))
          .startsWith("query: \"")
          .endsWith("(expected: well-formed percent-encoding)");
      assertThat(raw.exchange("GET", "/health", "").status()).isEqualTo(200);
    }
    assertThat(site.ledger("odd-query")).isEmpty();
  }

  @Test
  void headOfTheLedgerIsThatOfItsGet() throws IOException {
    try (Raw raw = new Raw(site.port())) {
      Reply get = raw.exchange("GET", "/testbed/ledger", "");
      Reply head = raw.exchange("HEAD", "/testbed/ledger", "");
      assertThat(head.status()).isEqualTo(200);
      assertThat(head.header("Content-Type")).isEqualTo(get.header("Content-Type"));
      assertThat(raw.exchange("GET", "/health", "").status()).isEqualTo(200);
    }
  }

  @Test
  void unknownPathIs404InJson() throws IOException {
    Reply reply = site.get("/login");
    assertThat(reply.status()).isEqualTo(404);
    assertThat(new JsonObject(reply.body()).getString("error")).startsWith("path: /login is not");
  }

  /** The router answered these by itself, and logged each as an exception of ours. */
  @ParameterizedTest
  @CsvSource({"OPTIONS, *", "GET, health", "CONNECT, a:1"})
  void targetThatIsNoPathIs404InJsonToo(String method, String target) throws IOException {
    Reply reply = site.exchange(method, target, "");
    assertThat(reply.status()).isEqualTo(404);
    assertThat(reply.header("Backline-Sample-Instance")).isEqualTo("backend-7");
    assertThat(new JsonObject(reply.body()).getString("error"))
        .startsWith("path: " + target + " is not here");
  }

  @Test
  void bodyOfMoreThanTheLimitIsRefusedAndTheConnectionStaysInStep() throws IOException {
    String tooLong = "{\"song\": 1}" + " ".repeat(16 * 1024);
    try (Raw raw = new Raw(site.port())) {
      Reply reply = raw.exchange("POST", "/api/v1/plays", tooLong);
      assertThat(reply.status()).isEqualTo(413);
      assertThat(new JsonObject(reply.body()).getString("error"))
          .isEqualTo("body: too long (expected: at most 16384 bytes)");
      assertThat(raw.exchange("GET", "/health", "").status()).isEqualTo(200);
    }
  }

  @Test
  void chunkedBodyOfMoreThanTheLimitIsRefusedToo() throws IOException {
    try (Raw raw = new Raw(site.port())) {
      raw.send("POST /api/v1/plays HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n");
      raw.send("5000\r\n" + " ".repeat(0x5000) + "\r\n0\r\n\r\n");
      assertThat(raw.reply(false).status()).isEqualTo(413);
      assertThat(raw.exchange("GET", "/health", "").status()).isEqualTo(200);
    }
  }

  @Test
  void requestWhoseBodyBreaksOffHasNoEffect() throws IOException {
    int before = site.json("/api/v1/music/11").getInteger("plays");
    try (Raw raw = new Raw(site.port())) {
      raw.send("POST /api/v1/plays HTTP/1.1\r\nHost: a\r\nX-Request-Id: cut\r\n");
      raw.send("Content-Length: 40\r\n\r\n{\"song\": 11}");
    }
    try (Raw raw = new Raw(site.port())) {
      raw.send("POST /api/v1/plays HTTP/1.1\r\nHost: a\r\nX-Request-Id: cut\r\n");
      raw.send("Transfer-Encoding: chunked\r\n\r\nzz\r\n{\"song\": 11}\r\n0\r\n\r\n");
      assertThat(raw.reply(false).status()).isEqualTo(400);
    }
    assertThat(site.json("/api/v1/music/11").getInteger("plays")).isEqualTo(before);
    assertThat(site.ledger("cut")).isEmpty();
  }

  @Test
  void clientThatAsksBeforeItSendsIsToldToGoOn() throws IOException {
    try (Raw raw = new Raw(site.port())) {
      raw.send("POST /api/v1/plays HTTP/1.1\r\nHost: a\r\nExpect: 100-continue\r\n");
      raw.send("Content-Length: 12\r\n\r\n");
      assertThat(raw.reply(true).statusLine()).isEqualTo("HTTP/1.1 100 Continue");
      raw.send("{\"song\": 14}");
      assertThat(raw.reply(false).status()).isEqualTo(201);
    }
  }

  @Test
  void clientOfHttp10IsAnsweredAndClosed() throws IOException {
    try (Raw raw = new Raw(site.port())) {
      raw.send("GET /health HTTP/1.0\r\n\r\n");
      assertThat(raw.untilEnd()).startsWith("HTTP/1.0 200 OK\r\n").endsWith("backend-7\"}");
    }
  }

  @Test
  void pipelinedRequestsAreAnsweredInOrder() throws IOException {
    try (Raw raw = new Raw(site.port())) {
      raw.request("GET", "/api/v1/music/1", "");
      raw.request("GET", "/api/v1/music/2", "");
      raw.request("GET", "/health", "");
      assertThat(raw.reply(false).body()).contains("\"id\":1,");
      assertThat(raw.reply(false).body()).contains("\"id\":2,");
      assertThat(raw.reply(false).body()).contains("\"status\":\"up\"");
    }
  }
}
