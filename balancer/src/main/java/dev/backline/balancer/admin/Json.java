package dev.backline.balancer.admin;

import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.RoutingContext;

/** How the administrative interfaces answer. */
final class Json {
  private Json() {}

  static void fail(RoutingContext context, int status, String error) {
    answer(context, status, new JsonObject().put("error", error));
  }

  static void answer(RoutingContext context, int status, JsonObject body) {
    context
        .response()
        .setStatusCode(status)
        .putHeader("Content-Type", "application/json")
        .putHeader("Cache-Control", "no-store")
        .end(body.encode() + "\n");
  }
}
