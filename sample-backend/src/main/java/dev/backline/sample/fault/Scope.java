package dev.backline.sample.fault;

import io.vertx.core.json.JsonObject;

/**
 * Which answers a fault may touch. Never those of {@code /testbed/*}: they end it.
 *
 * @param path what the path must begin with; default {@code /}
 * @param percent how many of a hundred; default 100
 * @param health whether {@code /health} is touched too; default no: a sick application often passes
 *     its own check
 */
public record Scope(String path, int percent, boolean health) {
  static Scope from(Parameters parameters) {
    return new Scope(
        parameters.path("path"),
        parameters.number("percent", 100, 1, 100),
        parameters.flag("health", false));
  }

  boolean covers(String requested) {
    if (requested.startsWith("/testbed/")) {
      return false;
    }
    if (requested.equals("/health") && !health) {
      return false;
    }
    return requested.startsWith(path);
  }

  JsonObject addTo(JsonObject parameters) {
    return parameters.put("path", path).put("percent", percent).put("health", health);
  }
}
