package dev.backline.balancer.health;

import static org.assertj.core.api.Assertions.assertThat;

import dev.backline.balancer.health.SilenceWatch.Finding;
import dev.backline.balancer.health.SilenceWatch.Waiting;
import dev.backline.balancer.model.BackendId;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.LongUnaryOperator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Times are milliseconds since the watch began; its backends are a and b. */
final class SilenceWatchTest implements SilenceWatch.Facts {
  private static final long MILLI = 1_000_000;
  private static final long START = -77 * MILLI;
  private static final BackendId A = new BackendId("a", 3000);
  private static final BackendId B = new BackendId("b", 3000);

  private final Map<BackendId, Long> heard = new LinkedHashMap<>();
  private final Map<BackendId, Long> usual = new LinkedHashMap<>();
  private final Map<BackendId, Long> probe = new LinkedHashMap<>();
  private final List<String> found = new ArrayList<>();
  private final SilenceWatch watch = new SilenceWatch(START);
  private LongUnaryOperator stalled = since -> 0;
  private long now;

  @Override
  public long heardNanos(BackendId backend) {
    return heard.getOrDefault(backend, Long.MIN_VALUE);
  }

  @Override
  public long headNanos(BackendId backend) {
    return usual.getOrDefault(backend, 0L);
  }

  @Override
  public long probeNanos(BackendId backend) {
    return probe.getOrDefault(backend, 0L);
  }

  @Override
  public boolean isAnotherHeardSince(BackendId backend, long nanos) {
    return heard.entrySet().stream()
        .anyMatch(entry -> !entry.getKey().equals(backend) && entry.getValue() >= nanos);
  }

  @Test
  void asksWhenAnAttemptIsOverdueAndSuspectsWhenNothingComesFor100Ms() {
    usual(30);
    begin(A);
    runTo(now + 60);
    assertThat(found).isEmpty();
    runTo(now + 500);
    assertThat(found).containsExactly("70 asks a", "170 suspects a");
  }

  /** Its own lag makes it patient, and no more than that. */
  @ParameterizedTest
  @ValueSource(ints = {15, 19, 20, 30, 60})
  void loopThatIsLateAtEachTickSeesSilenceToo(int periodMillis) {
    watch.begin(A, START);
    for (int at = periodMillis; at <= 3_000; at += periodMillis) {
      for (SilenceWatch.Finding each : watch.onTick(this, stalled, START + at * MILLI)) {
        found.add(each.getClass().getSimpleName());
      }
    }
    assertThat(found).containsExactly("Overdue", "Silent");
  }

  /** At least 50 ms; without enough heads to compare with, 500 ms. */
  @Test
  void overdueIsTwiceWhatIsUsual() {
    begin(A);
    runTo(1_000);
    assertThat(found).containsExactly("510 asks a", "610 suspects a");
  }

  @Test
  void veryQuickPoolsHaveFiftyMillis() {
    usual(1);
    begin(A);
    runTo(1_000);
    assertThat(found).containsExactly("60 asks a", "160 suspects a");
  }

  @Test
  void backendThatIsUsuallySlowHasTwiceItsOwnTime() {
    usual(30);
    usual.put(A, 400 * MILLI);
    begin(A);
    begin(B);
    runTo(2_000);
    assertThat(found)
        .containsExactly("70 asks b", "170 suspects b", "810 asks a", "910 suspects a");
  }

  @Test
  void anyByteOfTheAnswerAcquits() {
    usual(30);
    begin(A);
    runTo(100);
    hear(A);
    runTo(800);
    assertThat(found).containsExactly("70 asks a");
  }

  /** It polls, or is slow with this one: once is enough, while it is heard each second. */
  @Test
  void isAskedOnceForTheSameAttempts() {
    usual(30);
    begin(A);
    runTo(100);
    hear(A);
    for (int second = 0; second < 20; second++) {
      runTo(now + 900);
      hear(A);
    }
    assertThat(found).containsExactly("70 asks a");
    runTo(now + 2_000);
    assertThat(found).containsExactly("70 asks a", "19100 asks a", "19200 suspects a");
  }

  @Test
  void attemptsThatCameLaterAreAnotherReasonToAsk() {
    usual(30);
    begin(A);
    runTo(80);
    hear(A);
    begin(A);
    runTo(500);
    assertThat(found).containsExactly("70 asks a", "150 asks a", "250 suspects a");
  }

  /** It was sent before the other was asked about, and wasn't overdue then. */
  @Test
  void attemptsThatWereNotYetOverdueAreAReasonToAskAgain() {
    usual(30);
    begin(A);
    runTo(40);
    begin(A);
    runTo(80);
    hear(A);
    runTo(500);
    assertThat(found).containsExactly("70 asks a", "130 asks a", "230 suspects a");
  }

  @Test
  void whoWasJustHeardIsNotAsked() {
    usual(30);
    begin(A);
    runTo(60);
    hear(A);
    runTo(100);
    assertThat(found).isEmpty();
    runTo(300);
    assertThat(found).containsExactly("110 asks a", "210 suspects a");
  }

  @Test
  void threeOverdueWhileOthersAnswerAreEnough() {
    usual(30);
    begin(A);
    begin(A);
    begin(A);
    for (int i = 0; i < 20; i++) {
      hear(B);
      runTo(now + 10);
    }
    assertThat(found).containsExactly("70 asks a", "100 suspects a");
  }

