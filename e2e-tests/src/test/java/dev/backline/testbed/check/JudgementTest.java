package dev.backline.testbed.check;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class JudgementTest {
  private static final Finding PASS = new Finding("a", Result.PASS, false, "fine", List.of());
  private static final Finding FAIL = new Finding("b", Result.FAIL, false, "lost", List.of());
  private static final Finding CERTAIN = new Finding("c", Result.FAIL, true, "twice", List.of());
  private static final Finding INVALID = new Finding("d", Result.INVALID, false, "idle", List.of());

  @Test
  void passesWhenAllPass() {
    assertJudged(Result.PASS, "all 2 checks hold", PASS, PASS);
  }

  @Test
  void invalidBeatsAnUncertainFailure() {
    assertJudged(Result.INVALID, "d: idle", PASS, FAIL, INVALID);
  }

  @Test
  void certainFailureBeatsInvalid() {
    assertJudged(Result.FAIL, "c: twice", INVALID, FAIL, CERTAIN);
  }

  @Test
  void failureAmongPassesFails() {
    assertJudged(Result.FAIL, "b: lost", PASS, FAIL, PASS);
  }

  private static void assertJudged(Result result, String cause, Finding... findings) {
    Judgement judgement = Judgement.of(List.of(findings));
    assertThat(judgement.result()).isEqualTo(result);
    assertThat(judgement.cause()).isEqualTo(cause);
  }
}
