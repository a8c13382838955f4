package dev.backline.balancer.health;

/**
 * How late an event loop is: the mean of its latest ticks, the last the most. One late tick by
 * accident is no lag. Owned by that loop.
 */
final class Lag {
  private static final int LATEST = 8;

  private long tickedNanos;
  private long meanNanos;
  private boolean late;

  Lag(long nowNanos) {
    this.tickedNanos = nowNanos;
  }

  /**
   * Notes a tick; returns whether it is of no use: so late that another one is missing, unless the
   * one before was, too; or just after such a one, before anything could be read.
   */
  boolean onTick(long nowNanos) {
    if (nowNanos - tickedNanos < Stalls.TICK_NANOS / 2) {
      return true;
    }
    long lateNanos = Math.max(0, nowNanos - tickedNanos - Stalls.TICK_NANOS);
    tickedNanos = nowNanos;
    meanNanos += (lateNanos - meanNanos) / LATEST;
    late = lateNanos >= Stalls.TICK_NANOS && !late;
    return late;
  }

  /** Returns by how much. */
  long nanos() {
    return meanNanos;
  }
}
