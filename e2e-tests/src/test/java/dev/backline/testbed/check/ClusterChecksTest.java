package dev.backline.testbed.check;

import static dev.backline.testbed.check.ChecksTest.finding;
import static dev.backline.testbed.check.HistoryBuilder.VICTIM;
import static dev.backline.testbed.check.HistoryBuilder.attempt;
import static dev.backline.testbed.check.HistoryBuilder.cleanSecondThenFault;

import dev.backline.testbed.history.Fate;
import dev.backline.testbed.history.Moment;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The checkers of the drills with several balancers, each with a planted violation. */
class ClusterChecksTest {
  private static final String FIRST = "balancer-1";
  private static final String SECOND = "balancer-2";

  @Test
  void whatWasOnTheDeadBalancerMayBeLost() {
    HistoryBuilder history = balancerKilled();
    history.through(SECOND).request("lost", "POST", 990, Fate.BROKEN_BEFORE_HEAD, 0, "");
    history.through(FIRST).answered("GET", 1300, "backend-2");

    finding(new LostOnlyWithBalancer(), history)
        .isPass("1 failed, 1 were on a connection to balancer-2");
  }

  @Test
  void whatTheOtherBalancerLostIsNotExcused() {
    HistoryBuilder history = balancerKilled();
    history.through(SECOND).request("lost", "POST", 990, Fate.BROKEN_BEFORE_HEAD, 0, "");
    history.through(FIRST).request("wrong", "GET", 995, Fate.BROKEN_BEFORE_HEAD, 0, "");
    history.answered("GET", 1300, "backend-2");

    finding(new LostOnlyWithBalancer(), history).isFail("1 failed elsewhere").shows("wrong");
  }

  @Test
  void whoComesLaterMustFindTheOtherBalancer() {
    HistoryBuilder history = balancerKilled();
    history.through(SECOND).request("lost", "GET", 990, Fate.BROKEN_BEFORE_HEAD, 0, "");
    history.request("late", "GET", 1260, Fate.BROKEN_BEFORE_HEAD, 0, "");

    finding(new LostOnlyWithBalancer(), history).isFail("1 failed elsewhere").shows("late");
  }

  @Test
  void errorAnswerIsNoLostConnection() {
    HistoryBuilder history = balancerKilled();
    history.through(SECOND).request("sick", "GET", 990, Fate.ANSWERED, 502, "");
    history.through(FIRST).answered("GET", 1300, "backend-2");

    finding(new LostOnlyWithBalancer(), history).isFail("1 failed elsewhere").shows("sick");
  }

  @Test
  void deathOfABalancerThatCarriedNothingProvesNothing() {
    HistoryBuilder history = balancerKilled();
    history.through(FIRST).answered("GET", 1300, "backend-2");

    finding(new LostOnlyWithBalancer(), history).isInvalid("0 were on a connection");
  }

  @Test
  void killedBalancerMayTakeItsLastLinesWithIt() {
    HistoryBuilder history = balancerKilled().moment(Moment.Kind.SIGNAL, SECOND, 1000, "SIGKILL");
    history.through(SECOND).request("last", "GET", 970, Fate.ANSWERED, 200, "backend-2");
    finding(new AccessLogAgrees(), history).isPass("97 exchanges agree");

    history.request("old", "GET", 700, Fate.ANSWERED, 200, "backend-2");
    finding(new AccessLogAgrees(), history).isFail("not in the access log").shows("old");
  }

  @Test
  void otherBalancersLinesMustBeThere() {
    HistoryBuilder history = balancerKilled().moment(Moment.Kind.SIGNAL, SECOND, 1000, "SIGKILL");
    history.through(FIRST).request("x", "GET", 970, Fate.ANSWERED, 200, "backend-2");

    finding(new AccessLogAgrees(), history).isFail("not in the access log").shows("x");
  }

  @Test
  void verdictIsSharedWhenNobodyTriesTheVictimLater() {
    HistoryBuilder history = cleanSecondThenFault();
    history.lostOnVictim("GET", 1010);
    history.through(SECOND).answered("GET", 1310, VICTIM);
    history.answered("GET", 1400, "backend-2");

    // Seen at 1011 ms, when the first attempt had failed.
    finding(new VerdictShared(FIRST), history)
        .isPass("balancer-1 saw it 11 ms after the fault; 0 attempts of its own")
        .isPass("who had 1 exchanges since");
  }

