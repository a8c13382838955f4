package dev.backline.balancer.health;

import java.util.ArrayDeque;
import java.util.Deque;

/**
 * When one thread of this member stood still: the process was stopped, starved, or collected
 * garbage. What seems overdue for that is nobody else's fault.
 *
 * <p>Owned by that thread, which says that it runs every {@link #TICK_NANOS} and before it judges a
 * timer.
 */
public final class Stalls {
  /** How often the thread says that it runs. */
  public static final long TICK_NANOS = 10_000_000L;

  /** A longer silence than this is a stall. */
  static final long GAP_NANOS = 100_000_000L;

  private static final int KEPT = 64;

  private record Stall(long fromNanos, long untilNanos) {}

  private final Deque<Stall> lately = new ArrayDeque<>();
  private long ranAtNanos;

  /** Starts with a thread that runs now. */
  public Stalls(long nowNanos) {
    this.ranAtNanos = nowNanos;
  }

  /** Notes that the thread runs; returns how long it stood still until now, 0 if it did not. */
  public long onRunning(long nowNanos) {
    long gapNanos = nowNanos - ranAtNanos;
    long fromNanos = ranAtNanos;
    ranAtNanos = nowNanos;
    if (gapNanos <= GAP_NANOS) {
      return 0;
    }
    lately.addLast(new Stall(fromNanos, nowNanos));
    if (lately.size() > KEPT) {
      lately.removeFirst();
    }
    return gapNanos;
  }

  /** Returns how much of the time since then the thread stood still. */
  public long nanosSince(long sinceNanos) {
    long nanos = 0;
    for (Stall stall : lately) {
      nanos += Math.max(0, stall.untilNanos() - Math.max(stall.fromNanos(), sinceNanos));
    }
    return nanos;
  }
}
