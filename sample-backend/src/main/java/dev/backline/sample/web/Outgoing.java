package dev.backline.sample.web;

import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelOption;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpConnection;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.core.net.impl.ConnectionBase;
import java.nio.charset.StandardCharsets;
import java.util.Map;

/**
 * An answer on its way out, its head filled in and not yet sent: what a {@link Delivery} works
 * with.
 *
 * <p>Owned by the event loop.
 */
public final class Outgoing {
  private final Vertx vertx;
  private final HttpServerRequest request;
  private final Answer answer;

  Outgoing(Vertx vertx, HttpServerRequest request, Answer answer) {
    this.vertx = vertx;
    this.request = request;
    this.answer = answer;
  }

  /** How many bytes of body are to be sent: none to HEAD, and none that could be counted. */
  public long length() {
    boolean none = isHead() || !(answer.body() instanceof Body.Sized);
    return none ? 0 : ((Body.Sized) answer.body()).length();
  }

  /** Sends it as it should be. */
  public Future<Void> whole() {
    HttpServerResponse response = request.response();
    if (isHead() || answer.status() == 304 || answer.status() == 204) {
      return response.end();
    }
    if (answer.body() instanceof Body.Sized sized) {
      return Pieces.write(response, sized);
    }
    if (answer.body() instanceof Body.Flow flow) {
      return flow.writeTo(response.setChunked(true));
    }
    throw new AssertionError("no body of an answer: " + answer.body());
  }

  /** Sends the head alone. */
  public Future<Void> head() {
    return request.response().writeHead();
  }

  /** Sends some bytes of the body, and the head before the first of them. */
  public Future<Void> write(long from, int count) {
    return request.response().write(((Body.Sized) answer.body()).bytes(from, count));
  }

  /** Sends a part of the body as the client reads it, and the head before the first of it. */
  public Future<Void> pieces(long from, long length) {
    Body.Sized part = Body.part((Body.Sized) answer.body(), from, length);
    return Pieces.all(request.response(), part);
  }

  /** The whole body, a character for each byte. */
  public String text() {
    Body.Sized body = (Body.Sized) answer.body();
    return body.bytes(0, Math.toIntExact(body.length())).toString(StandardCharsets.ISO_8859_1);
  }

  /** Says that this was all. */
  public Future<Void> end() {
    return request.response().end();
  }

  /** The head as text, with one more line, instead of the {@code Content-Length} or beside it. */
  public String headWith(String line, boolean beside) {
    HttpServerResponse response = request.response();
    StringBuilder head = new StringBuilder("HTTP/1.1 ");
    head.append(response.getStatusCode()).append(' ').append(response.getStatusMessage());
    for (Map.Entry<String, String> header : response.headers()) {
      if (beside || !header.getKey().equalsIgnoreCase("Content-Length")) {
        head.append("\r\n").append(header.getKey()).append(": ").append(header.getValue());
      }
    }
    return head.append("\r\n").append(line).append("\r\n\r\n").toString();
  }

  /** Sends bytes past everything that would keep them in order. */
  public Future<Void> raw(String text) {
    byte[] bytes = text.getBytes(StandardCharsets.ISO_8859_1);
    Promise<Void> written = Promise.promise();
    channel(request.connection())
        .pipeline()
        .firstContext()
        .writeAndFlush(Unpooled.wrappedBuffer(bytes))
        .addListener(
            done -> {
              if (done.isSuccess()) {
                written.complete();
              } else {
                written.fail(done.cause());
              }
            });
    return written.future();
  }

  /** Goes on after a while, unless the client is gone by then. */
  public void after(long millis, Runnable next) {
    vertx.setTimer(
        millis,
        fired -> {
          if (!request.response().closed()) {
            next.run();
          }
        });
  }

  public void close() {
    request.connection().close();
  }

  public void reset() {
    reset(request.connection());
  }

  /** Ends a connection with a RST: without lingering, close() discards it. */
  static void reset(HttpConnection connection) {
    Channel channel = channel(connection);
    channel.config().setOption(ChannelOption.SO_LINGER, 0);
    var unused = channel.close();
  }

  /** Vert.x has no way of its own to misbehave. */
  private static Channel channel(HttpConnection connection) {
    return ((ConnectionBase) connection).channel();
  }

  private boolean isHead() {
    return request.method().equals(HttpMethod.HEAD);
  }
}
