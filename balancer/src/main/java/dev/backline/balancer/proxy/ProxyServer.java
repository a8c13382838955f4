package dev.backline.balancer.proxy;

import dev.backline.balancer.health.Evidence;
import dev.backline.balancer.http.ForwardedHeaders;
import dev.backline.balancer.http.HopByHop;
import dev.backline.balancer.http.RequestPath;
import dev.backline.balancer.http.RequestRules;
import dev.backline.balancer.model.BackendId;
import dev.backline.balancer.model.PoolName;
import dev.backline.balancer.model.RequestHead;
import dev.backline.balancer.route.Route;
import io.netty.handler.codec.http.TooLongHttpHeaderException;
import io.netty.handler.codec.http.TooLongHttpLineException;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpConnection;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpVersion;
import io.vertx.core.net.SocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.random.RandomGenerator;

/** The data plane on one event loop: accepts, routes and starts exchanges. */
public final class ProxyServer {
  // Kept connections are given up a second before their backend would; what watches them is late.
  private static final long OUTDATING_STALL_NANOS = 500_000_000L;

  private final Vertx vertx;
  private final Context loop;
  private final DataPlane plane;
  private final List<Listener> listeners;
  private final RandomGenerator random;
  private final List<HttpServer> servers = new ArrayList<>();
  private final Map<PoolName, PoolLoop> pools = new LinkedHashMap<>();
  private final EvidenceReports reports;
  private final StallWatch stalls;
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
      List<Listener> listeners,
      RandomGenerator random) {
    this.vertx = vertx;
    this.loop = loop;
    this.plane = plane;
    this.listeners = List.copyOf(listeners);
    this.random = random;
    this.reports = new EvidenceReports(plane.events, loop);
    this.stalls = new StallWatch(loop, plane.clock);
    stalls.whenStalled(this::onStalled);
    stalls.whenTicking(() -> pools.values().forEach(pool -> pool.silence().onTick()));
  }

  /** Starts accepting; fails with a {@link CannotListen} if an address can't be had. */
  public Future<?> listen() {
    plane.add(this);
    stalls.begin(vertx);
    refresh();
    List<Future<HttpServer>> listening = new ArrayList<>();
    for (Listener listener : listeners) {
      ClientConnections connections = new ClientConnections(vertx, plane.clock, stalls, listener);
      HttpServer server =
          vertx
              .createHttpServer(options(listener))
              .connectionHandler(connection -> onConnected(connection, connections))
              .requestHandler(request -> onRequest(request, connections))
              .invalidRequestHandler(request -> onInvalid(request, connections))
              .exceptionHandler(e -> {}); // A connection that broke before its first request.
      servers.add(server);
      listening.add(
          server
              .listen(address(listener, servers.size()))
              .recover(e -> Future.failedFuture(new CannotListen("listeners: " + listener, e))));
    }
    return Future.all(listening);
  }

  private void onConnected(HttpConnection connection, ClientConnections connections) {
    if (plane.descriptors.tryAccept()) {
      connections.onConnected(connection);
    } else {
      ClientConnections.cut(connection);
    }
  }

  private static HttpServerOptions options(Listener listener) {
    return new HttpServerOptions()
        .setMaxInitialLineLength(listener.maxRequestLineBytes())
        .setMaxHeaderSize(listener.maxHeaderBytes())
        .setHttp2ClearTextEnabled(false)
        .setHandle100ContinueAutomatically(false);
  }

  private static SocketAddress address(Listener listener, int number) {
    return listener.port() == 0
        ? SocketAddress.sharedRandomPort(number, listener.host())
        : SocketAddress.inetSocketAddress(listener.port(), listener.host());
  }

  /** Returns the ports that are listened on, in the order of the listeners. Any thread may call. */
  public List<Integer> ports() {
    return servers.stream().map(HttpServer::actualPort).toList();
  }

  /** Stops accepting; returns when the exchanges under way have ended, or the time is over. */
  public Future<?> shutdown(Duration grace) {
    Promise<Void> turned = Promise.promise();
    // The last connection may end while its exchange is just about to be counted and logged.
    return Future.join(servers.stream().map(server -> server.shutdown(grace)).toList())
        .onComplete(done -> loop.runOnContext(v -> turned.complete()))
        .eventually(turned::future);
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

  /**
   * Backends may have closed kept connections meanwhile, and a request that meets such an end is
   * lost if it can't be sent twice.
   */
  private void onStalled(long nanos) {
    if (nanos >= OUTDATING_STALL_NANOS) {
      pools.values().forEach(PoolLoop::closeIdle);
    }
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
                pools.put(name, new PoolLoop(vertx, plane, shared, random, reports, stalls));
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

  private void onRequest(HttpServerRequest request, ClientConnections connections) {
    if (!connections.onRequest(request)) {
      return;
    }
    if (stalls.isReadingOn()) {
      request.pause();
      stalls.onceAllIsRead(() -> beginLate(request, connections));
    } else {
      begin(request, connections);
    }
  }

  private void beginLate(HttpServerRequest request, ClientConnections connections) {
    if (request.response().closed()) {
      long nowNanos = plane.clock.getAsLong();
      AccessLogLine line = new AccessLogLine(nowNanos);
      plane.accessLog.add(line.finish(request, idOf(request), null, 499, "client-gone", nowNanos));
    } else {
      begin(request, connections);
    }
  }

  private void begin(HttpServerRequest request, ClientConnections connections) {
    refresh();
    String id = idOf(request);
    HopByHop hopByHop = Heads.hopByHop(request.headers());
    if (plane.isDraining() || hopByHop.isLast()) {
      Heads.makeLast(request.response());
    }
    String violation =
        RequestRules.violation(
            request.method().name(),
            request.uri(),
            request.headers(),
            request.headers().getAll("host"),
            request.headers().getAll("transfer-encoding"),
            request.version() == HttpVersion.HTTP_1_0);
    if (violation != null) {
      reject(request, 400, violation, id);
      return;
    }
    if (ForwardedHeaders.isLoop(request.headers().getAll("via"))) {
      reject(
          request,
          Evidence.LOOP_DETECTED,
          "came through here again and again: the routes are a ring",
          id);
      return;
    }
    RequestHead head = headOf(request);
    Route route = current.snapshot().router().match(head);
    PoolLoop pool = route == null ? null : pools.get(route.pool());
    if (pool == null) {
      reject(request, 404, "no route for this host and path", id);
      return;
    }
    ClientRequest asked = new ClientRequest(request, connections, head, hopByHop, id);
    new Exchange(vertx, plane, pool, reports, asked).start();
  }

  /** What is no HTTP, or too large, never was a request: only its answer is one. */
  private void onInvalid(HttpServerRequest request, ClientConnections connections) {
    if (!connections.onRequest(request)) {
      return;
    }
    Throwable cause = request.decoderResult().cause();
    if (cause instanceof TooLongHttpLineException) {
      reject(request, 414, "request line: too long", newRequestId());
    } else if (cause instanceof TooLongHttpHeaderException) {
      reject(request, 431, "header: too large", newRequestId());
    } else {
      reject(request, 400, "no HTTP request: " + cause.getMessage(), newRequestId());
    }
  }

  private void reject(HttpServerRequest request, int status, String error, String id) {
    AccessLogLine line = new AccessLogLine(plane.clock.getAsLong());
    request.resume();
    ErrorResponder.reject(request, status, error, id);
    plane.accessLog.add(
        line.finish(request, id, null, status, "rejected", plane.clock.getAsLong()));
  }

  private static RequestHead headOf(HttpServerRequest request) {
    String authority = request.getHeader("host");
    String host = authority == null ? null : RequestRules.hostOf(authority);
    return new RequestHead(
        request.method().name(),
        host == null ? "" : host,
        RequestPath.of(request.uri()),
        request.remoteAddress().hostAddress(),
        request::getHeader);
  }

  private String idOf(HttpServerRequest request) {
    String asked = request.getHeader("x-request-id");
    return asked != null && ForwardedHeaders.isRequestId(asked) ? asked : newRequestId();
  }

  private String newRequestId() {
    return String.format("%016x%016x", random.nextLong(), random.nextLong());
  }
}
