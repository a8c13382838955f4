package dev.backline.balancer.health;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

final class HeadTimesTest {
  private static final long MILLI = 1_000_000;

  private final HeadTimes times = warm();

  @Test
  void littleIsNothing() {
    record(HeadTimes.ENOUGH - 1, 10 * MILLI);
    assertThat(times.p95Nanos()).isZero();
    record(1, 10 * MILLI);
    assertThat(times.p95Nanos()).isBetween(10 * MILLI, 10_700_000L);
  }

  @Test
  void oneInTwentyIsAbove() {
    record(HeadTimes.KEPT - 6, 10 * MILLI);
    record(6, 500 * MILLI);
    assertThat(times.p95Nanos()).isLessThan(11 * MILLI);
    record(1, 500 * MILLI);
    assertThat(times.p95Nanos()).isBetween(500 * MILLI, 532 * MILLI);
  }

  /** Against the exact percentile of what was recorded, from microseconds to minutes. */
  @Test
  void isAtMostASixteenthAboveTheExactOne() {
    SplittableRandom random = new SplittableRandom(1);
    for (int round = 0; round < 200; round++) {
      HeadTimes some = warm();
      List<Long> all = new ArrayList<>();
      double scale = Math.pow(10, 4 + 7 * random.nextDouble());
      for (int i = random.nextInt(HeadTimes.ENOUGH, 3 * HeadTimes.KEPT); i > 0; i--) {
        long nanos = (long) (scale * (0.1 + random.nextDouble()));
        some.record(nanos);
        all.add(nanos);
      }
      all = all.subList(Math.max(0, all.size() - HeadTimes.KEPT), all.size());
      all.sort(null);
      long exact = all.get(all.size() - 1 - all.size() / 20);
      assertThat(some.p95Nanos()).isBetween(exact, exact + exact / 16 + 2_048);
    }
  }

  @Test
  void whatWasIsForgottenByWhatIs() {
    record(1_000, 800 * MILLI);
    record(HeadTimes.KEPT - 7, 5 * MILLI);
    assertThat(times.p95Nanos()).isGreaterThanOrEqualTo(800 * MILLI);
    record(1, 5 * MILLI);
    assertThat(times.p95Nanos()).isLessThan(6 * MILLI);
    record(6, 5 * MILLI);
    record(7, 800 * MILLI);
    assertThat(times.p95Nanos()).isGreaterThanOrEqualTo(800 * MILLI);
  }

  @Test
  void takesAnything() {
    record(30, -5);
    assertThat(times.p95Nanos()).isBetween(1L, 2_000L);
    record(100, Long.MAX_VALUE);
    assertThat(times.p95Nanos()).isGreaterThan(3_600_000 * MILLI);
  }

  @Test
  void firstOnesPayForColdCodeAndDoNotCount() {
    HeadTimes cold = new HeadTimes();
    for (int i = 0; i < HeadTimes.COLD; i++) {
      cold.record(900 * MILLI);
    }
    for (int i = 0; i < HeadTimes.ENOUGH; i++) {
      cold.record(10 * MILLI);
    }
    assertThat(cold.p95Nanos()).isLessThan(11 * MILLI);
  }

  private static HeadTimes warm() {
    HeadTimes times = new HeadTimes();
    for (int i = 0; i < HeadTimes.COLD; i++) {
      times.record(0);
    }
    return times;
  }

  private void record(int count, long nanos) {
    for (int i = 0; i < count; i++) {
      times.record(nanos);
    }
  }
}
