package dev.backline.testbed.check;

import static dev.backline.testbed.check.HistoryBuilder.VICTIM;
import static dev.backline.testbed.check.HistoryBuilder.attempt;
import static dev.backline.testbed.check.HistoryBuilder.cleanSecondThenFault;
import static org.assertj.core.api.Assertions.assertThat;

import dev.backline.testbed.history.Fate;
import org.junit.jupiter.api.Test;

class FailedPostsWereInFlightTest {
  private final Check check = new FailedPostsWereInFlight();

  @Test
  void postsBegunAndNotEndedOnTheVictimAreExcused() {
    HistoryBuilder history = cleanSecondThenFault();
    history.lostOnVictim("POST", 985);
    history.lostOnVictim("POST", 995);
    history.begin(VICTIM, history.answered("POST", 990, "backend-2"), "POST", 990);

    Finding finding = check.check(history.evidence());

    assertThat(finding.result()).isEqualTo(Result.PASS);
    assertThat(finding.sentence())
        .isEqualTo(
            "2 POST failed; 3 were in flight on backend-1 by its ledger, 0 more lay unread in its"
                + " socket");
  }

  @Test
  void postThatTheVictimHadEndedIsNotExcused() {
    HistoryBuilder history = cleanSecondThenFault();
    String id = history.lostOnVictim("POST", 985);
    history.end(VICTIM, id, 201, 995);

    assertFails(history, id);
  }

  @Test
  void postLostOnAnotherBackendIsNotExcusedByOneThatSurvived() {
    HistoryBuilder history = cleanSecondThenFault();
    history.begin(VICTIM, history.answered("POST", 990, "backend-2"), "POST", 990);
    history
        .request("elsewhere", "POST", 1100, Fate.BROKEN_BEFORE_HEAD, 0, "")
        .exchange("elsewhere", "POST", 502, attempt("backend-3", "reset before head"))
        .begin("backend-3", "elsewhere", "POST", 1100);

    assertFails(history, "elsewhere");
  }

  @Test
  void postUnreadInTheVictimsSocketIsExcusedAndCountedApart() {
    HistoryBuilder history =
        cleanSecondThenFault()
            .request("unread", "POST", 999, Fate.ANSWERED, 502, "")
            .exchange("unread", "POST", 502, attempt(VICTIM, "reset before head"));

    Finding finding = check.check(history.evidence());

    assertThat(finding.result()).isEqualTo(Result.PASS);
    assertThat(finding.sentence()).contains("1 POST failed; 0 were", "1 more lay unread");
  }

  @Test
  void postSentToTheVictimLongAfterItDiedIsNotExcused() {
    HistoryBuilder history =
        cleanSecondThenFault()
            .request("late", "POST", 1251, Fate.ANSWERED, 502, "")
            .exchange("late", "POST", 502, attempt(VICTIM, "reset before head"));

    assertFails(history, "late");
  }

  @Test
  void postThatFailedAfterARefusalIsNotExcused() {
    HistoryBuilder history =
        cleanSecondThenFault()
            .request("refused", "POST", 1001, Fate.ANSWERED, 503, "")
            .exchange("refused", "POST", 503, attempt(VICTIM, "refused"));

    assertFails(history, "refused");
  }

  @Test
  void postWithoutALineInTheLogIsNotExcused() {
    HistoryBuilder history =
        cleanSecondThenFault().request("lost", "POST", 1001, Fate.TIMED_OUT, 0, "");

    assertFails(history, "lost");
  }

  private void assertFails(HistoryBuilder history, String id) {
    Finding finding = check.check(history.evidence());
    assertThat(finding.result()).as(finding.sentence()).isEqualTo(Result.FAIL);
    assertThat(finding.requests()).containsExactly(id);
  }
}
