package dev.backline.balancer.limit;

import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.LongSupplier;

/**
 * How many more clients this process can bear by its file descriptors: of those that were left when
 * it began 64 are kept for probes, other members, operators and files, and of the rest 85 % may be
 * open, since each exchange needs one more towards its backend.
 *
 * <p>To count what is open takes milliseconds where much is, so it is counted now and then, and
 * what was accepted since is added. Thread-safe.
 */
public final class DescriptorBudget {
  private static final long RESERVED = 64;
  private static final long PERCENT = 85;
  // A client's connection, and one to a backend.
  private static final long FOR_EACH_CLIENT = 2;

  private final long limit;
  private final long mostOpen;
  private final AtomicLong acceptedSince = new AtomicLong();
  private final LongAdder refused = new LongAdder();
  private volatile long open;

  /**
   * Begins.
   *
   * @param limit of this process; 0 or less: none
   * @param open now, before anybody is accepted
   */
  public DescriptorBudget(long limit, long open) {
    this.limit = limit;
    this.open = open;
    long left = Math.max(0, limit - open);
    long spare = Math.max(left - RESERVED, left / 2);
    this.mostOpen =
        limit <= 0 ? Long.MAX_VALUE : open + spare / 100 * PERCENT + spare % 100 * PERCENT / 100;
  }

  /** Returns a budget that never ends. */
  public static DescriptorBudget unlimited() {
    return new DescriptorBudget(0, 0);
  }

  /** Returns the limit of this process; 0 or less: none. */
  public long limit() {
    return limit;
  }

  /** Returns how many may be open when another client is accepted. */
  public long mostOpen() {
    return mostOpen;
  }

  /** Notes a client who has just come; returns whether there is room for it. */
  public boolean tryAccept() {
    boolean room = open + acceptedSince.get() < mostOpen;
    if (room) {
      acceptedSince.incrementAndGet();
    } else {
      refused.increment();
    }
    return room;
  }

  /** Returns whether what came since the last count may have brought it near its end. */
  public boolean isWorthCounting() {
    return open + FOR_EACH_CLIENT * acceptedSince.get() >= mostOpen / 2;
  }

  /** Counts. One thread at a time. */
  public void count(LongSupplier counter) {
    long before = acceptedSince.get();
    open = counter.getAsLong();
    acceptedSince.addAndGet(-before);
  }

  /** Returns how many clients were refused. */
  public long refused() {
    return refused.sum();
  }
}
