package dev.backline.balancer.proxy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class BackendCellTest {
  private static final long MILLI = 1_000_000;
  private static final long SECOND = 1_000 * MILLI;
  private static final int MANY = 1_000;

  private final BackendCell cell = new BackendCell();

  private BackendCell withAbandoned(int count) {
    for (int i = 0; i < count; i++) {
      cell.tryBegin(MANY);
      cell.abandon();
    }
    return cell;
  }

  @Test
  void slotIsTakenFromBeginToEnd() {
    cell.tryBegin(MANY);
    cell.tryBegin(MANY);
    assertThat(cell.inFlight()).isEqualTo(2);
    cell.end();
    assertThat(cell.inFlight()).isEqualTo(1);
    assertThat(cell.attempts()).isEqualTo(2);
  }

  @Test
  void slotsAreBoundedWithTheAbandonedOnes() {
    withAbandoned(1);
    assertThat(cell.tryBegin(2)).isTrue();
    assertThat(cell.tryBegin(2)).isFalse();
    assertThat(cell.inFlight()).isEqualTo(2);
    assertThat(cell.attempts()).isEqualTo(2);

    cell.end();
    assertThat(cell.tryBegin(2)).isTrue();
  }

  /** Was: with one WebSocket open its backend got no exchange of an idle pool any more. */
  @Test
  void upgradedConnectionsHoldTheirSlotsButWeighLittle() {
    for (int i = 0; i < 33; i++) {
      cell.tryBegin(MANY);
      cell.onUpgraded();
      assertThat(cell.load()).isEqualTo(i < 31 ? 0 : 1);
    }
    cell.tryBegin(MANY);
    assertThat(cell.load()).isEqualTo(2);
    assertThat(cell.inFlight()).isEqualTo(34);
    assertThat(cell.tryBegin(34)).isFalse();

    for (int i = 0; i < 33; i++) {
      cell.endUpgraded();
    }
    assertThat(cell.load()).isEqualTo(1);
    assertThat(cell.inFlight()).isEqualTo(1);
  }

  @Test
  void abandonedSlotsStayTakenUntilAHeadIsHeard() {
    withAbandoned(3);
    assertThat(cell.inFlight()).isEqualTo(3);

    cell.onHead(MILLI, true, 0);

    assertThat(cell.inFlight()).isZero();
  }

  @Test
  void aPassGivesHalfOfTheAbandonedSlotsBack() {
    withAbandoned(5);

    cell.freeAbandoned();
    assertThat(cell.inFlight()).isEqualTo(2);
    cell.freeAbandoned();
    cell.freeAbandoned();
    assertThat(cell.inFlight()).isZero();
  }

  @Test
  void backendThatComesBackIsMeasuredAnew() {
    warm(5 * SECOND);
    withAbandoned(3);

    cell.renew();

    assertThat(cell.inFlight()).isZero();
    assertThat(cell.headNanos(0)).isZero();
  }

  private void warm(long headNanos) {
    for (int i = 0; i < 8; i++) {
      cell.onHead(headNanos, false, 0);
    }
  }

  @Test
  void firstAnswersPayForColdCodeAndTheLeastOfThemCounts() {
    for (int i = 0; i < 7; i++) {
      cell.onHead((900 - i) * MILLI, false, 0);
      assertThat(cell.headNanos(0)).as("not known yet").isZero();
    }
    cell.onHead(50 * MILLI, false, 0);

    assertThat(cell.headNanos(0)).isEqualTo(50 * MILLI);
  }

  @Test
  void quickErrorsDoNotMakeABackendLookFast() {
    warm(40 * MILLI);
    for (int i = 0; i < 100; i++) {
      cell.onHead(MILLI, true, 20 + i);
    }

    assertThat(cell.headNanos(120)).isCloseTo(40 * MILLI, within(MILLI));
  }

  @Test
  void quickErrorsOfAColdBackendSayNothing() {
    for (int i = 0; i < 100; i++) {
      cell.onHead(MILLI, true, i);
    }

    assertThat(cell.headNanos(100)).isZero();
  }

  @Test
  void slowErrorsMakeItLookSlow() {
    warm(MILLI);
    for (int i = 0; i < 50; i++) {
      cell.onHead(90 * MILLI, true, i);
    }

    assertThat(cell.headNanos(50)).isGreaterThan(80 * MILLI);
  }

  @Test
  void usualTimeFollowsTheSamples() {
    warm(10 * MILLI);
    cell.onHead(18 * MILLI, false, 0);
    assertThat(cell.headNanos(0)).isEqualTo(11 * MILLI);
    for (int i = 0; i < 60; i++) {
      cell.onHead(50 * MILLI, false, i);
    }
    assertThat(cell.headNanos(60)).isCloseTo(50 * MILLI, within(MILLI));
  }

  /** Was: one answer that was late by accident took all traffic from its backend for seconds. */
  @Test
  void oneVeryLateAnswerCountsForFourUsualOnesAtMost() {
    warm(10 * MILLI);

    cell.onHead(9 * SECOND, false, 0);

    assertThat(cell.headNanos(0)).isEqualTo(13_750_000);
  }

  @Test
  void usualTimeFadesWithoutSamples() {
    warm(100 * MILLI);
    cell.onHead(100 * MILLI, false, SECOND);

    assertThat(cell.headNanos(SECOND)).isEqualTo(100 * MILLI);
    assertThat(cell.headNanos(6 * SECOND)).isEqualTo(100 * MILLI / 8);
    assertThat(cell.headNanos(11 * SECOND)).isZero();
    assertThat(cell.headNanos(100 * SECOND)).isZero();
  }

  /** Was: what had faded was taken for quick, so that a slow one looked quick for a while. */
  @Test
  void slowBackendThatIsRarelyAskedDoesNotLookFastAfterOneAnswer() {
    warm(100 * MILLI);

    cell.onHead(100 * MILLI, false, 9 * SECOND);

    assertThat(cell.headNanos(9 * SECOND)).isCloseTo(100 * MILLI, within(MILLI));
  }

  @Test
  void failureTellsAndForgetsTheCleanAnswersBeforeIt() {
    for (int i = 0; i < 7; i++) {
      cell.onClean();
    }
    cell.onHead(MILLI, false, 8); // Not whole yet.

    assertThat(cell.onFailure()).isEqualTo(7);
    assertThat(cell.onFailure()).isZero();
    assertThat(cell.failures()).isEqualTo(2);
  }

  @Test
  void suspicionIsSeenUntilItIsCleared() {
    assertThat(cell.isSuspected()).isFalse();
    cell.suspect();
    assertThat(cell.isSuspected()).isTrue();
    cell.clearSuspicion();
    assertThat(cell.isSuspected()).isFalse();
  }

  @Test
  void manyThreadsLoseNoSlot() throws InterruptedException {
    List<Thread> threads = new ArrayList<>();
    for (int t = 0; t < 4; t++) {
      Thread thread =
          new Thread(
              () -> {
                for (int i = 0; i < 50_000; i++) {
                  cell.tryBegin(MANY);
                  cell.onHead(MILLI, false, i);
                  cell.end();
                  cell.onClean();
                  cell.tryBegin(MANY);
                  cell.abandon();
                  cell.onHead(MILLI, false, i);
                }
              });
      threads.add(thread);
      thread.start();
    }
    for (Thread thread : threads) {
      thread.join();
    }

    cell.onHead(MILLI, false, 0);
    assertThat(cell.inFlight()).isZero();
    assertThat(cell.attempts()).isEqualTo(400_000);
    assertThat(cell.onFailure()).isEqualTo(200_000);
  }
}
