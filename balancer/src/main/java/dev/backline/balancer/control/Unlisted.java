package dev.backline.balancer.control;

import dev.backline.balancer.model.Verdict;

/**
 * How long a pool keeps backends after its name lost all its addresses: whoever emptied the name by
 * mistake must not stop what works.
 *
 * <p>Only answers decide, never the time alone: when the servers fall silent too, nothing is known,
 * and what works is kept. Owned by {@link PoolController}.
 */
final class Unlisted {
  static final long GRACE_NANOS = 30_000_000_000L;

  /** All that it knows at one moment. */
  record Checkpoint(boolean nothing, long sinceNanos) {
    static final Checkpoint START = new Checkpoint(false, 0);
  }

  private boolean nothing;
  private long sinceNanos;

  /** Goes on from a checkpoint. */
  Unlisted(Checkpoint from) {
    nothing = from.nothing();
    sinceNanos = from.sinceNanos();
  }

  Checkpoint checkpoint() {
    return new Checkpoint(nothing, sinceNanos);
  }

  /** The name has addresses again, or another source was configured. */
  void onSource() {
    nothing = false;
  }

  /** The name has none. */
  void onNothing(long nowNanos) {
    if (!nothing) {
      nothing = true;
      sinceNanos = nowNanos;
    }
  }

  /** This member stood still: its time didn't run. */
  void onStalled(long nanos) {
    sinceNanos += nanos;
  }

  /**
   * Returns whether a backend stays that no answer lists. One failed probe may be chance, and makes
   * suspect only: what is out has failed.
   */
  boolean keeps(Verdict verdict, long nowNanos) {
    return !verdict.isOut() && nowNanos - sinceNanos < GRACE_NANOS;
  }
}
