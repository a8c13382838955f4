package dev.backline.testbed.check;

import static dev.backline.testbed.check.ChecksTest.finding;
import static dev.backline.testbed.check.HistoryBuilder.VICTIM;
import static dev.backline.testbed.check.HistoryBuilder.cleanSecondThenFault;

import dev.backline.testbed.history.Fate;
import dev.backline.testbed.history.Moment;
import java.time.Duration;
import java.util.Set;
import org.junit.jupiter.api.Test;

/**
 * The checkers of the drills about health, each with a planted violation. The fault is at 1000 ms,
 * the heal at 5000 ms.
 */
class HealthChecksTest {
  private static final String FIRST = "balancer-1";
  private static final String SECOND = "balancer-2";

  @Test
  void attemptsThatCeaseInTimePass() {
    HistoryBuilder history = healed();
    history.answered("GET", 1340, VICTIM);
    history.answered("GET", 1360, "backend-2");
    history.through(SECOND).answered("GET", 1100, VICTIM);
    history.answered("GET", 4990, "backend-3");
    history.answered("GET", 5001, VICTIM);

    finding(cease(VICTIM), history)
        .isPass("the last of balancer-1 340 ms after the fault, of 1 exchanges since the bound")
        .isPass("the last of balancer-2 100 ms after the fault, of 1 exchanges since the bound");
  }

  @Test
  void attemptOfEitherMemberAfterTheBoundIsSeen() {
    HistoryBuilder history = healed();
    history.answered("GET", 1360, "backend-2");
    history.through(SECOND).answered("GET", 1360, "backend-3");
    finding(cease(VICTIM), history).isPass("0 attempts later");
    String late = history.answered("GET", 1351, VICTIM);
    finding(cease(VICTIM), history).isFail("1 attempts later than 350 ms").shows(late);
  }

  @Test
  void attemptsOnEachOfTheBackendsCount() {
    HistoryBuilder history = healed();
    history.answered("GET", 1400, "backend-3");
    String late = history.answered("GET", 1400, "backend-2");
    finding(cease(VICTIM), history).isPass("0 attempts later");
    finding(cease(VICTIM, "backend-2"), history).isFail("1 attempts later").shows(late);
  }

  @Test
  void memberThatHadNothingToDecideProvesNothing() {
    HistoryBuilder history = healed();
    history.answered("GET", 1360, "backend-2");
    history.through(SECOND).answered("GET", 1340, "backend-2");

    finding(cease(VICTIM), history).isInvalid("of 0 exchanges since the bound");
  }

  @Test
  void firstAttemptAfterTheHealIsInTimeOrLate() {
    Check check = new UsedAgain(Duration.ofSeconds(1));
    HistoryBuilder history = healed();
    history.answered("GET", 4900, VICTIM);
    finding(check, history).isInvalid("the load ended before backend-1 had its time");
    history.answered("GET", 6001, "backend-2");
    finding(check, history).isFail("no attempt on backend-1");
    history.answered("GET", 6001, VICTIM);
    finding(check, history).isFail("began 1001 ms after the heal");
    history.through(SECOND).answered("GET", 5999, VICTIM);
    finding(check, history).isPass("began 999 ms after the heal");
  }

  @Test
  void downIsCountedFromWhenItIsSaidToHaveBegun() {
    Check check = new DownEverywhere(Duration.ofMillis(700));
    HistoryBuilder history =
        healed().saying(FIRST, 2000, "down", 310).saying(SECOND, 1600, "down", 20);
    finding(check, history)
        .isPass("balancer-1 said so 690 ms after the fault, balancer-2 said so 580 ms");

    HistoryBuilder late =
        healed().saying(FIRST, 2000, "down", 299).saying(SECOND, 1600, "down", 20);
    finding(check, late).isFail("balancer-1 said so 701 ms after the fault");
    // Its answer was 5 ms longer on its way than this one.
    finding(check, late.saying(FIRST, 2100, "down", 404)).isPass("balancer-1 said so 696 ms");
  }

  @Test
  void suspectIsNotDownAndNorIsWhatComesAfterTheHeal() {
    HistoryBuilder history =
        healed().saying(FIRST, 1600, "suspect", 500).saying(FIRST, 5100, "down", 3700);

    finding(new DownEverywhere(Duration.ofMillis(700)), history)
        .isFail("balancer-1 never said so (expected: within 700 ms)");
  }

  @Test
  void downProvesNothingWithoutAStatusOfEachMember() {
    HistoryBuilder history =
        healed().saying(FIRST, 1600, "down", 50).saying(SECOND, 900, "down", 0);

    finding(new DownEverywhere(Duration.ofMillis(700)), history)
        .isInvalid("balancer-2 never said so (expected: a status of each member)");
  }

