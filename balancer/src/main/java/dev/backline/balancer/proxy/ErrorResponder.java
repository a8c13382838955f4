package dev.backline.balancer.proxy;

import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.core.json.JsonObject;

/** The one mapping of our own failures to answers. */
final class ErrorResponder {
  private ErrorResponder() {}

  /** Answers that no backend's answer can be had. */
  static void fail(HttpServerRequest request, int status, boolean maybeExecuted, String id) {
    HttpServerResponse response = request.response();
    response.putHeader("Backline-Outcome", maybeExecuted ? "maybe-executed" : "not-sent");
    if (status == 503) {
      response.putHeader("Retry-After", "1");
    }
    String error =
        switch (status) {
          case 502 -> "the backend broke the connection before it answered";
          case 503 -> "no backend can take the request now";
          case 504 -> "the backend did not answer in time";
          default -> throw new AssertionError("status: " + status);
        };
    send(response, status, error, id);
  }

  /** Answers that the request itself is at fault, or has no route. */
  static void reject(HttpServerRequest request, int status, String error, String id) {
    if (status == 400) {
      request.response().putHeader("Connection", "close");
      request.response().endHandler(v -> request.connection().close());
    }
    send(request.response(), status, error, id);
  }

  private static void send(HttpServerResponse response, int status, String error, String id) {
    response
        .setStatusCode(status)
        .putHeader("Content-Type", "application/json")
        .putHeader("Cache-Control", "no-store")
        .putHeader("X-Request-Id", id)
        .end(new JsonObject().put("error", error).put("id", id).encode() + "\n")
        .onFailure(e -> {}); // The client has gone; its close handler knows.
  }
}
