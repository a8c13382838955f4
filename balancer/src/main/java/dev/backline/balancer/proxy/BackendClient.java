package dev.backline.balancer.proxy;

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

/** The connections of one event loop to one backend. Owned by that event loop. */
final class BackendClient {
  // Node's 5 s is the shortest common limit; a backend that announces its own is held to that.
  private static final int UNANNOUNCED_KEEP_ALIVE_SECONDS = 4;
  private static final int RETIRE_CHECK_MILLIS = 250;
  private static final Duration CLOSING_TIME = Duration.ofMinutes(10);

  private final Vertx vertx;
  private final BackendId backend;
  private final ConnectionPolicy policy;
  private final int maxConnections;
  private final Set<HttpConnection> unused = Collections.newSetFromMap(new IdentityHashMap<>());
  private HttpClient client;

  BackendClient(Vertx vertx, BackendId backend, ConnectionPolicy policy, int maxConnections) {
    this.vertx = vertx;
    this.backend = backend;
    this.policy = policy;
    this.maxConnections = maxConnections;
    this.client = open();
  }

  /** Returns a request on a connection; fails if there is none, and then nothing was sent. */
  Future<HttpClientRequest> connect(HttpMethod method, String target, MultiMap headers) {
    return client.request(
        new RequestOptions()
            .setServer(SocketAddress.inetSocketAddress(backend.port(), backend.host()))
            .setHost(backend.host())
            .setPort(backend.port())
            .setMethod(method)
            .setURI(target)
            .setHeaders(headers));
  }

  /** Returns whether the request's connection carried one before; asked once for each request. */
  boolean isReused(HttpClientRequest request) {
    return !unused.remove(request.connection());
  }

  /**
   * Has a kept connection retired a second before the backend would close it: a request that meets
   * the close is lost if it can't be sent twice. The client retires by the header that it sees.
   */
  static void retireEarly(HttpClientResponse response) {
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

  /** Closes what carries no exchange; exchanges under way finish on their connections. */
  void closeIdle() {
    HttpClient old = client;
    client = open();
    retire(old);
  }

  /** Closes everything that carries no exchange, for good. */
  void close() {
    retire(client);
  }

  private static void retire(HttpClient client) {
    client.shutdown(CLOSING_TIME).onFailure(e -> client.close());
  }

  private HttpClient open() {
    HttpClientOptions options =
        new HttpClientOptions()
            .setConnectTimeout(Math.toIntExact(policy.connectTimeout().toMillis()))
            .setIdleTimeout(Math.toIntExact(policy.idleTimeout().toSeconds()))
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
