package dev.backline.sample.web;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpConnection;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Locale;

/**
 * Fills in the head of every answer, sends it, and ends its connection if it was the last.
 *
 * <p>Owned by the event loop.
 */
final class AnswerWriter {
  private static final DateTimeFormatter HTTP_DATE =
      DateTimeFormatter.ofPattern("EEE, dd MMM yyyy HH:mm:ss 'GMT'", Locale.ROOT)
          .withZone(ZoneOffset.UTC);

  private final Vertx vertx;
  private final String instance;
  private final KeepAlive keepAlive;
  private boolean draining;

  AnswerWriter(Vertx vertx, String instance, KeepAlive keepAlive) {
    this.vertx = vertx;
    this.instance = instance;
    this.keepAlive = keepAlive;
  }

  /** From now on every answer closes its connection. */
  void drain() {
    draining = true;
  }

  boolean isDraining() {
    return draining;
  }

  /** Succeeds when all of the answer is with the kernel; that of a WebSocket, when it is closed. */
  Future<Void> write(HttpServerRequest request, Answer answer, Delivery delivery) {
    HttpServerResponse response = request.response();
    response.putHeader("Date", HTTP_DATE.format(Instant.now()));
    response.putHeader("Backline-Sample-Instance", instance);
    answer.headers().forEach(header -> response.putHeader(header.name(), header.value()));
    if (answer.body() instanceof Body.Tunnel tunnel) {
      return join(request, tunnel);
    }
    boolean close = draining;
    connectionHeaders(request);
    response.setStatusCode(answer.status());
    if (answer.etag() != null) {
      response.putHeader("ETag", answer.etag());
    }
    if (answer.type() != null) {
      response.putHeader("Content-Type", answer.type());
    }
    if (answer.type() != null && answer.body() instanceof Body.Sized sized) {
      response.putHeader("Content-Length", String.valueOf(sized.length()));
    }
    // A request that asked for a WebSocket has been waiting for what becomes of it.
    request.resume();
    HttpConnection connection = request.connection();
    return delivery
        .deliver(new Outgoing(vertx, request, answer))
        .onSuccess(
            done -> {
              keepAlive.heard(connection);
              if (close) {
                connection.close();
              }
            });
  }

  private void connectionHeaders(HttpServerRequest request) {
    if (draining) {
      request.response().putHeader("Connection", "close");
      keepAlive.closing(request.connection());
    } else {
      request.response().putHeader("Keep-Alive", "timeout=" + KeepAlive.IDLE_SECONDS);
    }
  }

  private Future<Void> join(HttpServerRequest request, Body.Tunnel tunnel) {
    HttpConnection connection = request.connection();
    return request
        .toWebSocket()
        .compose(
            socket -> {
              // Vert.x has put another connection in its place, and never closes this one.
              keepAlive.forget(connection);
              return tunnel.join(socket);
            });
  }
}
