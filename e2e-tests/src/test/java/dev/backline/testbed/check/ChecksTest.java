package dev.backline.testbed.check;

import static dev.backline.testbed.check.HistoryBuilder.VICTIM;
import static dev.backline.testbed.check.HistoryBuilder.attempt;
import static dev.backline.testbed.check.HistoryBuilder.cleanSecondThenFault;
import static org.assertj.core.api.Assertions.assertThat;

import dev.backline.testbed.history.Fate;
import dev.backline.testbed.history.Machine;
import dev.backline.testbed.history.Moment;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** Each checker on a good history, and on one with a planted violation: it must bite. */
class ChecksTest {

  @Test
  void victimThatServedAThirdIsAVictim() {
    finding(new VictimServed(), cleanSecondThenFault())
        .isPass("backend-1 served 33 of 97 answers in the second before the fault");
  }

  @Test
  void victimThatServedLessThanAFifthMakesTheDrillInvalid() {
    HistoryBuilder history = new HistoryBuilder();
    for (int at = 0; at < 900; at += 10) {
      history.answered("GET", at, at < 170 ? VICTIM : "backend-2");
    }
    history.moment(Moment.Kind.FAULT, VICTIM, 1000, "SIGKILL");
    finding(new VictimServed(), history).isInvalid("served 17 of 90");
  }

  @Test
  void victimIsJudgedByTheLastSecondOnly() {
    HistoryBuilder history =
        new HistoryBuilder()
            .traffic(0, 1000, VICTIM)
            .traffic(1010, 1950, "backend-2", "backend-3")
            .moment(Moment.Kind.FAULT, VICTIM, 2000, "SIGKILL");
    finding(new VictimServed(), history).isInvalid("served 2 of 96");
  }

  @Test
  void noTrafficBeforeTheFaultMakesTheDrillInvalid() {
    HistoryBuilder history = new HistoryBuilder().moment(Moment.Kind.FAULT, VICTIM, 1000, "");
    finding(new VictimServed(), history).isInvalid("0 of 0");
    finding(new CleanBaseline(), history).isInvalid("no request ended before the fault");
  }

  @Test
  void failureBeforeTheFaultMakesTheDrillInvalid() {
    HistoryBuilder history =
        cleanSecondThenFault().request("early", "GET", 500, Fate.ANSWERED, 503, "");
    finding(new CleanBaseline(), history).isInvalid("1 of 98 requests").shows("early");
    finding(new CleanBaseline(), cleanSecondThenFault()).isPass("all 97");
  }

  @Test
  void starvedMachineMakesTheDrillInvalid() {
    HistoryBuilder history = cleanSecondThenFault();
    finding(new MachineKeptUp(), history).isPass("25 ms");
    history.machine = new Machine(501, 3, 0, 0);
    finding(new MachineKeptUp(), history).isInvalid("longest gap 501 ms");
    history.machine = new Machine(25, 501, 0, 0);
    finding(new MachineKeptUp(), history).isInvalid("latest start 501 ms");
  }

  @Test
  void killThatMadeNoAttemptFailProvesNothing() {
    HistoryBuilder history = cleanSecondThenFault();
    finding(new AttemptsRetried(), history).isInvalid("no attempt was retried");
    history.retried("GET", 995);
    finding(new AttemptsRetried(), history).isPass("1 exchanges");
  }

  @Test
  void failedGetBreaksThePromise() {
    HistoryBuilder history = cleanSecondThenFault();
    history.lostOnVictim("POST", 990);
    finding(NoneFailed.ofIdempotentMethods(), history).isPass("0 failed");
    finding(NoneFailed.ofAnyMethod(), history).isFail("1 failed").shows("r-0097");
    history.lostOnVictim("GET", 991);
    finding(NoneFailed.ofIdempotentMethods(), history).isFail("GET answered 502");
  }

  @Test
  void everyFateButAGoodAnswerIsAFailure() {
    for (Fate fate : Fate.values()) {
      HistoryBuilder history =
          cleanSecondThenFault()
              .request("x", "GET", 1100, fate, fate == Fate.ANSWERED ? 200 : 0, "");
      FindingAssert finding = finding(NoneFailed.ofAnyMethod(), history);
      if (fate == Fate.ANSWERED) {
        finding.isPass("0 failed");
      } else {
        finding.isFail("1 failed").shows("x");
      }
    }
  }