  @Test
  void attemptOfAnotherMemberAfterItsBoundIsSeen() {
    HistoryBuilder history = cleanSecondThenFault();
    history.lostOnVictim("GET", 1010);
    String late = history.through(SECOND).answered("GET", 1312, VICTIM);

    finding(new VerdictShared(FIRST), history).isFail("1 of others later than 300 ms").shows(late);
  }

  @Test
  void ownAttemptAfterItsBoundIsSeen() {
    HistoryBuilder history = cleanSecondThenFault();
    history.lostOnVictim("GET", 1010);
    String late = history.answered("GET", 1112, VICTIM);
    history.through(SECOND).answered("GET", 1400, "backend-2");

    finding(new VerdictShared(FIRST), history)
        .isFail("1 attempts of its own later than 100 ms")
        .shows(late);
  }

  @Test
  void memberSeesItAlsoWithoutAnAttempt() {
    HistoryBuilder history = cleanSecondThenFault().status(FIRST, 1050, "suspect");
    history.through(SECOND).answered("GET", 1400, "backend-2");

    finding(new VerdictShared(FIRST), history).isPass("saw it 50 ms after the fault");
  }

  @Test
  void verdictOfNobodyOrWithNobodyToHearItProvesNothing() {
    HistoryBuilder history = cleanSecondThenFault().status(FIRST, 1050, "up");
    finding(new VerdictShared(FIRST), history).isInvalid("never saw it");
    history.status(FIRST, 1060, "down");
    finding(new VerdictShared(FIRST), history).isInvalid("had 0 exchanges since");
  }

  @Test
  void backendThatIsDownOrEjectedInAnyStatusIsTakenOut() {
    HistoryBuilder history = cleanSecondThenFault().status(FIRST, 900, "down");
    finding(new NothingTakenOut(), history).isInvalid("no balancer showed its status");
    history.status(FIRST, 1100, "up").status(SECOND, 1200, "suspect");
    finding(new NothingTakenOut(), history).isPass("none in 2 statuses");
    history.status(SECOND, 1300, "ejected");
    finding(new NothingTakenOut(), history).isFail("balancer-2 says backend-1 is ejected");
    finding(new NothingTakenOut(SECOND, Duration.ofMillis(301)), history).isPass("none in 1");
    finding(new NothingTakenOut(SECOND, Duration.ofMillis(299)), history).isFail("ejected");
    finding(new NothingTakenOut(FIRST, Duration.ofMillis(301)), history).isFail("ejected");
  }

  @Test
  void membersAgreeWhenEachHearsTheOtherAndSaysTheSame() {
    Check check = new MembersAgree(Duration.ofSeconds(10));
    HistoryBuilder history = parted();
    history.status(FIRST, 6000, "up", SECOND).status(SECOND, 6000, "down", FIRST);
    finding(check, history).isFail("balancer-1 and balancer-2 never agree");

    history.status(SECOND, 7000, "up", FIRST);
    finding(check, history).isPass("agree 2.0 s after the heal");
  }

  @Test
  void agreementThatComesLateIsAFailure() {
    HistoryBuilder history = parted();
    history.status(FIRST, 15_001, "up", SECOND).status(SECOND, 15_001, "up", FIRST);

    finding(new MembersAgree(Duration.ofSeconds(10)), history).isFail("agree 10.0 s");
  }

  @Test
  void membersThatWereNeverPartedProveNothing() {
    HistoryBuilder history =
        cleanSecondThenFault()
            .status(FIRST, 2000, "up", SECOND)
            .status(SECOND, 2000, "up", FIRST)
            .moment(Moment.Kind.HEAL, SECOND, 5000, "");

    finding(new MembersAgree(Duration.ofSeconds(10)), history).isInvalid("heard each other");
  }

  @Test
  void othersGoOnUsingWhatOneCannotReach() {
    Check check = new OthersGoOnUsing(SECOND, Duration.ofSeconds(1));
    HistoryBuilder history =
        cleanSecondThenFault()
            .traffic(1010, 3000, VICTIM)
            .moment(Moment.Kind.HEAL, VICTIM, 3990, "mended");
    finding(check, history).isPass("others tried backend-1 199 times");

    HistoryBuilder pause =
        cleanSecondThenFault()
            .traffic(1010, 3000, VICTIM)
            .moment(Moment.Kind.HEAL, VICTIM, 3992, "mended");
    finding(check, pause).isFail("1001 ms apart at most");
  }

