package dev.backline.balancer.admin;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.ext.web.Router;

/** An HTTP server of this member's own pages, whose errors are JSON too. */
final class JsonServer {
  private final HttpServer server;

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
                    .setIdleTimeout(60)
                    .setHttp2ClearTextEnabled(false))
            .requestHandler(router);
  }

  /** Returns the port; fails if the address can't be had. */
  Future<Integer> listen() {
    return server.listen().map(HttpServer::actualPort);
  }

  Future<Void> close() {
    return server.close();
  }
}
