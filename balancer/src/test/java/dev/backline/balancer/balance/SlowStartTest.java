package dev.backline.balancer.balance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class SlowStartTest {
  @ParameterizedTest
  @CsvSource({
    "-1000, 0.1",
    "0, 0.1",
    "1000, 0.19",
    "5000, 0.55",
    "9999, 0.99991",
    "10000, 1",
    "10001, 1",
    "1000000, 1",
  })
  void weightGrowsInAStraightLineFromATenthToAll(long millis, double factor) {
    for (long startNanos : new long[] {0, 7_000_000_000L, -3_000_000_000L}) {
      SlowStart slowStart = new SlowStart(startNanos, 10_000_000_000L);
      assertThat(slowStart.factor(startNanos + millis * 1_000_000)).isCloseTo(factor, within(1e-9));
    }
  }

  @Test
  void withoutADurationTheWholeWeightIsThereAtOnce() {
    assertThat(new SlowStart(5, 0).factor(5)).isEqualTo(1);
    assertThat(SlowStart.OVER.factor(Long.MIN_VALUE)).isEqualTo(1);
    assertThat(SlowStart.OVER.factor(Long.MAX_VALUE)).isEqualTo(1);
  }
}
