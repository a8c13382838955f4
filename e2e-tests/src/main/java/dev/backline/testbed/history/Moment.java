package dev.backline.testbed.history;

import io.vertx.core.json.JsonObject;

/**
 * Something that the testbed did or saw, and when: it lies between the two times.
 *
 * @param subject the process that it is about: {@code backend-1}, {@code balancer-1}
 * @param text the rest for people: {@code SIGKILL}, {@code exit code 0}
 */
public record Moment(Kind kind, String subject, long fromMicros, long toMicros, String text) {
  public Moment {
    if (toMicros < fromMicros) {
      throw new IllegalArgumentException(
          "toMicros: " + toMicros + " (expected: >= " + fromMicros + ")");
    }
  }

  /** What kind of thing happened. */
  public enum Kind {
    /** The first request of the load. */
    LOAD_BEGAN,
    /** The load sent its last request. */
    LOAD_STOPPED,
    /** The drill broke something. */
    FAULT,
    /** The drill undid its fault, or what it added is in the configuration. */
    HEAL,
    /** A process said that it is ready. */
    READY,
    /** A signal was sent. */
    SIGNAL,
    /** A process ended; the text tells its exit code. */
    EXIT,
    /** The balancer answered that its configuration has the backend. */
    LISTED,
    /** The balancer answered that its configuration no longer has the backend. */
    UNLISTED,
    /** The balancer's own readiness turned. */
    READINESS,
    /** A thread of the testbed's that wanted to run was kept from it for more than 100 ms. */
    STALL
  }

  /** The text of a moment of the kind {@link Kind#EXIT}. */
  public static String exitText(int code) {
    return "exit code " + code;
  }

  public JsonObject toJson() {
    return new JsonObject()
        .put("kind", kind.name())
        .put("subject", subject)
        .put("from", fromMicros)
        .put("to", toMicros)
        .put("text", text);
  }
}
