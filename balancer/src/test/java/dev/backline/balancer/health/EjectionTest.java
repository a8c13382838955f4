package dev.backline.balancer.health;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

final class EjectionTest {
  private static final long SECOND = 1_000_000_000L;

  @Test
  void eachEjectionIsTwiceAsLongUpToThirtySeconds() {
    List<Long> seconds = new ArrayList<>();
    Ejection ejection = Ejection.NEVER;
    long nowNanos = -100 * SECOND;
    for (int i = 0; i < 8; i++) {
      ejection = ejection.next(nowNanos);
      seconds.add((ejection.untilNanos() - nowNanos) / SECOND);
      nowNanos = ejection.untilNanos() + SECOND;
    }
    assertThat(seconds).containsExactly(1L, 2L, 4L, 8L, 16L, 30L, 30L, 30L);
  }

  @Test
  void aThousandEjectionsDoNotOverflow() {
    Ejection ejection = Ejection.NEVER;
    for (int i = 0; i < 1_000; i++) {
      ejection = ejection.next(0);
    }
    assertThat(ejection.untilNanos()).isEqualTo(30 * SECOND);
  }

  @Test
  void aCleanMinuteAfterItsTrialForgives() {
    Ejection third = Ejection.NEVER.next(0).next(2 * SECOND).next(5 * SECOND);
    long cleanSince = third.untilNanos() + Ejection.TRIAL_NANOS;
    assertThat(third.next(cleanSince + 60 * SECOND - 1).count()).isEqualTo(4);
    Ejection forgiven = third.next(cleanSince + 60 * SECOND);
    assertThat(forgiven.count()).isEqualTo(1);
    assertThat(forgiven.untilNanos()).isEqualTo(cleanSince + 61 * SECOND);
  }
}
