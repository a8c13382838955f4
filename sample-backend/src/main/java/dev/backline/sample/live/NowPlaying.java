package dev.backline.sample.live;

import dev.backline.sample.music.Happenings;
import dev.backline.sample.music.Listeners;
import dev.backline.sample.music.Song;
import dev.backline.sample.web.Answer;
import dev.backline.sample.web.Request;
import dev.backline.sample.web.Resource;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.core.http.ServerWebSocket;
import io.vertx.core.json.JsonObject;
import java.time.InstantSource;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The feed of plays and likes, over WebSocket at {@code /live} and as server-sent events at {@code
 * /events}.
 *
 * <p>Owned by the event loop.
 */
public final class NowPlaying implements Happenings {
  private static final long BEAT_MILLIS = 5_000;
  private static final String WEB_SOCKET_VERSION = "13";

  /** Sixteen bytes in base64: RFC 6455, section 4.1. */
  private static final Pattern WEB_SOCKET_KEY = Pattern.compile("[A-Za-z0-9+/]{22}==");

  private final Listeners listeners;
  private final InstantSource clock;
  private final Feed feed;

  public NowPlaying(Vertx vertx, String instance, Listeners listeners, InstantSource clock) {
    this.listeners = listeners;
    this.clock = clock;
    feed = new Feed(instance, instance + "." + Long.toString(clock.millis(), Character.MAX_RADIX));
    vertx.setPeriodic(BEAT_MILLIS, now -> feed.beat());
  }

  public List<Resource> resources() {
    return List.of(Resource.at("/live").get(this::live), Resource.at("/events").get(this::events));
  }

  @Override
  public void happened(String what, Song song) {
    JsonObject data =
        JsonObject.of(
            "song", song.id(),
            "title", song.title(),
            "artist", song.artist(),
            "plays", listeners.plays(song),
            "likes", listeners.likes(song),
            "at", clock.millis());
    feed.tell(what, data);
  }

  /** Has all who listen ask again elsewhere. */
  public void end() {
    feed.end();
  }

  private Answer events(Request request) {
    if (!feed.hasRoom()) {
      return full();
    }
    String heardLast = request.headers().get("Last-Event-ID");
    return Answer.flow("text/event-stream", response -> stream(response, heardLast));
  }

  private Future<Void> stream(HttpServerResponse response, @Nullable String heardLast) {
    EventStream stream = new EventStream(response);
    stream.whenGone(() -> feed.leave(stream));
    feed.join(stream, heardLast);
    return stream.ended();
  }

  private Answer live(Request request) {
    if (!isHandshake(request)) {
      return Answer.error(426, "upgrade: none (expected: a WebSocket, version 13; or /events)")
          .with("Upgrade", "websocket")
          .with("Sec-WebSocket-Version", WEB_SOCKET_VERSION);
    }
    if (!feed.hasRoom()) {
      return full();
    }
    String heardLast = request.query().get("last_event_id");
    return Answer.webSocket(socket -> join(socket, heardLast));
  }

  private Future<Void> join(ServerWebSocket socket, @Nullable String heardLast) {
    LiveSocket live = new LiveSocket(socket);
    feed.join(live, heardLast);
    return live.closed().onSuccess(closed -> feed.leave(live));
  }

  private static Answer full() {
    return Answer.error(503, "feed: no room here (expected: another instance)")
        .with("Retry-After", "1");
  }

  private static boolean isHandshake(Request request) {
    String connection = String.join(",", request.headers().getAll("Connection"));
    String key = request.headers().get("Sec-WebSocket-Key");
    return request.isGet()
        && "websocket".equalsIgnoreCase(request.headers().get("Upgrade"))
        && connection.toLowerCase(Locale.ROOT).contains("upgrade")
        && WEB_SOCKET_VERSION.equals(request.headers().get("Sec-WebSocket-Version"))
        && key != null
        && WEB_SOCKET_KEY.matcher(key).matches();
  }
}
