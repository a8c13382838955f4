package dev.backline.testbed.history;

import io.vertx.core.json.JsonObject;

/**
 * One request of the load and its fate. All times are microseconds of the epoch on the testbed's
 * one clock.
 *
 * @param intendedMicros when the schedule wanted it sent; latency counts from here, so that a
 *     stalled service can't hide the requests that it kept from being sent
 * @param startedMicros when it was handed to a connection, or a connection was asked for
 * @param endedMicros when its fate was known
 * @param status the answer's status, 0 without a head
 * @param servedBy the backend's name as the answer tells it, empty without one
 * @param target the address of the connection that carried it; empty if none was made
 * @param connection number of the connection that carried it, from 1; 0 if none was made
 * @param reused whether that connection had carried a request before
 * @param detail what a person should know besides, often empty
 */
public record Request(
    String id,
    String method,
    String path,
    long intendedMicros,
    long startedMicros,
    long endedMicros,
    Fate fate,
    int status,
    String servedBy,
    String target,
    int connection,
    boolean reused,
    long bodyBytes,
    String detail) {

  /** Whether a user of the service would say that it worked. */
  public boolean succeeded() {
    return fate == Fate.ANSWERED && status >= 200 && status < 300;
  }

  public boolean failed() {
    return !succeeded();
  }

  /** Whether sending it twice does no more than sending it once (RFC 9110, 9.2.2). */
  public boolean idempotent() {
    return !method.equals("POST") && !method.equals("PATCH");
  }

  public long latencyMicros() {
    return endedMicros - intendedMicros;
  }

  /** The same with another name of the backend that served it. */
  public Request servedBy(String backend) {
    return new Request(
        id,
        method,
        path,
        intendedMicros,
        startedMicros,
        endedMicros,
        fate,
        status,
        backend,
        target,
        connection,
        reused,
        bodyBytes,
        detail);
  }

  /** The fate in a few words, for tables and stories: {@code answered 503}, {@code refused}. */
  public String fateInWords() {
    return switch (fate) {
      case ANSWERED -> "answered " + status;
      case REFUSED -> "refused";
      case NOT_CONNECTED -> "not connected";
      case BROKEN_BEFORE_HEAD ->
          reused ? "broken before head on a kept connection" : "broken before head";
      case BROKEN_IN_BODY -> "broken in body of " + status;
      case TIMED_OUT -> "timed out";
      case MALFORMED -> "malformed";
      case FOREIGN -> "answered with another request's answer";
      case UNSENT -> "unsent";
    };
  }

  /** This request as one line of {@code history.jsonl}. */
  public JsonObject toJson() {
    return new JsonObject()
        .put("id", id)
        .put("method", method)
        .put("path", path)
        .put("intended", intendedMicros)
        .put("started", startedMicros)
        .put("ended", endedMicros)
        .put("fate", fate.name())
        .put("status", status)
        .put("servedBy", servedBy)
        .put("target", target)
        .put("connection", connection)
        .put("reused", reused)
        .put("bodyBytes", bodyBytes)
        .put("detail", detail);
  }
}
