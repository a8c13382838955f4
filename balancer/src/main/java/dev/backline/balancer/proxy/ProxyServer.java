package dev.backline.balancer.proxy;

import dev.backline.balancer.http.ForwardedHeaders;
import dev.backline.balancer.http.RequestRules;
import dev.backline.balancer.model.BackendId;
import dev.backline.balancer.model.PoolName;
import dev.backline.balancer.model.RequestHead;
import dev.backline.balancer.route.Route;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpVersion;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.random.RandomGenerator;

/** The data plane on one event loop: accepts, routes and starts exchanges. */
public final class ProxyServer {
  private final Vertx vertx;
  private final Context loop;
  private final DataPlane plane;
  private final List<HttpServerOptions> listeners;
  private final RandomGenerator random;
  private final List<HttpServer> servers = new ArrayList<>();
  private final Map<PoolName, PoolLoop> pools = new LinkedHashMap<>();
  private final FailureReports reports;
  private DataPlane.Published current = DataPlane.Published.NONE;

  /**
   * Creates the part of one event loop.
   *
   * @param loop the context of that event loop, on which this is called
   * @param listeners where to listen; all event loops share the ports
   * @param random its own
   */
  public ProxyServer(
      Vertx vertx,
      Context loop,
      DataPlane plane,
      List<HttpServerOptions> listeners,
      RandomGenerator random) {
    this.vertx = vertx;
    this.loop = loop;
    this.plane = plane;
    this.listeners = List.copyOf(listeners);
    this.random = random;
    this.reports = new FailureReports(plane.events, loop);
  }

  /** Starts accepting; fails if a listener's address can't be had. */
  public Future<?> listen() {
    plane.add(this);
    refresh();
    List<Future<HttpServer>> listening = new ArrayList<>();
    for (HttpServerOptions options : listeners) {
      HttpServer server = vertx.createHttpServer(options).requestHandler(this::onRequest);
      server.exceptionHandler(e -> {}); // A connection that broke before its first request.
      servers.add(server);
      listening.add(server.listen());
    }
    return Future.all(listening);
  }

  /** Returns the ports that are listened on, in the order of the listeners. Any thread may call. */
  public List<Integer> ports() {
    return servers.stream().map(HttpServer::actualPort).toList();
  }

  /** Stops accepting; returns when the exchanges under way have ended, or the time is over. */
  public Future<?> shutdown(Duration grace) {
    return Future.join(servers.stream().map(server -> server.shutdown(grace)).toList());
  }

  void onPublished() {
    loop.runOnContext(v -> refresh());
  }

  void closeIdle(PoolName pool, BackendId backend) {
    loop.runOnContext(
        v -> {
          PoolLoop poolLoop = pools.get(pool);
          if (poolLoop != null) {
            poolLoop.closeIdle(backend);
          }
        });
  }

  private void refresh() {
    DataPlane.Published published = plane.published();
    if (published.snapshot().version() == current.snapshot().version()) {
      return;
    }
    current = published;
    pools.entrySet().removeIf(entry -> closeIfGone(entry.getKey(), entry.getValue()));
    published
        .pools()
        .forEach(
            (name, shared) -> {
              PoolLoop known = pools.get(name);
              if (known == null) {
                pools.put(name, new PoolLoop(vertx, plane, shared, random));
              } else {
                known.replace(shared);
              }
            });
  }

  private boolean closeIfGone(PoolName name, PoolLoop pool) {
    boolean gone = !current.pools().containsKey(name);
    if (gone) {
      pool.close();
    }
    return gone;
  }

  private void onRequest(HttpServerRequest request) {
    refresh();
    long nowNanos = plane.clock.getAsLong();
    String asked = request.getHeader("x-request-id");
    String id = asked != null && ForwardedHeaders.isRequestId(asked) ? asked : newRequestId();
    if (plane.isDraining()) {
      request.response().putHeader("Connection", "close");
    }
    String violation =
        RequestRules.violation(
            request.method().name(),
            request.uri(),
            request.headers().getAll("host"),
            request.headers().getAll("transfer-encoding"),
            request.version() == HttpVersion.HTTP_1_0);
    if (violation != null) {
      reject(request, 400, violation, id, nowNanos);
      return;
    }
    RequestHead head = headOf(request);
    Route route = current.snapshot().router().match(head);
    PoolLoop pool = route == null ? null : pools.get(route.pool());
    if (pool == null) {
      reject(request, 404, "no route for this host and path", id, nowNanos);
      return;
    }
    new Exchange(vertx, plane, pool, reports, request, head, id).start();
  }

  private void reject(
      HttpServerRequest request, int status, String error, String id, long nowNanos) {
    request.resume();
    ErrorResponder.reject(request, status, error, id);
    String line =
        new AccessLogLine(nowNanos)
            .finish(request, id, null, status, "rejected", plane.clock.getAsLong());
    plane.accessLog.add(line);
  }

  private static RequestHead headOf(HttpServerRequest request) {
    String authority = request.getHeader("host");
    String host = authority == null ? null : RequestRules.hostOf(authority);
    String target = request.uri();
    int query = target.indexOf('?');
    return new RequestHead(
        request.method().name(),
        host == null ? "" : host,
        query < 0 ? target : target.substring(0, query),
        request.remoteAddress().hostAddress(),
        request::getHeader);
  }

  private String newRequestId() {
    return String.format("%016x%016x", random.nextLong(), random.nextLong());
  }
}
