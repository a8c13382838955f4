package dev.backline.balancer.proxy;

import dev.backline.balancer.http.HopByHop;
import dev.backline.balancer.limit.ConnectionPolicy;
import dev.backline.balancer.model.BackendId;
import io.vertx.core.Future;
import io.vertx.core.MultiMap;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpClientRequest;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.HttpConnection;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.PoolOptions;
import io.vertx.core.http.RequestOptions;
import io.vertx.core.net.SocketAddress;
import java.time.Duration;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.Set;
import java.util.concurrent.TimeUnit;

/**
 * The connections of one event loop to one backend, until they are retired. Owned by that event
 * loop.
 *
 * <p>Counts its attempts and closes itself after the last one: Vert.x's own orderly shutdown also
 * cuts off attempts that were just connecting when it began.
 */
final class BackendClient {
  // Node's 5 s is the shortest common limit; a backend that announces its own is held to that.
  private static final int UNANNOUNCED_KEEP_ALIVE_SECONDS = 4;
  // An exchange whose client stalls ends by its own timer, and before the backend gets the blame.
  private static final Duration IDLE_SLACK = Duration.ofSeconds(1);
  private static final int RETIRE_CHECK_MILLIS = 250;
  // Those that are just being closed: the exchanges that had them are over.
  private static final int CLOSING_CONNECTIONS = 16;

  private final BackendId backend;
  private final Set<HttpConnection> unused = Collections.newSetFromMap(new IdentityHashMap<>());
  private final HttpClient client;
  private int attempts;
  private boolean retired;

  BackendClient(Vertx vertx, BackendId backend, ConnectionPolicy policy, int maxInFlight) {
    this.backend = backend;
    this.client = open(vertx, policy, maxInFlight + CLOSING_CONNECTIONS);
  }

  /**
   * Begins an attempt: returns a request on a connection, or fails, and then nothing was sent. The
   * attempt ends with {@link #release}.
   */
  Future<HttpClientRequest> connect(HttpMethod method, String target, MultiMap headers) {
    attempts++;
    return client.request(
        new RequestOptions()
            .setServer(SocketAddress.inetSocketAddress(backend.port(), backend.host()))
            .setHost(backend.host())
            .setPort(backend.port())
            .setMethod(method)
            .setURI(target)
            .setHeaders(headers));
  }

  /** Ends an attempt. */
  void release() {
    attempts--;
    closeIfDone();
  }

  /** Closes everything as soon as nobody uses it; nothing new begins here. */
  void retire() {
    retired = true;
    closeIfDone();
  }

  private void closeIfDone() {
    if (retired && attempts == 0) {
      client.close().onFailure(e -> {}); // It is closed already: the member is stopping.
    }
  }

  /** Returns whether the request's connection carried one before; asked once for each request. */
  boolean isReused(HttpClientRequest request) {
    return !unused.remove(request.connection());
  }

  /**
   * Has a kept connection retired a second before the backend would close it: a request that meets
   * the close is lost if it can't be sent twice. The client retires by the header that it sees.
   */
  static void retireEarly(HttpClientResponse response, HopByHop hopByHop) {
    if (hopByHop.isLast()) {
      response.headers().set("connection", "close"); // The client knows no lists there.
    }
    String keepAlive = response.getHeader("keep-alive");
    if (keepAlive == null) {
      return;
    }
    int at = keepAlive.indexOf("timeout=");
    int seconds = at < 0 ? 0 : leadingInt(keepAlive, at + "timeout=".length());
    if (seconds > 0) {
      response.headers().set("keep-alive", "timeout=" + Math.max(1, seconds - 1));
    }
  }

  private HttpClient open(Vertx vertx, ConnectionPolicy policy, int maxConnections) {
    HttpClientOptions options =
        new HttpClientOptions()
            .setConnectTimeout(Math.toIntExact(policy.connectTimeout().toMillis()))
            .setIdleTimeoutUnit(TimeUnit.MILLISECONDS)
            .setIdleTimeout(Math.toIntExact(policy.idleTimeout().plus(IDLE_SLACK).toMillis()))
            .setKeepAliveTimeout(UNANNOUNCED_KEEP_ALIVE_SECONDS)
            .setMaxHeaderSize(64 * 1024)
            .setDecompressionSupported(false);
    PoolOptions pool =
        new PoolOptions()
            .setHttp1MaxSize(maxConnections)
            .setMaxWaitQueueSize(100)
            .setCleanerPeriod(RETIRE_CHECK_MILLIS);
    return vertx
        .httpClientBuilder()
        .with(options)
        .with(pool)
        .withConnectHandler(
            connection -> {
              unused.add(connection);
              connection.closeHandler(v -> unused.remove(connection));
              // What breaks is told to the request; an idle connection's end is no news.
              connection.exceptionHandler(e -> {});
            })
        .build();
  }

  private static int leadingInt(String text, int from) {
    int value = 0;
    for (int i = from; i < text.length() && Character.isDigit(text.charAt(i)); i++) {
      value = Math.min(3_600, value * 10 + Character.digit(text.charAt(i), 10));
    }
    return value;
  }
}
