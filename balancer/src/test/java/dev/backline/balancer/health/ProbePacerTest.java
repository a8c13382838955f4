package dev.backline.balancer.health;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

final class ProbePacerTest {
  private static final long SECOND = 1_000_000_000L;
  private static final long START = -5 * SECOND;

  private final ProbePacer<Integer> pacer = new ProbePacer<>(START);

  @Test
  void fewGoAtOnceInTheirOrder() {
    offer(0, 100, false);
    assertThat(poll(START)).hasSize(100).isSorted();
    assertThat(pacer.isWaiting()).isFalse();
    assertThat(pacer.poll(START)).isNull();
  }

  @Test
  void manyGoAtFiveHundredASecond() {
    offer(0, 10_000, false);
    assertThat(poll(START)).hasSize(100);
    assertThat(pacer.isWaiting()).isTrue();
    assertThat(poll(START + SECOND / 500 - 1)).isEmpty();
    assertThat(poll(START + SECOND / 500)).hasSize(1);
    int sent = 0;
    for (long at = SECOND / 500; at <= 10 * SECOND; at += SECOND / 100) {
      sent += poll(START + at).size();
    }
    assertThat(sent).isBetween(4_990, 5_000);
  }

  @Test
  void urgentOnesOvertake() {
    offer(0, 1_000, false);
    poll(START);
    offer(5_000, 5_003, true);
    assertThat(poll(START + SECOND / 100)).startsWith(5_000, 5_001, 5_002, 100);
  }

  @Test
  void ordinaryOneHasItsTurnAfterFourUrgentOnes() {
    offer(0, 200, false);
    poll(START);
    offer(5_000, 5_100, true);
    assertThat(poll(START + SECOND / 50))
        .containsExactly(5_000, 5_001, 5_002, 5_003, 100, 5_004, 5_005, 5_006, 5_007, 101);
  }

  /** Was: one that waited twice, or no longer, took another's turn. */
  @Test
  void eachWaitsOnce() {
    offer(0, 100, false);
    poll(START);
    offer(1, 5, false);
    offer(1, 5, false);
    pacer.withdraw(2);
    pacer.offer(4, true);
    pacer.offer(4, false);
    pacer.offer(7, true);
    pacer.withdraw(7);
    assertThat(poll(START + SECOND / 10)).containsExactly(4, 1, 3);
    assertThat(pacer.isWaiting()).isFalse();
  }

  /** What was not used for an hour isn't used at once. */
  @Test
  void bucketHasABottomAndABrim() {
    offer(0, 1_000, false);
    assertThat(poll(START + 3_600 * SECOND)).hasSize(100);
  }

  private void offer(int from, int to, boolean urgent) {
    for (int i = from; i < to; i++) {
      pacer.offer(i, urgent);
    }
  }

  private List<Integer> poll(long nowNanos) {
    List<Integer> polled = new ArrayList<>();
    for (Integer next = pacer.poll(nowNanos); next != null; next = pacer.poll(nowNanos)) {
      polled.add(next);
    }
    return polled;
  }
}
