package dev.backline.testbed.check;

import static dev.backline.testbed.check.ChecksTest.finding;
import static dev.backline.testbed.check.HistoryBuilder.VICTIM;
import static dev.backline.testbed.check.HistoryBuilder.cleanSecondThenFault;
import static org.assertj.core.api.Assertions.assertThat;

import dev.backline.testbed.history.Fate;
import dev.backline.testbed.history.Moment;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** The checkers of a backend that lies from 1000 ms on for 60 s. */
class LyingBackendTest {
  private static final String FIRST = "balancer-1";
  private static final String SECOND = "balancer-2";

  @Test
  void trialsFollowTheDoubledTimes() {
    assertThat(EjectionTimes.trialsWithin(Duration.ofMillis(900))).isZero();
    assertThat(EjectionTimes.trialsWithin(Duration.ofMillis(1100))).isEqualTo(1);
    assertThat(EjectionTimes.trialsWithin(Duration.ofSeconds(60))).isEqualTo(5);
    assertThat(EjectionTimes.trialsWithin(Duration.ofSeconds(62))).isEqualTo(6);
    assertThat(EjectionTimes.trialsWithin(Duration.ofSeconds(92))).isEqualTo(7);
  }

  @Test
  void liesUntilTheEjectionAndOfTrialsAreWithinTheBound() {
    HistoryBuilder history = lying();
    for (int at : new int[] {1010, 1011, 1012, 1013, 1014, 1015}) {
      history.lie(at); // The last of these was under way when the fifth came back.
    }
    for (int trial : new int[] {2100, 4200, 8300, 16_400, 32_500}) {
      history.lie(trial);
      history.lie(trial);
    }

    finding(new LiesBounded(), history)
        .isPass("balancer-1 got 16 bad answers of backend-1, 6 of them begun before it could know")
        .isPass("and at most 18 may be");
  }

  @Test
  void oneMoreThanTheBoundIsSeen() {
    HistoryBuilder history = lying();
    lies(history, 17);
    finding(new LiesBounded(), history).isPass("got 17 bad answers");
    String more = history.lie(40_000);
    finding(new LiesBounded(), history).isFail("and at most 17 may be").shows(more);
  }

  @Test
  void eachMemberHasABoundOfItsOwn() {
    HistoryBuilder history = lying();
    lies(history, 17);
    history.through(SECOND);
    lies(history, 17);
    finding(new LiesBounded(), history).isPass("balancer-2 got 17 bad answers");
    String more = history.lie(40_000);
    finding(new LiesBounded(), history).isFail("balancer-2 got 18 bad answers").shows(more);
  }

  @Test
  void whatFailsElsewhereIsNoLie() {
    HistoryBuilder history = lying();
    lies(history, 3);
    history.request("x", "GET", 1100, Fate.ANSWERED, 503, "");
    finding(new LiesBounded(), history).isFail("1 failed elsewhere").shows("x");
  }

  @Test
  void memberThatTheBackendNeverLiedToProvesNothing() {
    HistoryBuilder history = lying();
    lies(history, 3);
    history.through(SECOND).answered("GET", 1100, "backend-2");
    finding(new LiesBounded(), history).isInvalid("balancer-2 got 0 bad answers");
  }

  @Test
  void ejectionsAndTrialsAloneAreNoFlapping() {
    HistoryBuilder history = lying().saying(FIRST, 1050, "suspect", 10);
    int since = 1100;
    for (int out : new int[] {1000, 2000, 4000, 8000, 16_000, 30_000}) {
      history.saying(FIRST, since + 10, "ejected", 10).saying(FIRST, since + 900, "ejected", 899);
      since += out + 100;
      history.saying(FIRST, since - 50, "trial", 50);
    }

    finding(new EjectedWithoutFlapping(), history)
        .isPass("balancer-1 ejected it 6 times, then called it nothing else");
  }

  @Test
  void ejectionsAreCountedThoughNoSampleSawTheirTrials() {
    HistoryBuilder history = lying();
    for (int i = 0; i < 6; i++) {
      history.saying(FIRST, 1200 + i * 1100, "ejected", 0);
    }
    finding(new EjectedWithoutFlapping(), history).isPass("6 times");
    history.saying(FIRST, 50_000, "ejected", 1000);
    finding(new EjectedWithoutFlapping(), history)
        .isFail("balancer-1 ejected it 7 times, then called it nothing else (expected: 1 to 6");
  }

  @Test
  void backendThatIsUpBetweenOrNeverOutIsSeen() {
    HistoryBuilder history = lying().saying(FIRST, 1100, "up", 0);
    finding(new EjectedWithoutFlapping(), history).isFail("ejected it 0 times");
    history.saying(FIRST, 1200, "ejected", 0);
    finding(new EjectedWithoutFlapping(), history).isPass("1 times");
    history.saying(FIRST, 3300, "up", 10);
    finding(new EjectedWithoutFlapping(), history).isFail("1 times, then called it [up]");
  }

  @Test
  void eachMemberMustEjectIt() {
    HistoryBuilder history = lying().saying(FIRST, 1200, "ejected", 0);
    history.saying(SECOND, 1200, "suspect", 0);
    finding(new EjectedWithoutFlapping(), history).isFail("balancer-2 ejected it 0 times");
  }

  /** Five that eject, then so many that began later. */
  private static void lies(HistoryBuilder history, int number) {
    for (int i = 0; i < number; i++) {
      history.lie(i < 5 ? 1010 : 2100);
    }
  }

  private static HistoryBuilder lying() {
    return cleanSecondThenFault().moment(Moment.Kind.HEAL, VICTIM, 61_000, "well again");
  }
}
