package dev.backline.balancer.limit;

import java.util.ArrayDeque;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * The exchanges of one pool that wait on one event loop, oldest first.
 *
 * <p>Owned by its event loop; only the count of permits is shared, by all loops of the member.
 *
 * @param <T> what waits
 */
public final class ExchangeQueue<T> {
  private final ArrayDeque<T> waiting = new ArrayDeque<>();
  private final AtomicInteger permits;

  /**
   * Creates an empty queue.
   *
   * @param permits how many more may wait, in all queues of the pool together
   */
  public ExchangeQueue(AtomicInteger permits) {
    this.permits = permits;
  }

  /** Adds at the end, or returns {@code false} if the member's queue is full. */
  public boolean offer(T exchange) {
    if (permits.getAndDecrement() <= 0) {
      permits.getAndIncrement();
      return false;
    }
    waiting.add(exchange);
    return true;
  }

  /** Returns the one that has waited longest, and leaves it there; {@code null} if none waits. */
  public @Nullable T peek() {
    return waiting.peek();
  }

  /** Removes one, wherever it stands; does nothing if it doesn't wait. */
  public void remove(T exchange) {
    if (waiting.remove(exchange)) {
      permits.getAndIncrement();
    }
  }

  /** Returns how many wait here. */
  public int size() {
    return waiting.size();
  }
}
