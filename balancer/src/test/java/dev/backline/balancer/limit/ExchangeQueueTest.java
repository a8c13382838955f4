package dev.backline.balancer.limit;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

final class ExchangeQueueTest {
  private final AtomicInteger permits = new AtomicInteger(3);
  private final ExchangeQueue<String> queue = new ExchangeQueue<>(permits, text -> 0);

  @Test
  void oldestIsFirst() {
    queue.offer("a");
    queue.offer("b");
    assertThat(queue.peek()).isEqualTo("a");
    queue.remove("a");
    assertThat(queue.peek()).isEqualTo("b");
    queue.remove("b");
    assertThat(queue.peek()).isNull();
  }

  @Test
  void oneThatLeavesFromTheMiddleKeepsTheOrderOfTheOthers() {
    queue.offer("a");
    queue.offer("b");
    queue.offer("c");
    queue.remove("b");
    queue.remove("a");
    assertThat(queue.peek()).isEqualTo("c");
    assertThat(queue.size()).isEqualTo(1);
    assertThat(permits).hasValue(2);
  }

  /**
   * One that was released, found nobody and waits again keeps its old deadline, as does one from
   * before a reload: behind others it waited until theirs was over (seed 183).
   */
  @Test
  void earliestDeadlineIsFirstAndAmongEqualOnesTheOldest() {
    ExchangeQueue<String> byDeadline =
        new ExchangeQueue<>(new AtomicInteger(9), text -> Long.parseLong(text.substring(1)));
    for (String exchange : List.of("a20", "b30", "c10", "d30", "e-5", "f20")) {
      byDeadline.offer(exchange);
    }
    byDeadline.remove("b30");
    List<String> order = new ArrayList<>();
    for (String next = byDeadline.peek(); next != null; next = byDeadline.peek()) {
      order.add(next);
      byDeadline.remove(next);
    }
    assertThat(order).containsExactly("e-5", "c10", "a20", "f20", "d30");
  }

  /**
   * One that waited while the loop stood still has more time: who came later waited for it (seed
   * 4299).
   */
  @Test
  void whoseTimeIsOverNeedNotBeTheFirst() {
    ExchangeQueue<String> byDeadline =
        new ExchangeQueue<>(new AtomicInteger(9), text -> Long.parseLong(text.substring(1)));
    for (String exchange : List.of("s10", "b20", "c30")) {
      byDeadline.offer(exchange);
    }
    assertThat(byDeadline.firstOver(9, each -> true)).isNull();
    assertThat(byDeadline.firstOver(10, each -> true)).isEqualTo("s10");
    assertThat(byDeadline.firstOver(20, each -> !each.equals("s10"))).isEqualTo("b20");
    assertThat(byDeadline.firstOver(19, each -> !each.equals("s10"))).isNull();
    assertThat(byDeadline.peek()).isEqualTo("s10");
  }

  @Test
  void fullQueueTakesNoMoreUntilOneLeaves() {
    assertThat(List.of(queue.offer("a"), queue.offer("b"), queue.offer("c"), queue.offer("d")))
        .containsExactly(true, true, true, false);
    assertThat(permits).hasValue(0);
    assertThat(queue.size()).isEqualTo(3);
    queue.remove("c");
    assertThat(queue.offer("e")).isTrue();
  }

  @Test
  void permitsAreSharedByAllQueuesOfTheMember() {
    ExchangeQueue<String> other = new ExchangeQueue<>(permits, text -> 0);
    queue.offer("a");
    queue.offer("b");
    assertThat(other.offer("c")).isTrue();
    assertThat(other.offer("d")).isFalse();
    queue.remove("a");
    assertThat(other.offer("d")).isTrue();
  }

  @Test
  void removingOneThatDoesNotWaitChangesNothing() {
    queue.offer("a");
    queue.remove("x");
    queue.remove("a");
    queue.remove("a");
    assertThat(permits).hasValue(3);
    assertThat(queue.size()).isZero();
  }

  @Test
  void reloadThatShrinksBelowWhatWaitsAdmitsNobodyUntilEnoughHaveLeft() {
    queue.offer("a");
    queue.offer("b");
    permits.addAndGet(-2);
    assertThat(queue.offer("c")).isFalse();
    queue.remove("a");
    assertThat(permits).hasValue(0);
    assertThat(queue.offer("c")).isFalse();
    queue.remove("b");
    assertThat(queue.offer("c")).isTrue();
  }

  @Test
  void noQueueAtAllAdmitsNobody() {
    assertThat(new ExchangeQueue<String>(new AtomicInteger(0), text -> 0).offer("a")).isFalse();
  }

  @Test
  void loopsThatOfferTogetherNeverExceedThePermits() throws InterruptedException {
    AtomicInteger shared = new AtomicInteger(50);
    AtomicInteger admitted = new AtomicInteger();
    AtomicInteger most = new AtomicInteger();
    CountDownLatch start = new CountDownLatch(1);
    List<Thread> loops = new ArrayList<>();
    for (int i = 0; i < 4; i++) {
      Thread loop =
          new Thread(
              () -> {
                ExchangeQueue<Integer> own = new ExchangeQueue<>(shared, number -> 0);
                awaitQuietly(start);
                for (int n = 0; n < 20_000; n++) {
                  if (own.offer(n)) {
                    most.accumulateAndGet(admitted.incrementAndGet(), Math::max);
                  }
                  Integer first = own.peek();
                  if (first != null && n % 3 != 0) {
                    admitted.decrementAndGet();
                    own.remove(first);
                  }
                }
                for (Integer left = own.peek(); left != null; left = own.peek()) {
                  admitted.decrementAndGet();
                  own.remove(left);
                }
              });
      loop.start();
      loops.add(loop);
    }
    start.countDown();
    for (Thread loop : loops) {
      loop.join();
    }
    assertThat(shared).hasValue(50);
    assertThat(most.get()).isBetween(1, 50);
  }

  private static void awaitQuietly(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }
}
