package dev.backline.balancer.retry;

import java.util.concurrent.atomic.AtomicLongArray;

/**
 * Bounds the retries of a pool to a part of its requests, so that a pool in trouble isn't also
 * stormed: {@code percent} of the requests of the last ten seconds, plus {@code perSecond} for each
 * of them.
 *
 * <p>Shared by all event loops of a member, without locks: two loops that open a new second in the
 * same moment may count a few requests twice or lose a few, never more than those of that moment.
 */
public final class RetryBudget {
  private static final int SECONDS = 10;
  private static final long NANOS_PER_SECOND = 1_000_000_000L;
  // One more than the window, so that the second being opened is none that is summed.
  private static final int SLOTS = SECONDS + 1;

  private final int percent;
  private final int perSecond;
  private final AtomicLongArray epochs = new AtomicLongArray(SLOTS);
  private final AtomicLongArray requests = new AtomicLongArray(SLOTS);
  private final AtomicLongArray retries = new AtomicLongArray(SLOTS);

  /** Creates the budget of one pool. */
  public RetryBudget(RetryPolicy policy) {
    this.percent = policy.budgetPercent();
    this.perSecond = policy.budgetPerSecond();
    for (int i = 0; i < SLOTS; i++) {
      epochs.set(i, Long.MIN_VALUE);
    }
  }

  /** Counts a request: the first attempt of an exchange. */
  public void onRequest(long nowNanos) {
    requests.incrementAndGet(slot(Math.floorDiv(nowNanos, NANOS_PER_SECOND)));
  }

  /** Takes one retry out of the budget, or returns {@code false} if it is used up. */
  public boolean tryTake(long nowNanos) {
    long second = Math.floorDiv(nowNanos, NANOS_PER_SECOND);
    int own = slot(second);
    long requested = 0;
    long retried = 0;
    for (int i = 0; i < SLOTS; i++) {
      long age = second - epochs.get(i);
      // One ahead: another loop has opened the next second, and this one's clock reads a little
      // less.
      if (age >= -1 && age < SECONDS) {
        requested += requests.get(i);
        retried += retries.get(i);
      }
    }
    if (retried >= (long) perSecond * SECONDS + requested * percent / 100) {
      return false;
    }
    retries.incrementAndGet(own);
    return true;
  }

  private int slot(long second) {
    int slot = (int) Math.floorMod(second, (long) SLOTS);
    long epoch = epochs.get(slot);
    if (epoch != second && epochs.compareAndSet(slot, epoch, second)) {
      requests.set(slot, 0);
      retries.set(slot, 0);
    }
    return slot;
  }
}
