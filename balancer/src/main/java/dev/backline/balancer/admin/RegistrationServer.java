package dev.backline.balancer.admin;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.ext.web.Router;

/**
 * An address for backends on other machines: they register there, and nothing else is answered.
 * {@code Host} may be any name, unlike on the admin address: no browser has the token by itself.
 */
public final class RegistrationServer {
  private final JsonServer server;

  /** Creates it; nothing listens before {@link #listen}. */
  public RegistrationServer(Vertx vertx, String host, int port, RegistrationRoutes routes) {
    Router router = Router.router(vertx);
    routes.addTo(router);
    this.server = new JsonServer(vertx, host, port, router);
  }

  /** Starts listening; fails if the address can't be had. */
  public Future<Integer> listen() {
    return server.listen();
  }

  /** Stops. */
  public Future<Void> close() {
    return server.close();
  }
}
