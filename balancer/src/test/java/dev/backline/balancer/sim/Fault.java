package dev.backline.balancer.sim;

/**
 * Something that goes wrong for a time.
 *
 * @param kind what
 * @param target the number of the backend that it strikes, where it strikes one
 * @param beginNanos since the start of the run
 * @param endNanos since the start of the run
 * @param percent how much of what passes is struck, where that makes a difference
 */
record Fault(Kind kind, int target, long beginNanos, long endNanos, int percent) {
  /** What can go wrong. */
  enum Kind {
    /** The process ends: connections break, connects are refused; later it is restarted. */
    KILL,
    /** Its address goes with it: connects and requests are never answered. */
    VANISH,
    /** Nothing gets through in either direction; what was sent arrives when it heals. */
    PARTITION,
    /** Stopped: connects succeed, nothing is answered, and all of it is done when it goes on. */
    HANG,
    /** Many times slower than usual, its health page too. */
    SLOW,
    /** Answers 500, on its health page too. */
    ERRORS,
    /** Answers 500, but its health page says that all is well. */
    LYING_ERRORS,
    /** Closes without an answer, but its health page says that all is well. */
    RESETS,
    /** Breaks its answers off after their heads. */
    TRUNCATIONS,
    /** Announces its stop, serves on, stops, and is started again. */
    DRAIN,
    /** Comes and goes, many times a second. */
    FLAP,
    /** Its source no longer lists it, and then lists it again. */
    UNLIST,
    /** A backend that wasn't there before is listed, while it is still starting. */
    ADD,
    /** An operator drains it, and then makes it ready again. */
    WISH,
    /** Another configuration is loaded. */
    RELOAD,
    /** The member has no file descriptors left. */
    LOCAL,
    /** Many more clients. */
    BURST,
    /** The control loop is late. */
    CONTROL_LAG,
    /** The control loop stands still: what comes meanwhile waits, and its timers too. */
    STANDSTILL;

    boolean strikesABackend() {
      return switch (this) {
        case ADD, RELOAD, LOCAL, BURST, CONTROL_LAG, STANDSTILL -> false;
        default -> true;
      };
    }
  }

  @Override
  public String toString() {
    return "%s%s %d-%dms"
        .formatted(
            kind,
            kind.strikesABackend() ? " b" + target : "",
            beginNanos / Agenda.MILLI,
            endNanos / Agenda.MILLI);
  }
}
