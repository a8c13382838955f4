package dev.backline.balancer.limit;

import java.util.ArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Predicate;
import java.util.function.ToLongFunction;
import org.jspecify.annotations.Nullable;

/**
 * The exchanges of one pool that wait on one event loop: the one whose time is over first is first,
 * and of those with the same time the oldest.
 *
 * <p>Owned by its event loop; only the count of permits is shared, by all loops of the member.
 *
 * @param <T> what waits
 */
public final class ExchangeQueue<T> {
  private final ArrayList<T> waiting = new ArrayList<>();
  private final AtomicInteger permits;
  private final ToLongFunction<T> deadlineNanos;

  /**
   * Creates an empty queue.
   *
   * @param permits how many more may wait, in all queues of the pool together
   * @param deadlineNanos until when an exchange waits; the same as long as it does
   */
  public ExchangeQueue(AtomicInteger permits, ToLongFunction<T> deadlineNanos) {
    this.permits = permits;
    this.deadlineNanos = deadlineNanos;
  }

  /** Adds where its deadline belongs, or returns {@code false} if the member's queue is full. */
  public boolean offer(T exchange) {
    if (permits.getAndDecrement() <= 0) {
      permits.getAndIncrement();
      return false;
    }
    // From the end: all but those that wait again have the latest deadline so far.
    int place = waiting.size();
    long deadline = deadlineNanos.applyAsLong(exchange);
    while (place > 0 && deadlineNanos.applyAsLong(waiting.get(place - 1)) > deadline) {
      place--;
    }
    waiting.add(place, exchange);
    return true;
  }

  /** Returns the one whose time is over first, and leaves it there; {@code null} if none waits. */
  public @Nullable T peek() {
    return waiting.isEmpty() ? null : waiting.get(0);
  }

  /**
   * Returns the first whose time is over, and leaves it there; {@code null}: nobody's is. It need
   * not be the first of all: one that waits for longer may have been given more time.
   *
   * @param isOver asked of those only whose deadline has passed
   */
  public @Nullable T firstOver(long nowNanos, Predicate<T> isOver) {
    for (T exchange : waiting) {
      if (deadlineNanos.applyAsLong(exchange) > nowNanos) {
        return null;
      }
      if (isOver.test(exchange)) {
        return exchange;
      }
    }
    return null;
  }

  /** Removes one, wherever it stands; returns whether it waited. */
  public boolean remove(T exchange) {
    boolean waited = waiting.remove(exchange);
    if (waited) {
      permits.getAndIncrement();
    }
    return waited;
  }

  /** Returns how many wait here. */
  public int size() {
    return waiting.size();
  }
}
