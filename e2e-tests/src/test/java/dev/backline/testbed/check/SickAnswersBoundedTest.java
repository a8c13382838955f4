package dev.backline.testbed.check;

import static dev.backline.testbed.check.HistoryBuilder.VICTIM;
import static dev.backline.testbed.check.HistoryBuilder.attempt;
import static org.assertj.core.api.Assertions.assertThat;

import dev.backline.testbed.history.Fate;
import dev.backline.testbed.history.Moment;
import org.junit.jupiter.api.Test;

class SickAnswersBoundedTest {
  private final HistoryBuilder history =
      HistoryBuilder.cleanSecondThenFault().moment(Moment.Kind.HEAL, VICTIM, 5000, "");

  @Test
  void asManyAsWereInFlightAndTwoMoreMayFail() {
    sick(1010, 1050);
    sick(1020, 1060);
    sick(1030, 1070);
    sick(1055, 1095);
    sick(1056, 1096);

    // The client has the first at 1030, when two more were sent: five may fail.
    assertThat(finding().result()).as(finding().sentence()).isEqualTo(Result.PASS);

    sick(1057, 1097);
    assertThat(finding().result()).isEqualTo(Result.FAIL);
    assertThat(finding().sentence())
        .isEqualTo(
            "6 failed; 3 were under way to backend-1 when its first 5xx reached the member, 3 of them"
                + " begun by its ledger; 0 began 2 s later (expected: <= 5 and 0 late)");
  }

  @Test
  void oneFailureTwoSecondsLaterIsOneTooMany() {
    sick(1010, 1050);
    sick(3051, 3060);

    assertThat(finding().result()).isEqualTo(Result.FAIL);
    assertThat(finding().sentence()).contains("1 began 2 s later");
  }

  @Test
  void backendThatNeverAnsweredBadlyMakesTheDrillInvalid() {
    assertThat(finding().result()).isEqualTo(Result.INVALID);
  }

  private void sick(int fromMillis, int toMillis) {
    String id = history.nextId();
    history
        .request(id, "POST", fromMillis, Fate.ANSWERED, 500, VICTIM)
        .exchange(id, "POST", 500, attempt(VICTIM, "answered 500"))
        .begin(VICTIM, id, "POST", fromMillis)
        .end(VICTIM, id, 500, toMillis);
  }

  private Finding finding() {
    return new SickAnswersBounded().check(history.evidence());
  }
}
