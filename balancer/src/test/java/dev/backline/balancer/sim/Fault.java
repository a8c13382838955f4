package dev.backline.balancer.sim;

/**
 * Something that goes wrong for a time.
 *
 * @param kind what
 * @param target the number of the backend that it strikes, where it strikes one
 * @param beginNanos since the start of the run
 * @param endNanos since the start of the run
 * @param percent how much of what passes is struck, where that makes a difference; for what lies
 *     between a member and a backend, the member's number
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
    STANDSTILL,
    /** All of a member stands still, as if it were stopped by a signal. */
    FREEZE,
    /** An event loop is late, again and again. */
    LOOP_LAG,
    /** A member dies, and is started again. */
    MEMBER_KILL,
    /** Nothing gets through between a member and a backend that others reach. */
    CUT,
    /** Nothing gets through between a member and any backend. */
    CUT_ALL,
    /** Members are parted from each other, and later one again. */
    SPLIT,
    /** What members say to each other is late, double or lost. */
    LOSS,
    /** What members say to each other stands still. */
    CLUSTER_STALL,
    /** Nobody answers what the pool's name is. */
    NAME_FAILS,
    /** The pool's name has no addresses, or doesn't exist. */
    NAME_EMPTY,
    /** The answers lack an address, now this one, now that. */
    NAME_FLAPS,
    /** What passes between members and a backend takes any time: one overtakes the other. */
    REORDER,
    /** What a backend sends doesn't reach a member; what that one sends arrives. */
    CUT_ANSWERS,
    /** What a member sends doesn't reach a backend; what that one sends arrives. */
    CUT_REQUESTS,
    /** Answers some safe requests only after a long time, on purpose. */
    LONG_POLL,
    /** A member has no port left for connects to a backend. */
    NO_PORTS,
    /** Event loops lose the processor after they selected, and before they take the slot. */
    INTERLEAVING,
    /** Its health page answers 500, though it serves as ever. */
    LYING_HEALTH,
    /** Announces its stop, and then thinks better of it. */
    DRAIN_CALLED_OFF,
    /** A backend that registered is gone for good, without a word or after it withdrew. */
    LEAVE,
    /** A member stops in order, and is started again. */
    MEMBER_STOP;

    boolean strikesABackend() {
      return switch (this) {
        case ADD,
            RELOAD,
            LOCAL,
            BURST,
            CONTROL_LAG,
            STANDSTILL,
            FREEZE,
            LOOP_LAG,
            MEMBER_KILL,
            MEMBER_STOP,
            CUT_ALL,
            SPLIT,
            LOSS,
            CLUSTER_STALL,
            NAME_FAILS,
            NAME_EMPTY,
            NAME_FLAPS,
            INTERLEAVING ->
            false;
        default -> true;
      };
    }

    /** Returns whether it lies between one member and a backend. */
    boolean liesBetween() {
      return switch (this) {
        case CUT, CUT_ANSWERS, CUT_REQUESTS, NO_PORTS -> true;
        default -> false;
      };
    }

    /** Returns whether it takes more than one member to happen. */
    boolean strikesTheCluster() {
      return switch (this) {
        case SPLIT, LOSS, CLUSTER_STALL -> true;
        default -> false;
      };
    }

    /** Returns whether seeds have drawn it since the beginning: those that are old stay so. */
    boolean isOld() {
      return compareTo(STANDSTILL) < 0;
    }
  }

  @Override
  public String toString() {
    return "%s%s %d-%dms"
        .formatted(
            kind,
            (kind.liesBetween() ? " m" + percent : "")
                + (kind.strikesABackend() ? " b" + target : ""),
            beginNanos / Agenda.MILLI,
            endNanos / Agenda.MILLI);
  }
}