  @Test
  void threeOverdueWhileNobodyAnswersAreNot() {
    usual(30);
    begin(A);
    begin(A);
    begin(A);
    runTo(500);
    assertThat(found).containsExactly("70 asks a", "170 suspects a");
  }

  @Test
  void twoOverdueAreNotEnough() {
    usual(30);
    begin(A);
    begin(A);
    for (int i = 0; i < 20; i++) {
      hear(B);
      runTo(now + 10);
    }
    assertThat(found).containsExactly("70 asks a", "170 suspects a");
  }

  @Test
  void whoIsHeardAgainMayFallSilentAgain() {
    usual(30);
    begin(A);
    runTo(300);
    hear(A);
    begin(A);
    runTo(900);
    assertThat(found)
        .containsExactly("70 asks a", "170 suspects a", "370 asks a", "470 suspects a");
  }

  @Test
  void attemptThatIsOverNoLongerWaits() {
    usual(30);
    Waiting first = begin(A);
    Waiting second = begin(A);
    Waiting third = begin(A);
    runTo(50);
    watch.end(second);
    watch.end(first);
    watch.end(first);
    watch.onHead(third, 50 * MILLI);
    runTo(500);
    assertThat(found).isEmpty();
  }

  @Test
  void oldestOfThoseThatStillWaitCounts() {
    usual(30);
    Waiting first = begin(A);
    runTo(40);
    begin(A);
    runTo(60);
    watch.end(first);
    runTo(300);
    assertThat(found).containsExactly("110 asks a", "210 suspects a");
  }

  @Test
  void slowHealthRequestHasTwiceItsTime() {
    usual(30);
    probe.put(A, 120 * MILLI);
    begin(A);
    runTo(500);
    assertThat(found).containsExactly("70 asks a", "310 suspects a");
  }

  /** Its own lateness gives everybody four times as much more. */
  @Test
  void lateEventLoopIsPatient() {
    usual(30);
    while (now < 1_600) {
      tickAt(now + 16);
    }
    begin(A);
    while (now < 2_100) {
      tickAt(now + 16);
    }
    // 6 ms each: overdue after 63.5 + 24 ms, and 100 + 24 ms for an answer.
    assertThat(found).containsExactly("1696 asks a", "1824 suspects a");
  }

  @Test
  void oneLateTickIsNoLag() {
    usual(30);
    runTo(1_000);
    tickAt(1_018);
    runTo(1_180);
    begin(A);
    runTo(1_500);
    assertThat(found).containsExactly("1248 asks a", "1358 suspects a");
  }

  @Test
  void tickThatIsTooLateJudgesNobodyNorDoesTheOneThatMakesUpForIt() {
    usual(30);
    runTo(1_000);
    Waiting waiting = begin(A);
    tickAt(1_090);
    tickAt(1_091);
    assertThat(found).isEmpty();
    watch.end(waiting);
    runTo(1_300);
    assertThat(found).isEmpty();
  }

  @Test
  void whileItStoodStillNobodyIsLate() {
    usual(30);
    begin(A);
    runTo(40);
    long resumed = START + 5_000 * MILLI;
    stalled = since -> since < resumed ? 4_960 * MILLI : 0;
    tickAt(5_000);
    hear(A);
    runTo(5_015);
    assertThat(found).isEmpty();
  }

  @Test
  void whatASilenceDelayedSaysNothingOfWhatIsUsual() {
    usual(30);
    List<Waiting> waiting = new ArrayList<>();
    for (int i = 0; i < 100; i++) {
      waiting.add(begin(A));
    }
    runTo(3_000);
    hear(A);
    waiting.forEach(each -> assertThat(watch.onHead(each, 3_000 * MILLI)).as("is usual").isFalse());
    assertThat(watch.onHead(begin(A), 30 * MILLI)).as("is usual").isTrue();
    found.clear();
    runTo(4_000);
    begin(A);
    runTo(4_500);
    assertThat(found).containsExactly("4070 asks a", "4170 suspects a");
  }

  @Test
  void whoIsNoLongerListedIsForgotten() {
    usual(30);
    Waiting waiting = begin(A);
    begin(B);
    watch.retain(Set.of(B));
    runTo(100);
    assertThat(found).containsExactly("70 asks b");
    watch.end(waiting);
  }

  /** The pool's usual time to head. */
  private void usual(long millis) {
    for (int i = 0; i < 2 * HeadTimes.ENOUGH; i++) {
      watch.onHead(watch.begin(B, START), millis * MILLI);
    }
  }

  private Waiting begin(BackendId backend) {
    return watch.begin(backend, START + now * MILLI);
  }

  private void hear(BackendId backend) {
    heard.put(backend, START + now * MILLI);
  }

  /** Ticks every 10 ms, until then. */
  private void runTo(long millis) {
    while (now + 10 <= millis) {
      tickAt(now + 10);
    }
  }

  private void tickAt(long millis) {
    now = millis;
    for (Finding finding : watch.onTick(this, stalled, START + now * MILLI)) {
      String what = finding instanceof Finding.Overdue ? "asks" : "suspects";
      found.add(now + " " + what + " " + finding.backend().host());
    }
  }
}
