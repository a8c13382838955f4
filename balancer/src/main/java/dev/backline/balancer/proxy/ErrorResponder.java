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
    send(request, status, error, id);
  }

  /** Answers that the request itself is at fault, or has no route. */
  static void reject(HttpServerRequest request, int status, String error, String id) {
    if (status != 404) {
      Heads.makeLast(request.response());
    }
    send(request, status, error, id);
  }

  private static void send(HttpServerRequest request, int status, String error, String id) {
    HttpServerResponse response = request.response();
    if (request.headers().contains("expect")) {
      // Whether its body still comes is the client's choice, so nothing may follow on the stream.
      Heads.makeLast(response);
    }
    response
        .setStatusCode(status)
        .putHeader("Content-Type", "application/json")
        .putHeader("Cache-Control", "no-store")
        .putHeader("X-Request-Id", id)
        .end(new JsonObject().put("error", error).put("id", id).encode() + "\n")
        .onFailure(e -> {}); // The client has gone; its close handler knows.
  }
}
