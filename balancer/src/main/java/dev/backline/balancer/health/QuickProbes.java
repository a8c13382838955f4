package dev.backline.balancer.health;

import java.time.Duration;

/**
 * The quick probes of a backend that may be silent: beside its ordinary ones, each without waiting
 * for the one before, and with less patience.
 *
 * <p>One that fails counts only while the backend is silent: who is slow to answer its health
 * request but says anything else isn't. Owned by its {@link HealthTracker}.
 */
final class QuickProbes {
  /** Between two of them. */
  static final long INTERVAL_NANOS = 100_000_000L;

  /** How long one waits for its answer, at least. */
  static final long LEAST_TIMEOUT_NANOS = 200_000_000L;

  private static final int TIMES_USUAL = 4;

  private boolean silent;
  private long silentSinceNanos;
  private long voidUntilNanos = Long.MIN_VALUE;
  private boolean sent;
  private long sentNanos;
  private int failed;
  private long usualNanos;

  /** All that one knows at one moment. */
  public record Checkpoint(
      boolean silent,
      long silentSinceNanos,
      long voidUntilNanos,
      boolean sent,
      long sentNanos,
      int failed,
      long usualNanos) {}

  QuickProbes() {}

  QuickProbes(Checkpoint from) {
    silent = from.silent();
    silentSinceNanos = from.silentSinceNanos();
    voidUntilNanos = from.voidUntilNanos();
    sent = from.sent();
    sentNanos = from.sentNanos();
    failed = from.failed();
    usualNanos = from.usualNanos();
  }

  Checkpoint checkpoint() {
    return new Checkpoint(
        silent, silentSinceNanos, voidUntilNanos, sent, sentNanos, failed, usualNanos);
  }

  /** Returns whether nothing has come of the backend since it was said to be silent. */
  boolean isSilent() {
    return silent;
  }

  /**
   * Returns whether to send one now: not when one was just sent, since several event loops may want
   * it.
   */
  boolean trySend(long nowNanos) {
    if (sent && nowNanos - sentNanos < INTERVAL_NANOS) {
      return false;
    }
    sent = true;
    sentNanos = nowNanos;
    return true;
  }

  /** Nothing is heard of it, from now on. */
  void onSilent(long nowNanos) {
    if (!silent) {
      silent = true;
      silentSinceNanos = nowNanos;
      failed = 0;
    }
  }

  /** It said something: of what began before, only that. */
  void onHeard(long nowNanos) {
    voidUntilNanos = nowNanos;
    end();
  }

  /** This member stood still until now: what failed meanwhile had no chance. */
  void onStalled(long nowNanos) {
    voidUntilNanos = nowNanos;
  }

  /** It isn't silent any more, or out: no more of them. */
  void end() {
    silent = false;
    failed = 0;
  }

  /** Returns when the next one is due; {@code Long.MAX_VALUE}: never. */
  long nextNanos() {
    if (!silent) {
      return Long.MAX_VALUE;
    }
    return sent ? sentNanos + INTERVAL_NANOS : silentSinceNanos;
  }

  /** One brought nothing in its time. */
  void onFailed(long startNanos) {
    if (silent && startNanos > voidUntilNanos) {
      failed++;
    }
  }

  /** Returns how many failed since the backend is silent. */
  int failed() {
    return failed;
  }

  /** Notes how long a probe took that passed; a long one is remembered for a while. */
  void onPass(long nanos) {
    usualNanos = Math.max(nanos, usualNanos - usualNanos / 4);
  }

  /**
   * Returns how long one waits for its answer: a backend whose health request takes its time gets
   * it, but no more than an ordinary probe has.
   */
  long timeoutNanos(Duration ordinary) {
    long nanos = Math.max(LEAST_TIMEOUT_NANOS, TIMES_USUAL * usualNanos);
    return Math.min(nanos, ordinary.toNanos());
  }
}
