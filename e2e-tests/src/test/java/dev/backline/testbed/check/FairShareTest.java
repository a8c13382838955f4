package dev.backline.testbed.check;

import static dev.backline.testbed.check.HistoryBuilder.VICTIM;
import static org.assertj.core.api.Assertions.assertThat;

import dev.backline.testbed.history.Moment;
import org.junit.jupiter.api.Test;

class FairShareTest {
  private final Check check = new FairShare();

  @Test
  void backendThatGetsItsThirdAtOncePasses() {
    HistoryBuilder history =
        healedAt1000().traffic(1010, 4000, "backend-1", "backend-2", "backend-3");

    assertThat(result(history)).isEqualTo(Result.PASS);
  }

  @Test
  void backendThatComesBackAfterTwelveSecondsPasses() {
    HistoryBuilder history =
        healedAt1000()
            .traffic(1010, 13_000, "backend-2", "backend-3")
            .traffic(13_000, 16_500, "backend-1", "backend-2", "backend-3");

    assertThat(result(history)).isEqualTo(Result.PASS);
  }

  @Test
  void backendThatComesBackAfterFourteenSecondsFails() {
    HistoryBuilder history =
        healedAt1000()
            .traffic(1010, 15_000, "backend-2", "backend-3")
            .traffic(15_000, 20_000, "backend-1", "backend-2", "backend-3");

    assertThat(result(history)).isEqualTo(Result.FAIL);
  }

  @Test
  void quarterInsteadOfAThirdFails() {
    HistoryBuilder history =
        healedAt1000().traffic(1010, 17_000, "backend-1", "backend-2", "backend-3", "backend-2");

    assertThat(result(history)).isEqualTo(Result.FAIL);
    assertThat(check.check(history.evidence()).sentence())
        .isEqualTo(
            "backend-1 had at most 25 % of the answers in any 2 s within 15 s of the heal"
                + " (expected: >= 27 %)");
  }

  @Test
  void fairnessIsByWeight() {
    HistoryBuilder history =
        healedAt1000().traffic(1010, 17_000, "backend-1", "backend-2", "backend-3", "backend-2");
    history.weights.put("backend-2", 2);

    assertThat(result(history)).isEqualTo(Result.PASS);
  }

  @Test
  void windowShorterThanTwoSecondsIsNoProof() {
    HistoryBuilder history = healedAt1000().traffic(1010, 2_900, VICTIM);

    assertThat(result(history)).isEqualTo(Result.FAIL);
  }

  private Result result(HistoryBuilder history) {
    return check.check(history.evidence()).result();
  }

  private static HistoryBuilder healedAt1000() {
    return new HistoryBuilder()
        .moment(Moment.Kind.FAULT, VICTIM, 500, "SIGSTOP")
        .moment(Moment.Kind.HEAL, VICTIM, 1000, "SIGCONT");
  }
}
