package dev.backline.balancer.admin;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpConnection;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.ext.web.Router;
import java.util.LinkedHashSet;
import java.util.Set;

/**
 * An HTTP server of this member's own pages, whose errors are JSON too. Whoever reaches it takes no
 * more of the descriptors that clients need than its few connections; of too many the eldest ends.
 */
final class JsonServer {
  static final int MOST_CONNECTIONS = 256;

  private static final int IDLE_SECONDS = 15;

  private final HttpServer server;
  private final Set<HttpConnection> connections = new LinkedHashSet<>();

  /** Creates it; nothing listens before {@link #listen}. */
  JsonServer(Vertx vertx, String host, int port, Router router) {
    router.errorHandler(404, context -> Json.fail(context, 404, "no such page"));
    router.errorHandler(405, context -> Json.fail(context, 405, "method not allowed here"));
    this.server =
        vertx
            .createHttpServer(
                new HttpServerOptions()
                    .setHost(host)
                    .setPort(port)
                    .setIdleTimeout(IDLE_SECONDS)
                    .setHttp2ClearTextEnabled(false))
            .connectionHandler(this::onConnected)
            .requestHandler(router);
  }

  private void onConnected(HttpConnection connection) {
    connections.add(connection);
    connection.closeHandler(v -> connections.remove(connection));
    if (connections.size() > MOST_CONNECTIONS) {
      HttpConnection eldest = connections.iterator().next();
      connections.remove(eldest);
      eldest.close();
    }
  }

  /** Returns the port; fails if the address can't be had. */
  Future<Integer> listen() {
    return server.listen().map(HttpServer::actualPort);
  }

  Future<Void> close() {
    return server.close();
  }
}
