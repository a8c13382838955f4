package dev.backline.balancer.health;

/**
 * How long a pool's backends usually take for a head, as one event loop sees it: the 95th
 * percentile of the last 128. The very first are left out: they pay for cold code.
 *
 * <p>Counts in buckets whose bounds are 6 % apart. Owned by its event loop.
 */
final class HeadTimes {
  /** With fewer, nothing is known. */
  static final int ENOUGH = 20;

  static final int COLD = 16;

  static final int KEPT = 128;

  private static final int BITS = 4;
  private static final int STEPS = 1 << BITS;
  // Microseconds, nearly; the last bucket is beyond any timeout.
  private static final int UNIT_BITS = 10;
  private static final int BUCKETS = STEPS * 32;

  private final int[] counts = new int[BUCKETS];
  private final short[] latest = new short[KEPT]; // Their buckets, in a ring.
  private int cold;
  private int next;
  private int total;
  private long p95Nanos;
  private boolean known;

  /** Notes one, instead of the oldest. */
  void record(long nanos) {
    if (cold < COLD) {
      cold++;
      return;
    }
    if (total == KEPT) {
      counts[latest[next]]--;
    } else {
      total++;
    }
    int bucket = bucket(nanos);
    counts[bucket]++;
    latest[next] = (short) bucket;
    next = (next + 1) % KEPT;
    known = false;
  }

  /** Returns the upper bound of the bucket that has the percentile; 0: too few are known. */
  long p95Nanos() {
    if (!known) {
      p95Nanos = total < ENOUGH ? 0 : compute();
      known = true;
    }
    return p95Nanos;
  }

  private long compute() {
    int above = total / 20;
    int bucket = BUCKETS - 1;
    while (counts[bucket] <= above) {
      above -= counts[bucket];
      bucket--;
    }
    return upperNanos(bucket);
  }

  /** Linear up to {@link #STEPS} units, then so many steps to each doubling. */
  private static int bucket(long nanos) {
    long units = Math.max(0, nanos) >> UNIT_BITS;
    if (units < STEPS) {
      return (int) units;
    }
    int octave = 63 - Long.numberOfLeadingZeros(units) - BITS;
    int step = (int) (units >> octave) - STEPS;
    return Math.min(BUCKETS - 1, STEPS * (octave + 1) + step);
  }

  private static long upperNanos(int bucket) {
    if (bucket < STEPS) {
      return (bucket + 1L) << UNIT_BITS;
    }
    int octave = bucket / STEPS - 1;
    return (bucket % STEPS + STEPS + 1L) << (octave + UNIT_BITS);
  }
}
