package dev.backline.sample.ledger;

import io.vertx.core.json.JsonObject;

/**
 * One line of the ledger. What happened later refers to the beginning instead of repeating it: two
 * hundred thousand of these are kept.
 */
public sealed interface Entry {
  /** When, in microseconds since 1970. */
  long at();

  JsonObject toJson();

  /** Execution began: from here on its effects may be there. */
  record Begin(String id, String method, String path, long at) implements Entry {
    @Override
    public JsonObject toJson() {
      return JsonObject.of("event", "begin", "id", id, "method", method, "path", path, "at", at);
    }
  }

  /** The answer was wholly given to the kernel. */
  record End(Begin begin, int status, long at) implements Entry {
    @Override
    public JsonObject toJson() {
      return JsonObject.of("event", "end", "id", begin.id(), "status", status, "at", at);
    }
  }

  /** The connection broke before the answer was wholly written. */
  record Aborted(Begin begin, long at) implements Entry {
    @Override
    public JsonObject toJson() {
      return JsonObject.of("event", "aborted", "id", begin.id(), "at", at);
    }
  }
}