  @Test
  void cutThatLetAnAnswerThroughProvesNothing() {
    HistoryBuilder history =
        cleanSecondThenFault()
            .traffic(1010, 2000, VICTIM)
            .moment(Moment.Kind.HEAL, VICTIM, 2000, "mended");
    history.through(SECOND).answered("GET", 1500, VICTIM);

    finding(new OthersGoOnUsing(SECOND, Duration.ofSeconds(1)), history)
        .isInvalid("backend-1 answered balancer-2 1 times");
  }

  @Test
  void failureIsExcusedOnlyBetweenThoseThatAreCutOff() {
    Check check = new FailedOnlyWhereCut(SECOND);
    HistoryBuilder history = cleanSecondThenFault();
    history.through(SECOND).lostOnVictim("POST", 1010);
    finding(check, history).isPass("1 failed, 0 of them not between balancer-2 and backend-1");

    history.request("x", "POST", 1020, Fate.ANSWERED, 502, "");
    history.exchange("x", "POST", 502, attempt("backend-2", "closed before head"));
    finding(check, history).isFail("1 of them not between").shows("x");
  }

  @Test
  void whatTheOtherMemberLosesOnTheVictimIsNotExcused() {
    HistoryBuilder history = cleanSecondThenFault();
    String id = history.lostOnVictim("POST", 1010);

    finding(new FailedOnlyWhereCut(SECOND), history).isFail("1 of them not between").shows(id);
  }

  @Test
  void balancerAndBackendsThatCameMustServe() {
    HistoryBuilder history = cleanSecondThenFault().moment(Moment.Kind.HEAL, SECOND, 1100, "added");
    finding(new BalancerServed(SECOND, 1), history).isFail("answered 0 of 0 requests");
    history.through(SECOND).answered("GET", 1200, "backend-2");
    finding(new BalancerServed(SECOND, 1), history).isPass("answered 1 of 1 requests");

    List<String> both = List.of("backend-2", "backend-3");
    finding(new BackendsServed(both, 1), history)
        .isFail("backend-2 answered 1, backend-3 answered 0");
    finding(new BackendsServed(List.of("backend-2"), 1), history).isPass("backend-2 answered 1");
  }

  @Test
  void balancerThatCarriedAFifthIsAVictimToo() {
    HistoryBuilder history = balancerKilled();
    finding(new VictimServed(), history).isInvalid("balancer-2 served 0 of 97");
    history.through(SECOND).traffic(0, 300, "backend-2");
    finding(new VictimServed(), history).isPass("balancer-2 served 30 of 127");
  }

  @Test
  void whatAMemberSaidBeforeTheHealIsNoAgreement() {
    HistoryBuilder history = parted().status(FIRST, 6000, "up", SECOND);
    history.samples.add(
        0, history.status(SECOND, 500, "up", FIRST).samples.get(history.samples.size() - 1));
    history.samples.remove(history.samples.size() - 1);
    finding(new MembersAgree(Duration.ofSeconds(10)), history).isFail("never agree");
  }

  @Test
  void whatWasHeardBeforeItCameIsNoSign() {
    HistoryBuilder history = cleanSecondThenFault().status(FIRST, 500, "up", "balancer-3");
    finding(new MemberHeard("balancer-3"), history).isInvalid("no other balancer");
  }

  @Test
  void memberIsHeardWhenAllOthersSaySoInTheEnd() {
    Check check = new MemberHeard("balancer-3");
    HistoryBuilder history = cleanSecondThenFault();
    finding(check, history).isInvalid("no other balancer");
    history.status(FIRST, 2000, "up", "balancer-3").status(SECOND, 2000, "up", FIRST);
    finding(check, history).isFail("balancer-2 don't hear balancer-3");
    history.status(SECOND, 2100, "up", FIRST, "balancer-3");
    finding(check, history).isPass("balancer-1 and balancer-2 hear balancer-3");
  }

  private static HistoryBuilder balancerKilled() {
    HistoryBuilder history = cleanSecondThenFault();
    history.victim = SECOND;
    return history;
  }

  private static HistoryBuilder parted() {
    return cleanSecondThenFault()
        .status(FIRST, 2000, "up")
        .status(SECOND, 2000, "up")
        .moment(Moment.Kind.HEAL, SECOND, 5000, "rejoined");
  }
}