  @Test
  void runningTwiceIsAFailureForPostsOnly() {
    HistoryBuilder history = cleanSecondThenFault();
    history.retried("GET", 995);
    finding(new PostsRunOnce(), history).isPass("0 of 0");
    String twice = history.retried("POST", 996);
    finding(new PostsRunOnce(), history)
        .isFail("1 POSTs ran more than once")
        .isCertain()
        .shows(twice);
  }

  @Test
  void runningTwiceOnOneBackendIsSeenToo() {
    HistoryBuilder history = cleanSecondThenFault();
    String id = history.answered("POST", 1100, "backend-2");
    history.begin("backend-2", id, "POST", 1200);
    finding(new PostsRunOnce(), history).isFail("[backend-2, backend-2]").isCertain();
  }

  @Test
  void requestWithoutFateAndFateWithoutRequestAreSeen() {
    HistoryBuilder history = cleanSecondThenFault();
    finding(new EveryRequestAccounted(), history).isPass("97 sent, 97 fates");
    history.sent = 98;
    finding(new EveryRequestAccounted(), history).isFail("98 sent, 97 fates").isCertain();
    history.sent = -1;
    history.request("r-0001", "GET", 1200, Fate.ANSWERED, 200, "backend-2");
    finding(new EveryRequestAccounted(), history).isFail("97 ids").shows("r-0001");
  }

  @Test
  void requestToThePausedVictimAfterTheBoundIsSeen() {
    Check check = new VictimAvoided(Moment.Kind.FAULT, 2_000_000);
    HistoryBuilder history =
        cleanSecondThenFault()
            .traffic(1010, 2990, VICTIM, "backend-2")
            .traffic(3010, 5000, "backend-2")
            .moment(Moment.Kind.HEAL, VICTIM, 5000, "SIGCONT")
            .traffic(5010, 6000, VICTIM);
    finding(check, history).isPass("0 of");
    String late = history.answered("GET", 3005, VICTIM);
    finding(check, history).isFail("1 of").shows(late);
  }

  @Test
  void boundIsInvalidWhenNothingWasSentAfterIt() {
    finding(new VictimAvoided(Moment.Kind.FAULT, 2_000_000), cleanSecondThenFault())
        .isInvalid("0 of 0");
  }

  @Test
  void endWithinItsTimeAndWithCodeZeroIsInOrder() {
    Check check = new EndedInOrder(Duration.ofSeconds(23));
    finding(check, cleanSecondThenFault()).isFail("did not end");
    finding(check, exited(5000, 0)).isPass("ended after 4.0 s with exit code 0");
    finding(check, exited(5000, 143)).isFail("exit code 143");
    finding(check, exited(24_001, 0)).isFail("after 23.0 s");
  }

  @Test
  void accessLogThatAgreesWithClientAndLedgersPasses() {
    HistoryBuilder history = cleanSecondThenFault();
    history.retried("GET", 995);
    history.lostOnVictim("POST", 996);
    finding(new AccessLogAgrees(), history).isPass("99 exchanges agree");
  }

  @Test
  void answerWithoutALineInTheAccessLogIsSeen() {
    HistoryBuilder history =
        cleanSecondThenFault().request("x", "GET", 1100, Fate.ANSWERED, 200, "backend-2");
    finding(new AccessLogAgrees(), history).isFail("not in the access log").shows("x");
  }

  @Test
  void accessLogWithAnotherStatusOrTwoLinesIsSeen() {
    HistoryBuilder history =
        cleanSecondThenFault()
            .request("x", "GET", 1100, Fate.ANSWERED, 200, "")
            .exchange("x", "GET", 503);
    finding(new AccessLogAgrees(), history).isFail("the client saw 200, the access log says 503");
    history.requests.remove(history.requests.size() - 1);
    history.exchange("x", "GET", 503);
    finding(new AccessLogAgrees(), history).isFail("two lines");
  }

