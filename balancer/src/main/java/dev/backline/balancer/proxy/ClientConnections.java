package dev.backline.balancer.proxy;

import io.netty.channel.Channel;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpConnection;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.net.impl.ConnectionBase;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.LongSupplier;

/**
 * The connections of clients to one listener on one event loop: closes those that never ask, those
 * that stay idle, and those whose last answer is out. Owned by that event loop.
 *
 * <p>One timer for all of them: an exchange only writes down a time.
 */
final class ClientConnections {
  private static final long SWEEP_MILLIS = 100;
  private static final long BUSY = Long.MAX_VALUE;
  // Closed with bytes unread, a connection is reset, and the client may never see the answer.
  private static final long LINGER_NANOS = 1_000_000_000L;

  private static final class State {
    long deadlineNanos;
    boolean last;
    boolean closing;
  }

  private final Vertx vertx;
  private final LongSupplier clock;
  private final StallWatch stalls;
  private final Listener listener;
  private final Map<HttpConnection, State> connections = new LinkedHashMap<>();

  ClientConnections(Vertx vertx, LongSupplier clock, StallWatch stalls, Listener listener) {
    this.vertx = vertx;
    this.clock = clock;
    this.listener = listener;
    this.stalls = stalls;
    stalls.whenStalled(this::onStalled);
    vertx.setPeriodic(SWEEP_MILLIS, timer -> sweep());
  }

  void onConnected(HttpConnection connection) {
    State state = new State();
    state.deadlineNanos = clock.getAsLong() + listener.headerTimeout().toNanos();
    connections.put(connection, state);
    connection.closeHandler(v -> connections.remove(connection));
  }

  /** Notes the begin of an exchange; returns {@code false} if there may be none any more. */
  boolean onRequest(HttpServerRequest request) {
    HttpConnection connection = request.connection();
    State state = connections.get(connection);
    if (state == null || state.last) {
      connection.close();
      return false;
    }
    state.deadlineNanos = BUSY;
    request.response().endHandler(v -> onAnswered(request, state));
    return true;
  }

  /** Lets a connection go that carries requests no more: nobody will tell of its close. */
  void onUpgraded(HttpConnection connection) {
    connections.remove(connection);
  }

  /** Closes a connection when its client has read what it was sent, which it has a while for. */
  void close(HttpConnection connection) {
    State state = connections.get(connection);
    if (state != null) {
      close(connection, state);
    }
  }

  private void close(HttpConnection connection, State state) {
    state.last = true; // What the end makes of half a head is no request.
    state.closing = true;
    state.deadlineNanos = clock.getAsLong() + listener.idleTimeout().toNanos();
    connection.close();
  }

  /** Closes a connection of a client or of a backend, whatever is left to be sent on it. */
  static void cut(HttpConnection connection) {
    if (connection instanceof ConnectionBase base) {
      Channel channel = base.channel();
      channel.unsafe().close(channel.newPromise()); // Through the pipeline it would flush first.
    }
  }

  private void onAnswered(HttpServerRequest request, State state) {
    state.last = "close".equalsIgnoreCase(request.response().headers().get("connection"));
    if (state.last) {
      state.deadlineNanos = clock.getAsLong() + LINGER_NANOS;
      vertx.runOnContext(v -> closeIfRead(request));
    } else {
      state.deadlineNanos = clock.getAsLong() + listener.idleTimeout().toNanos();
    }
  }

  private static void closeIfRead(HttpServerRequest request) {
    if (request.isEnded()) {
      request.connection().close();
    }
  }

  /** What a client sent meanwhile was not read. */
  private void onStalled(long nanos) {
    for (State state : connections.values()) {
      if (state.deadlineNanos != BUSY) {
        state.deadlineNanos += nanos;
      }
    }
  }

  private void sweep() {
    stalls.look();
    long nowNanos = clock.getAsLong();
    for (Map.Entry<HttpConnection, State> entry : new ArrayList<>(connections.entrySet())) {
      State state = entry.getValue();
      if (state.deadlineNanos > nowNanos) {
        continue;
      }
      if (state.closing) {
        cut(entry.getKey());
      } else {
        close(entry.getKey(), state);
      }
    }
  }
}
