package dev.backline.sample.register;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class RoundsTest {
  @Test
  void nextBalancerIsAskedAtOnceUntilAllHaveFailed() {
    Rounds rounds = new Rounds(3, new SplittableRandom(1));
    assertThat(rounds.current()).isZero();
    assertThat(rounds.onFailure()).isZero();
    assertThat(rounds.current()).isEqualTo(1);
    assertThat(rounds.onFailure()).isZero();
    assertThat(rounds.current()).isEqualTo(2);
    assertThat(rounds.onFailure()).isBetween(225L, 275L);
    assertThat(rounds.current()).isZero();
  }

  @Test
  void pausesDoubleUpToThreeSecondsAndStayThere() {
    Rounds rounds = new Rounds(1, new SplittableRandom(1));
    for (long expected : new long[] {250, 500, 1_000, 2_000, 3_000, 3_000}) {
      assertThat(rounds.onFailure()).isBetween(expected * 9 / 10, expected * 11 / 10);
    }
    for (int i = 0; i < 1_000; i++) {
      assertThat(rounds.onFailure()).isBetween(2_700L, 3_300L);
    }
  }

  @Test
  void successKeepsTheBalancerAndForgetsFailures() {
    Rounds rounds = new Rounds(2, new SplittableRandom(1));
    rounds.onFailure();
    assertThat(rounds.onSuccess(3_333)).isBetween(3_000L, 3_667L);
    assertThat(rounds.current()).isEqualTo(1);
    assertThat(rounds.onFailure()).as("the other one first").isZero();
    assertThat(rounds.onFailure()).isBetween(225L, 275L);
  }
}