  @Test
  void answerOfAnotherBackendThanTheAccessLogSaysIsSeen() {
    HistoryBuilder history =
        cleanSecondThenFault()
            .request("x", "GET", 1100, Fate.ANSWERED, 200, "backend-3")
            .exchange("x", "GET", 200, attempt("backend-2", "answered 200"))
            .begin("backend-2", "x", "GET", 1100);
    finding(new AccessLogAgrees(), history).isFail("backend-3 answered the client").shows("x");
  }

  @Test
  void executionOfARequestWithoutALineIsSeen() {
    HistoryBuilder history =
        cleanSecondThenFault()
            .request("x", "GET", 1100, Fate.TIMED_OUT, 0, "")
            .begin("backend-2", "x", "GET", 1100);
    finding(new AccessLogAgrees(), history).isFail("backend-2 ran it").shows("x");
  }

  @Test
  void executionOnTheVictimThatTheAccessLogHidesIsSeen() {
    HistoryBuilder history = cleanSecondThenFault();
    String id = history.answered("GET", 3500, "backend-2");
    Check check = new VictimAvoided(Moment.Kind.FAULT, 2_000_000);
    finding(check, history).isPass("0 of 1");
    history.begin(VICTIM, id, "GET", 3500);
    finding(check, history).isFail("1 of 1").shows(id);
  }

  @Test
  void retriesBeforeTheFaultDontCount() {
    HistoryBuilder history = new HistoryBuilder();
    history.retried("GET", 500);
    history.moment(Moment.Kind.FAULT, VICTIM, 1000, "SIGKILL");
    finding(new AttemptsRetried(), history).isInvalid("no attempt was retried");
  }

  @Test
  void answerThatNobodyAskedForIsSeen() {
    HistoryBuilder history = cleanSecondThenFault();
    history.machine = new Machine(25, 3, 0, 1);
    finding(new EveryRequestAccounted(), history).isFail("1 answers that nobody").isCertain();
  }

  @Test
  void attemptThatTheBackendNeverBeganIsSeen() {
    HistoryBuilder history =
        cleanSecondThenFault()
            .request("x", "GET", 1100, Fate.ANSWERED, 200, "backend-2")
            .exchange("x", "GET", 200, attempt("backend-2", "answered 200"));
    finding(new AccessLogAgrees(), history).isFail("its ledger never began it").shows("x");
  }

  @Test
  void executionThatTheAccessLogHidesIsSeen() {
    HistoryBuilder history = cleanSecondThenFault();
    String id = history.answered("POST", 1100, "backend-2");
    history.begin("backend-3", id, "POST", 1101);
    finding(new AccessLogAgrees(), history).isFail("backend-3 ran it").shows(id);
  }

  @Test
  void refusalThatWasAnExecutionIsSeen() {
    HistoryBuilder history =
        cleanSecondThenFault()
            .request("x", "POST", 1100, Fate.ANSWERED, 503, "")
            .exchange("x", "POST", 503, attempt("backend-2", "refused"))
            .begin("backend-2", "x", "POST", 1101);
    finding(new AccessLogAgrees(), history).isFail("logged as refused").shows("x");
  }

  private static HistoryBuilder exited(int atMillis, int code) {
    return cleanSecondThenFault()
        .moment(Moment.Kind.EXIT, "backend-2", 1001, "exit code 0")
        .moment(Moment.Kind.EXIT, VICTIM, atMillis, Moment.exitText(code));
  }

  static FindingAssert finding(Check check, HistoryBuilder history) {
    return new FindingAssert(check.check(history.evidence()));
  }

  /** Asserts on a finding; each returns itself. */
  record FindingAssert(Finding finding) {
    FindingAssert isPass(String sentence) {
      return is(Result.PASS, sentence);
    }

    FindingAssert isFail(String sentence) {
      return is(Result.FAIL, sentence);
    }

    FindingAssert isInvalid(String sentence) {
      return is(Result.INVALID, sentence);
    }

    FindingAssert isCertain() {
      assertThat(finding.certain()).as("certain: %s", finding).isTrue();
      return this;
    }

    FindingAssert shows(String id) {
      assertThat(finding.requests()).containsExactly(id);
      return this;
    }

    private FindingAssert is(Result result, String sentence) {
      assertThat(finding.result()).as(finding.sentence()).isEqualTo(result);
      assertThat(finding.sentence()).contains(sentence);
      return this;
    }
  }
}
