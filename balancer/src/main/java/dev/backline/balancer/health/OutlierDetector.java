package dev.backline.balancer.health;

import java.util.ArrayDeque;
import java.util.List;

/**
 * Watches the answers of one backend: five bad ones in a row, or half of at least ten in five
 * seconds, make it an outlier.
 *
 * <p>Clean answers are only known at the next bad one, as a count since the one before. Those that
 * may be older than the window are left out in proportion. Owned by its {@link HealthTracker}.
 */
final class OutlierDetector {
  static final int IN_A_ROW = 5;
  static final int AT_LEAST = 10;
  static final long WINDOW_NANOS = 5_000_000_000L;
  // A bound: at more bad answers than this in 5 s the first rule has long decided.
  private static final int MAX_SAMPLES = 256;

  /** A bad answer, and how many clean ones came before it. */
  record Sample(long atNanos, long clean) {}

  /** All that one knows at one moment. */
  public record Checkpoint(List<Sample> samples, int inARow, long lastAtNanos, boolean any) {
    /** Copies the list. */
    public Checkpoint {
      samples = List.copyOf(samples);
    }
  }

  private final ArrayDeque<Sample> samples = new ArrayDeque<>();
  private int inARow;
  private long lastAtNanos;
  private boolean any;

  OutlierDetector() {}

  OutlierDetector(Checkpoint from) {
    samples.addAll(from.samples());
    inARow = from.inARow();
    lastAtNanos = from.lastAtNanos();
    any = from.any();
  }

  Checkpoint checkpoint() {
    return new Checkpoint(List.copyOf(samples), inARow, lastAtNanos, any);
  }

  /** Counts a bad answer; returns whether the backend is an outlier now. */
  boolean record(long cleanBefore, long nowNanos) {
    inARow = cleanBefore == 0 ? inARow + 1 : 1;
    samples.add(new Sample(nowNanos, recent(cleanBefore, nowNanos)));
    lastAtNanos = nowNanos;
    any = true;
    while (samples.size() > MAX_SAMPLES || nowNanos - samples.peek().atNanos() > WINDOW_NANOS) {
      samples.remove();
    }
    long clean = 0;
    for (Sample sample : samples) {
      clean += sample.clean();
    }
    int bad = samples.size();
    return inARow >= IN_A_ROW || (bad + clean >= AT_LEAST && bad >= clean);
  }

  /** Forgets everything: what is said from now on is about a backend that was out. */
  void clear() {
    samples.clear();
    inARow = 0;
    any = false;
  }

  private long recent(long clean, long nowNanos) {
    long span = nowNanos - lastAtNanos;
    if (!any || span <= WINDOW_NANOS) {
      return clean;
    }
    return (long) ((double) clean * WINDOW_NANOS / span);
  }
}
