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

  @Test
  void abandonedSlotsStayTakenUntilAHeadIsHeard() {
    withAbandoned(3);
    assertThat(cell.inFlight()).isEqualTo(3);

    cell.onHead(MILLI, true, 0);

    assertThat(cell.inFlight()).isZero();
  }

  @Test
  void aPassGivesOneAbandonedSlotBack() {
    withAbandoned(2);

    cell.freeAbandoned();
    assertThat(cell.inFlight()).isEqualTo(1);
    cell.freeAbandoned();
    cell.freeAbandoned();
    assertThat(cell.inFlight()).isZero();
  }

  @Test
  void backendThatComesBackIsMeasuredAnew() {
    withAbandoned(3).onHead(5 * SECOND, false, 0);
    withAbandoned(3);

    cell.renew();

    assertThat(cell.inFlight()).isZero();
    assertThat(cell.headNanos(0)).isZero();
  }

  @Test
  void quickErrorsDoNotMakeABackendLookFast() {
    for (int i = 0; i < 60; i++) {
      cell.onHead(40 * MILLI, false, 0);
    }
    for (int i = 0; i < 100; i++) {
      cell.onHead(MILLI, true, 20 + i);
    }

    assertThat(cell.headNanos(120)).isCloseTo(40 * MILLI, within(MILLI));
  }

  @Test
  void slowErrorsMakeItLookSlow() {
    cell.onHead(MILLI, false, 0);
    for (int i = 0; i < 50; i++) {
      cell.onHead(90 * MILLI, true, i);
    }

    assertThat(cell.headNanos(50)).isGreaterThan(80 * MILLI);
  }

  @Test
  void usualTimeFollowsTheSamples() {
    cell.onHead(80 * MILLI, false, 0);
    assertThat(cell.headNanos(0)).as("the first pays for cold code").isEqualTo(10 * MILLI);
    for (int i = 0; i < 60; i++) {
      cell.onHead(50 * MILLI, false, i);
    }
    assertThat(cell.headNanos(60)).isCloseTo(50 * MILLI, within(MILLI));
  }

  @Test
  void usualTimeFadesWithoutSamples() {
    cell.onHead(800 * MILLI, false, SECOND);

    assertThat(cell.headNanos(SECOND)).isEqualTo(100 * MILLI);
    assertThat(cell.headNanos(6 * SECOND)).isEqualTo(100 * MILLI / 8);
    assertThat(cell.headNanos(11 * SECOND)).isZero();
    assertThat(cell.headNanos(100 * SECOND)).isZero();
  }

  /** Was: what had faded was taken for quick, so that a slow one looked quick for a while. */
  @Test
  void slowBackendThatIsRarelyAskedDoesNotLookFastAfterOneAnswer() {
    for (int i = 0; i < 20; i++) {
      cell.onHead(100 * MILLI, false, i);
    }

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
