package dev.backline.balancer.balance;

/**
 * How a backend's weight grows after it came (back): from a tenth to all of it, in a straight line.
 *
 * <p>Relative weights decide, so a pool in which everything starts at once is shared evenly.
 *
 * @param startNanos when it began, on the monotonic clock
 * @param durationNanos how long it lasts; 0: not at all
 */
public record SlowStart(long startNanos, long durationNanos) {
  /** A backend that has its whole weight. */
  public static final SlowStart OVER = new SlowStart(0, 0);

  private static final double FIRST_SHARE = 0.1;

  /** Returns the factor to the weight, {@code 0.1} to {@code 1}. */
  public double factor(long nowNanos) {
    long elapsed = nowNanos - startNanos;
    if (durationNanos == 0 || elapsed >= durationNanos) {
      return 1;
    }
    return FIRST_SHARE + (1 - FIRST_SHARE) * Math.max(0, elapsed) / durationNanos;
  }
}
