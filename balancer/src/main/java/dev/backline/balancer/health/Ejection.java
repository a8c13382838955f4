package dev.backline.balancer.health;

/**
 * How long a backend is out for its answers: one second, doubled each time to 30, and back to one
 * after 60 clean seconds.
 *
 * @param count ejections so far, without a clean minute between them
 * @param untilNanos when the last one ends
 */
record Ejection(int count, long untilNanos) {
  static final Ejection NEVER = new Ejection(0, 0);
  static final long TRIAL_NANOS = 1_000_000_000L;

  private static final long FIRST_NANOS = 1_000_000_000L;
  private static final long LONGEST_NANOS = 30_000_000_000L;
  private static final long CLEAN_NANOS = 60_000_000_000L;

  /** Returns the same one, ending later. */
  Ejection later(long nanos) {
    return new Ejection(count, untilNanos + nanos);
  }

  /** Returns the next ejection, from now. */
  Ejection next(long nowNanos) {
    boolean clean = count == 0 || nowNanos - (untilNanos + TRIAL_NANOS) >= CLEAN_NANOS;
    int again = clean ? 0 : count;
    long nanos = again >= 5 ? LONGEST_NANOS : Math.min(FIRST_NANOS << again, LONGEST_NANOS);
    return new Ejection(again + 1, nowNanos + nanos);
  }
}
