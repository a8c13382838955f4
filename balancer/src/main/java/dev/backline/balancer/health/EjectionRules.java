package dev.backline.balancer.health;

import java.util.List;

/**
 * Whether an outlier may be ejected, seen over its whole pool.
 *
 * <p>At most half of a pool is out for its answers, and never the last that is eligible. Where two
 * thirds of three or more turn outliers within two seconds while their probes pass, the requests
 * are at fault, or what stands behind all of them: nobody is ejected, and those just ejected come
 * back.
 */
public final class EjectionRules {
  static final long TOGETHER_NANOS = 2_000_000_000L;
  private static final int SMALLEST_CORRELATED = 3;

  private EjectionRules() {}

  /** Returns whether so many turned outliers together that none of them is to blame. */
  public static boolean areCorrelated(List<HealthTracker> pool, long nowNanos) {
    if (pool.size() < SMALLEST_CORRELATED) {
      return false;
    }
    long outliers = pool.stream().filter(tracker -> turnedLately(tracker, nowNanos)).count();
    return 3 * outliers >= 2L * pool.size();
  }

  /** Returns whether a backend turned an outlier so lately that others may have with it. */
  public static boolean turnedLately(HealthTracker tracker, long nowNanos) {
    return tracker.isOutlierSince(nowNanos - TOGETHER_NANOS);
  }

  /** Returns whether the pool can bear it that one more, now {@code outlier}, is ejected. */
  public static boolean mayEject(HealthTracker outlier, List<HealthTracker> pool) {
    int out = 0;
    boolean another = false;
    for (HealthTracker tracker : pool) {
      if (tracker == outlier) {
        continue;
      }
      switch (tracker.verdict()) {
        case EJECTED, TRIAL -> out++;
        case UP, SUSPECT -> another = true;
        case UNPROVEN, DOWN, REFUSING, DRAINING -> {}
      }
    }
    return another && 2 * (out + 1) <= pool.size();
  }
}
