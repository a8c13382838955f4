package dev.backline.balancer.admin;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.ext.web.Router;

/**
 * An address for backends on other machines: they register there, and nothing else is answered.
 * {@code Host} may be any name, unlike on the admin address: no browser has the token by itself.
 */
public final class RegistrationServer {
  private final HttpServer server;

  /** Creates it; nothing listens before {@link #listen}. */
  public RegistrationServer(Vertx vertx, String host, int port, RegistrationRoutes routes) {
    Router router = Router.router(vertx);
    routes.addTo(router);
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

  /** Starts listening; fails if the address can't be had. */
  public Future<Integer> listen() {
    return server.listen().map(HttpServer::actualPort);
  }

  /** Stops. */
  public Future<Void> close() {
    return server.close();
  }
}