  @Test
  void requestBetweenFaultAndHealIsNotIdle() {
    HistoryBuilder history = healed();
    finding(new Idle(), history).isPass("0 requests");
    history.answered("GET", 5001, VICTIM);
    finding(new Idle(), history).isPass("0 requests");
    String underWay = history.answeredAfter(990, 11);
    finding(new Idle(), history).isInvalid("1 requests were under way").shows(underWay);
  }

  @Test
  void nobodyWaitsWhoIsAnsweredWithinTheBound() {
    Check check = new NobodyWaited(Duration.ofMillis(700), Duration.ofSeconds(1));
    HistoryBuilder history = healed();
    history.answeredAfter(1690, 4000);
    history.answeredAfter(5000, 4000);
    finding(check, history).isInvalid("no request was sent then");
    history.answeredAfter(1701, 1000);
    finding(check, history).isPass("0 of 1 requests waited; p99 1000 ms, max 1000 ms");
    String waited = history.answeredAfter(1702, 1001);
    finding(check, history).isFail("1 of 2 requests waited").shows(waited);
  }

  @Test
  void queuedExchangeIsSeenInAnyStatusSinceTheFault() {
    HistoryBuilder history = healed().queue(FIRST, 900, 3);
    finding(new NothingQueued(), history).isInvalid("no balancer showed its status");
    history.queue(FIRST, 1100, 0);
    finding(new NothingQueued(), history).isPass("at most 0 queued in 1 statuses");
    history.queue(SECOND, 1200, 1);
    finding(new NothingQueued(), history).isFail("at most 1 queued in 2 statuses");
  }

  @Test
  void everyMemberMustHaveCalledAllDownAtOnce() {
    HistoryBuilder history =
        healed()
            .statusOfAll(FIRST, 900, "down", "down")
            .statusOfAll(SECOND, 2000, "down", "down")
            .statusOfAll(FIRST, 2000, "down", "up")
            .statusOfAll(FIRST, 2100, "up", "down");
    finding(new AllCalledDown(), history).isInvalid("so said balancer-2");
    history.statusOfAll(FIRST, 2200, "down", "down");
    finding(new AllCalledDown(), history).isPass("so said balancer-1 and balancer-2");
  }

  @Test
  void shareIsOfTheAttemptsSinceTheBoundUntilTheHeal() {
    Check check = new LittleUsed(10, Duration.ofSeconds(3));
    HistoryBuilder history = healed().traffic(1010, 3990, VICTIM).traffic(5010, 6000, VICTIM);
    history.traffic(4000, 4990, "backend-2");
    finding(check, history).isInvalid("backend-1 got 0 of 99 attempts");
    for (int i = 0; i < 10; i++) {
      history.answered("GET", 4500, VICTIM);
    }
    finding(check, history).isPass("backend-1 got 10 of 109 attempts");
    history.answered("GET", 4500, VICTIM);
    finding(check, history).isFail("backend-1 got 11 of 110 attempts (expected: < 10 %)");
  }

  @Test
  void whatClientsGaveUpInTheFreezeMayBeLost() {
    HistoryBuilder history = frozen();
    history.through(SECOND).timedOut(20_000, 20_000);
    history.through(FIRST).answered("GET", 41_000, "backend-2");

    finding(lost(), history).isPass("1 failed, 1 were on a connection to balancer-2");
  }

  @Test
  void whatWasToBeAnsweredWhenItWentOnIsNotExcused() {
    HistoryBuilder history = frozen();
    history.through(SECOND).timedOut(22_999, 20_000);
    history.answered("GET", 41_000, "backend-2");
    finding(lost(), history).isPass("1 failed");
    String patient = history.timedOut(23_001, 20_000);
    finding(lost(), history).isFail("1 failed otherwise").shows(patient);
  }

  @Test
  void whatFailsOtherwiseOrThroughTheOtherBalancerIsNotExcused() {
    HistoryBuilder history = frozen();
    history.through(SECOND).timedOut(1500, 20_000);
    history.answered("GET", 41_000, "backend-2");
    history.request("broken", "GET", 1500, Fate.BROKEN_BEFORE_HEAD, 0, "");
    finding(lost(), history).isFail("1 failed otherwise").shows("broken");

    HistoryBuilder elsewhere = frozen();
    elsewhere.through(SECOND).timedOut(1500, 20_000);
    String id = elsewhere.through(FIRST).timedOut(1500, 20_000);
    elsewhere.answered("GET", 41_000, "backend-2");
    finding(lost(), elsewhere).isFail("1 failed otherwise").shows(id);
  }

