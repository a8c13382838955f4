package dev.backline.balancer.retry;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class RetryBudgetTest {
  private static final long SECOND = 1_000_000_000L;

  @ParameterizedTest
  @CsvSource({
    "0, 0, 1000, 0",
    "20, 0, 0, 0",
    "20, 0, 4, 0",
    "20, 0, 5, 1",
    "20, 0, 1000, 200",
    "20, 10, 0, 100",
    "20, 10, 1000, 300",
    "100, 0, 7, 7",
    "1, 1, 99, 10",
    "1, 1, 100, 11",
  })
  void burstIsWhatTenSecondsAllow(int percent, int perSecond, int requests, int retries) {
    for (long nowNanos : new long[] {0, -SECOND, -1, 12_345 * SECOND + 1, -(1L << 60), 1L << 60}) {
      RetryBudget budget = budget(percent, perSecond);
      for (int i = 0; i < requests; i++) {
        budget.onRequest(nowNanos);
      }
      assertThat(takeAll(budget, nowNanos)).as("at %d", nowNanos).isEqualTo(retries);
    }
  }

  @ParameterizedTest
  @ValueSource(longs = {0, 55, -7, -1_000_000})
  void windowIsTenSeconds(long firstSecond) {
    RetryBudget budget = budget(20, 0);
    for (int i = 0; i < 100; i++) {
      budget.onRequest(firstSecond * SECOND);
    }
    assertThat(takeAll(budget, (firstSecond + 9) * SECOND + SECOND - 1)).isEqualTo(20);
    assertThat(takeAll(budget, (firstSecond + 10) * SECOND)).isZero();
  }

  @Test
  void retriesLeaveTheWindowToo() {
    RetryBudget budget = budget(0, 1);
    assertThat(takeAll(budget, 0)).isEqualTo(10);
    assertThat(takeAll(budget, 9 * SECOND)).isZero();
    assertThat(takeAll(budget, 10 * SECOND)).isEqualTo(10);
  }

  @Test
  void steadyTrafficGetsItsPartOfEveryTenSeconds() {
    RetryBudget budget = budget(20, 0);
    int granted = 0;
    for (int second = 0; second < 1_000; second++) {
      for (int i = 0; i < 50; i++) {
        long nowNanos = second * SECOND + i * SECOND / 50;
        budget.onRequest(nowNanos);
        granted += budget.tryTake(nowNanos) ? 1 : 0;
      }
    }
    assertThat(granted).isBetween(1_000 * 10 - 10, 1_000 * 10 + 10);
  }

  @Test
  void longSilenceLeavesOnlyTheFloor() {
    RetryBudget budget = budget(20, 1);
    for (int i = 0; i < 10_000; i++) {
      budget.onRequest(i * SECOND / 1_000);
    }
    assertThat(takeAll(budget, 3_600 * SECOND)).isEqualTo(10);
  }

  @Test
  void aLoopWhoseClockReadsALittleOlderTakesFromTheSameBudget() {
    RetryBudget budget = budget(0, 1);
    assertThat(takeAll(budget, 5 * SECOND)).isEqualTo(10);
    assertThat(takeAll(budget, 5 * SECOND - 1)).isZero();
    assertThat(takeAll(budget, 5 * SECOND)).isZero();
  }

  @Test
  void loopsThatTakeTogetherHardlyExceedIt() throws Exception {
    int threads = 4;
    RetryBudget budget = budget(20, 10);
    AtomicInteger granted = new AtomicInteger();
    AtomicReference<Throwable> failure = new AtomicReference<>();
    CyclicBarrier start = new CyclicBarrier(threads);
    List<Thread> loops = new ArrayList<>();
    for (int t = 0; t < threads; t++) {
      Thread loop =
          new Thread(
              () -> {
                try {
                  start.await();
                  for (int i = 0; i < 25_000; i++) {
                    long nowNanos = i * SECOND / 2_500; // Ten seconds.
                    budget.onRequest(nowNanos);
                    if (budget.tryTake(nowNanos)) {
                      granted.incrementAndGet();
                    }
                  }
                } catch (Exception e) {
                  failure.set(e);
                }
              });
      loop.start();
      loops.add(loop);
    }
    for (Thread loop : loops) {
      loop.join();
    }
    assertThat(failure.get()).isNull();
    // 20 % of 100,000 requests, and the floor; a loop may lose what it counts while another opens
    // a second, and overdraws by no more than one a moment.
    assertThat(granted.get()).isBetween(10_000, 20_000 + 100 + 10 * threads);
  }

  private static int takeAll(RetryBudget budget, long nowNanos) {
    int taken = 0;
    while (taken < 100_000 && budget.tryTake(nowNanos)) {
      taken++;
    }
    return taken;
  }

  private static RetryBudget budget(int percent, int perSecond) {
    return new RetryBudget(
        new RetryPolicy(
            3, percent, perSecond, 64 * 1024, Duration.ofSeconds(15), Duration.ofSeconds(30)));
  }
}
