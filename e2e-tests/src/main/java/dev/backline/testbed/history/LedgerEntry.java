package dev.backline.testbed.history;

import io.vertx.core.json.JsonObject;

/**
 * One line of a backend's ledger: it began to execute a request, or came to an end with it.
 *
 * @param method empty but for {@link Event#BEGIN}
 * @param status of the answer written, 0 but for {@link Event#END}
 */
public record LedgerEntry(
    Event event, String id, String method, String path, int status, long atMicros) {

  /** What the backend did with the request. */
  public enum Event {
    BEGIN,
    END,
    ABORTED
  }

  /** Reads one line as the sample backend writes it. */
  public static LedgerEntry fromJson(JsonObject json) {
    Event event =
        switch (json.getString("event")) {
          case "begin" -> Event.BEGIN;
          case "end" -> Event.END;
          case "aborted" -> Event.ABORTED;
          default ->
              throw new IllegalArgumentException(
                  "ledger event: " + json.getString("event") + " (expected: begin, end, aborted)");
        };
    return new LedgerEntry(
        event,
        json.getString("id"),
        json.getString("method", ""),
        json.getString("path", ""),
        json.getInteger("status", 0),
        json.getLong("at"));
  }
}