  /** Four wait, and it holds three. */
  @Test
  void whomItCannotHoldItMayRefuseAndNoMore() {
    HistoryBuilder history = frozen();
    history.through(SECOND).answeredAfter(20_000, 13_000);
    history.answeredAfter(20_001, 13_000);
    history.refused(20_002, 13_000);
    history.answered("GET", 41_000, "backend-2");
    finding(lost(), history)
        .isFail("0 of them were refused as it holds 3")
        .isFail("1 failed otherwise");
    history.answeredAfter(20_003, 13_000);
    finding(lost(), history).isPass("1 of them were refused as it holds 3");
    history.refused(20_004, 13_000);
    String elsewhere = history.through(FIRST).refused(20_005, 13_000);
    finding(lost(), history).isFail("2 of them were refused").shows(elsewhere);
  }

  @Test
  void freezeOfABalancerThatCarriedNothingProvesNothing() {
    HistoryBuilder history = frozen();
    history.answered("GET", 41_000, "backend-2");
    finding(lost(), history).isInvalid("0 were on a connection");
  }

  @Test
  void timeWithoutAStatusOfOneMemberProvesNothing() {
    Check check = new StatusWatched(Moment.Kind.HEAL, Duration.ofSeconds(2));
    HistoryBuilder history = healed().moment(Moment.Kind.LOAD_STOPPED, "load", 9000, "");
    finding(check, history).isInvalid("never longer than 4000 ms");
    history.status(FIRST, 6900, "up").status(SECOND, 7000, "up");
    finding(check, history).isInvalid("never longer than 2100 ms");
    history.status(FIRST, 7100, "up");
    finding(check, history).isPass("never longer than 2000 ms without a status");
    history.status("balancer-3", 4000, "up");
    finding(check, history).isInvalid("never longer than 4000 ms");
  }

  @Test
  void stallOfTheMachineWhileTheFaultIsNewProvesNothing() {
    Check check = new NoStallMeanwhile(Duration.ofMillis(700));
    HistoryBuilder history = healed().stall(850, 990).stall(1701, 1900);
    finding(check, history).isPass("0 stalls of the machine within 700 ms of the fault");
    finding(check, history.stall(1650, 1750)).isInvalid("1 stalls of the machine");
    finding(check, healed().stall(900, 1001)).isInvalid("1 stalls of the machine");
  }

  private static Check cease(String... backends) {
    return new AttemptsCease(Set.of(backends), Duration.ofMillis(350));
  }

  private static Check lost() {
    return new LostOnlyInFreeze(Duration.ofSeconds(20), 3);
  }

  @Test
  void failuresElsewhereThanWhereItIsCutOffAreSeen() {
    Check check = new OthersServe(SECOND);
    HistoryBuilder history = healed();
    history.through(SECOND).lostOnVictim("GET", 1200);
    finding(check, history).isInvalid("0 began elsewhere than at balancer-2");
    history.through(FIRST).answered("GET", 1300, "backend-2");
    finding(check, history)
        .isPass("1 began elsewhere than at balancer-2, 0 of these failed; 1 failed there");
    String id = history.lostOnVictim("GET", 1400);
    finding(check, history).isFail("1 of these failed").shows(id);
  }

  @Test
  void memberThatIsCutOffMustSaySoAndOthersMustNot() {
    Check check = new KnowsItIsCutOff(SECOND, Duration.ofMillis(500));
    HistoryBuilder history = healed();
    history.state(SECOND, 1499, "ready").state(SECOND, 1500, "isolated");
    history.state(SECOND, 5499, "isolated");
    finding(check, history).isInvalid("1 statuses of balancer-2 while it was cut off, 0 later");
    history.state(SECOND, 5500, "ready").state(FIRST, 3000, "ready");
    finding(check, history).isPass("in 1 of 1 statuses").isPass("first 500 ms after the fault");

    finding(check, healed(history).state(SECOND, 4999, "ready")).isFail("in 1 of 2 statuses");
    finding(check, healed(history).state(SECOND, 6000, "isolated")).isFail("not ready in 1 of 2");
    finding(check, healed(history).state(FIRST, 900, "isolated"))
        .isFail("others were not ready in 1 of 2");
  }

  private static HistoryBuilder healed(HistoryBuilder samples) {
    HistoryBuilder copy = healed();
    copy.samples.addAll(samples.samples);
    return copy;
  }

  private static HistoryBuilder healed() {
    return cleanSecondThenFault().moment(Moment.Kind.HEAL, VICTIM, 5000, "SIGCONT");
  }

  /** The second balancer stands still from 1000 ms to 40 s. */
  private static HistoryBuilder frozen() {
    HistoryBuilder history =
        cleanSecondThenFault().moment(Moment.Kind.HEAL, SECOND, 40_000, "SIGCONT");
    history.victim = SECOND;
    return history;
  }
}
