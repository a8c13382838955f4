package dev.backline.sample;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.backline.sample.Raw.Reply;
import io.vertx.core.Future;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class LiveTest {
  private static final Duration PATIENCE = Duration.ofSeconds(30);
  private static final String HANDSHAKE =
      String.join(
          "\r\n",
          "GET /live HTTP/1.1",
          "Host: a",
          "Connection: keep-alive, Upgrade",
          "Upgrade: websocket",
          "Sec-WebSocket-Version: 13",
          "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==",
          "");

  private Running site = Running.withFaults();

  @BeforeEach
  void heal() throws IOException {
    site.healAll();
  }

  @AfterEach
  void stop() {
    site.close();
  }

  @Test
  void eventsTellPlaysAndLikesAndTheInstance() throws IOException {
    try (Raw raw = new Raw(site.port())) {
      raw.request("GET", "/events", "", "X-Request-Id: feed");
      Reply head = raw.reply(true);
      assertThat(head.header("Content-Type")).isEqualTo("text/event-stream");
      assertThat(head.header("Cache-Control")).isEqualTo("no-store");
      assertThat(raw.event()).containsExactly("retry: 1000");
      assertThat(field(raw.event(), "event")).isEqualTo("hello");
      site.exchange("POST", "/api/v1/plays", "{\"song\": 3}");
      List<String> play = raw.event();
      assertThat(field(play, "event")).isEqualTo("play");
      JsonObject data = new JsonObject(field(play, "data"));
      assertThat(data.getString("instance")).isEqualTo("backend-7");
      assertThat(data.getInteger("song")).isEqualTo(3);
      assertThat(data.getString("title")).isEqualTo("Nine-Volt Heart");
      assertThat(data.getInteger("plays")).isEqualTo(1);
      assertThat(data.getString("id")).isEqualTo(field(play, "id"));
      site.exchange("PUT", "/api/v1/likes/3", "{}");
      site.exchange("PUT", "/api/v1/likes/3", "{}");
      site.exchange("PUT", "/api/v1/likes/3", "{\"liked\": false}");
      assertThat(field(raw.event(), "event")).isEqualTo("like");
      assertThat(field(raw.event(), "event")).isEqualTo("unlike");
      assertThat(raw.event()).startsWith(": beat", "event: beat");
      assertThat(site.ledger("feed")).containsExactly("begin");
    }
    await().atMost(PATIENCE).until(() -> site.ledger("feed").equals(List.of("begin", "aborted")));
  }

  @Test
  void eventsGoOnFromTheLastEventId() throws IOException {
    String id;
    try (Raw raw = new Raw(site.port())) {
      raw.request("GET", "/events", "");
      raw.reply(true);
      raw.event();
      id = field(raw.event(), "id");
    }
    site.exchange("POST", "/api/v1/plays", "{\"song\": 4}");
    try (Raw raw = new Raw(site.port())) {
      raw.request("GET", "/events", "", "Last-Event-ID: " + id);
      raw.reply(true);
      raw.event();
      assertThat(field(raw.event(), "data")).contains("\"resumed\":true");
      assertThat(field(raw.event(), "data")).contains("\"song\":4");
    }
  }

  @Test
  void headOfTheEventsEnds() throws IOException {
    try (Raw raw = new Raw(site.port())) {
      assertThat(raw.exchange("HEAD", "/events", "").header("Content-Type"))
          .isEqualTo("text/event-stream");
      assertThat(raw.exchange("GET", "/health", "").status()).isEqualTo(200);
    }
  }

  @Test
  void webSocketTellsTheSame() throws IOException {
    Ear ear = new Ear();
    WebSocket socket = connect(ear, "/live");
    await().atMost(PATIENCE).until(() -> ear.heard.size() == 1);
    assertThat(ear.json(0).getString("event")).isEqualTo("hello");
    socket.sendText("what is said here is thrown away", true).join();
    site.exchange("POST", "/api/v1/plays", "{\"song\": 3}");
    await().atMost(PATIENCE).until(() -> ear.heard.size() == 2);
    assertThat(ear.json(1).getString("event")).isEqualTo("play");
    assertThat(ear.json(1).getString("instance")).isEqualTo("backend-7");
    await().atMost(PATIENCE).until(() -> ear.json(ear.heard.size() - 1).size() == 1);
    assertThat(ear.json(2)).isEqualTo(JsonObject.of("event", "beat"));
    socket.sendClose(WebSocket.NORMAL_CLOSURE, "").join();
    assertThat(ear.closed.join()).isEqualTo(WebSocket.NORMAL_CLOSURE);
  }

  @Test
  void webSocketGoesOnFromWhatWasHeardLast() throws IOException {
    Ear first = new Ear();
    WebSocket socket = connect(first, "/live");
    await().atMost(PATIENCE).until(() -> first.heard.size() == 1);
    socket.abort();
    site.exchange("POST", "/api/v1/plays", "{\"song\": 4}");
    Ear second = new Ear();
    connect(second, "/live?last_event_id=" + first.json(0).getString("id"));
    await().atMost(PATIENCE).until(() -> second.heard.size() == 2);
    assertThat(second.json(0).getBoolean("resumed")).isTrue();
    assertThat(second.json(1).getInteger("song")).isEqualTo(4);
  }

  /** Longer than an idle connection of HTTP would be kept. */
  @Test
  void webSocketOutlivesTheKeepAlive() throws IOException {
    Ear ear = new Ear();
    connect(ear, "/live");
    await().atMost(PATIENCE).until(() -> ear.heard.size() == 4);
    assertThat(ear.closed).isNotDone();
  }

  @Test
  void handshakeNamesTheInstanceAndIsInTheLedger() throws IOException {
    try (Raw raw = new Raw(site.port())) {
      raw.send(HANDSHAKE + "X-Request-Id: shaken\r\n\r\n");
      Reply reply = raw.switched();
      assertThat(reply.statusLine()).isEqualTo("HTTP/1.1 101 Switching Protocols");
      assertThat(reply.header("Sec-WebSocket-Accept")).isEqualTo("s3pPLMBiTxaQ9kYGzzhZRbK+xOo=");
      assertThat(reply.header("Backline-Sample-Instance")).isEqualTo("backend-7");
      assertThat(site.ledger("shaken")).containsExactly("begin");
    }
    await().atMost(PATIENCE).until(() -> site.ledger("shaken").size() == 2);
    assertThat(site.ledger("shaken")).containsExactly("begin", "end 101");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "Sec-WebSocket-Version: 13",
        "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==",
        "Upgrade: websocket",
        "Connection: keep-alive, Upgrade",
      })
  void halfAHandshakeIs426AndTheConnectionStaysInStep(String missing) throws IOException {
    try (Raw raw = new Raw(site.port())) {
      raw.send(HANDSHAKE.replace(missing, "X-Other: 1") + "\r\n");
      Reply reply = raw.reply(false);
      assertThat(reply.status()).isEqualTo(426);
      assertThat(reply.header("Upgrade")).isEqualTo("websocket");
      assertThat(raw.exchange("GET", "/health", "").status()).isEqualTo(200);
    }
  }

  @Test
  void upgradeToAnythingElseIsIgnored() throws IOException {
    try (Raw raw = new Raw(site.port())) {
      assertThat(raw.exchange("GET", "/whoami", "", "Upgrade: h2c").status()).isEqualTo(200);
      assertThat(raw.exchange("GET", "/health", "").status()).isEqualTo(200);
    }
  }

  @Test
  void faultsTouchTheFeedToo() throws IOException {
    site.fault("status", "{\"status\": 503}");
    try (Raw raw = new Raw(site.port())) {
      raw.send(HANDSHAKE + "\r\n");
      assertThat(raw.reply(false).status()).isEqualTo(503);
      assertThat(raw.exchange("GET", "/events", "").status()).isEqualTo(503);
    }
    site.fault("hang", "{}");
    try (Raw raw = new Raw(site.port())) {
      raw.send(HANDSHAKE + "X-Request-Id: held\r\n\r\n");
      await().atMost(PATIENCE).until(() -> !site.ledger("held").isEmpty());
      site.healAll();
      assertThat(raw.switched().status()).isEqualTo(101);
    }
  }

  /** While it serves on: who is sent away finds the others, and nothing holds up the end. */
  @Test
  void drainClosesWebSocketsWith1001AndEndsStreams() throws IOException {
    Ear ear = new Ear();
    connect(ear, "/live");
    await().atMost(PATIENCE).until(() -> ear.heard.size() == 1);
    try (Raw stream = new Raw(site.port())) {
      stream.request("GET", "/events", "", "X-Request-Id: stream");
      stream.reply(true);
      Future<Void> gone = site.drain();
      String rest = stream.untilEnd();
      assertThat(rest).contains("event: hello").endsWith("\r\n0\r\n\r\n");
      assertThat(ear.closed.join()).isEqualTo(1001);
      gone.await();
    }
  }

  private WebSocket connect(Ear ear, String path) {
    URI uri = URI.create("ws://127.0.0.1:" + site.port() + path);
    return HttpClient.newHttpClient().newWebSocketBuilder().buildAsync(uri, ear).join();
  }

  private static String field(List<String> event, String name) {
    return event.stream()
        .filter(line -> line.startsWith(name + ": "))
        .map(line -> line.substring(name.length() + 2))
        .findFirst()
        .orElse("(absent) in " + event);
  }

  private static final class Ear implements WebSocket.Listener {
    private final List<String> heard = new CopyOnWriteArrayList<>();
    private final CompletableFuture<Integer> closed = new CompletableFuture<>();
    private final StringBuilder part = new StringBuilder();

    @Override
    public CompletionStage<?> onText(WebSocket socket, CharSequence data, boolean last) {
      part.append(data);
      if (last) {
        heard.add(part.toString());
        part.setLength(0);
      }
      socket.request(1);
      return CompletableFuture.completedFuture(null);
    }

    @Override
    public CompletionStage<?> onClose(WebSocket socket, int code, String reason) {
      closed.complete(code);
      return CompletableFuture.completedFuture(null);
    }

    @Override
    public void onError(WebSocket socket, Throwable error) {
      closed.completeExceptionally(error);
    }

    private JsonObject json(int i) {
      return new JsonObject(heard.get(i));
    }
  }
}
