package dev.backline.balancer.health;

import static org.assertj.core.api.Assertions.assertThat;

import dev.backline.balancer.model.Cause;
import dev.backline.balancer.model.Verdict;
import java.time.Duration;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * The rows of the health table, as text: what is seen, 10 ms apart, and the verdict after each.
 *
 * <pre>
 * probes     +  passes          w  passes with 404     ~  passes, but was sent before the verdict
 *            -  answers 500     o  times out           r  refused     x  reset
 *            d  announces its stop
 * transport  R  refused         X  reset               s  reset on a kept connection
 * silence    S  silent          h  heard
 * quick      p  passes          q  times out           c  can't connect in time
 * requests   e  another 500     E  500 after 20 clean answers
 * time       1  a second
 *
 * verdicts   N unproven, U up, S suspect, J ejected, T trial, D down, R refusing, G draining
 * </pre>
 */
final class HealthTrackerTest {
  private static final long MILLI = 1_000_000;
  private static final long SECOND = 1_000 * MILLI;

  private long nowNanos = -3 * SECOND;

  @ParameterizedTest
  @CsvSource({
    "+, U",
    "-+, NU",
    "rr++, NNUU",
    "----, NNNN",
    "+-+, USU",
    "+--, USD",
    "+--+, USDD",
    "+--++, USDDU",
    "+--+-++, USDDDDU",
    "+-+-+-+, USUSUSU",
    "+oo++, USDDU",
    "+o-+, USDD",
    "+xx++, USDDU",
    "+rr++, USRRU",
    "+r+r+, USUSU",
    "+-r, USR",
    "+r-, USD",
    "+rrr-++, USRRDDU",
    "+--r++, USDRRU",
    "+w-w, UUSU",
    "w, U",
    "+--ww, USDDU",
  })
  void probesFallAndRise(String seen, String verdicts) {
    assertThat(verdicts(seen, tracker(2, 2))).isEqualTo(verdicts);
  }

  @ParameterizedTest
  @CsvSource({
    "1, 1, +-+-+, UDUDU",
    "3, 1, +--+---+, USSUSSDU",
    "3, 3, +---++-+++, USSDDDDDDU",
    "1, 2, +o+o++, UDDDDU",
    "5, 1, +----+-----+, USSSSUSSSSDU",
    "5, 5, +rr, USR",
  })
  void fallAndRiseAreCounted(int fall, int rise, String seen, String verdicts) {
    assertThat(verdicts(seen, tracker(fall, rise))).isEqualTo(verdicts);
  }

  @ParameterizedTest
  @CsvSource({
    "d, G",
    "+d, UG",
    "+dd+, UGGG",
    "+d++, UGGU",
    "+d+d++, UGGGGU",
    "+drr++, UGRRRU",
    "+-d, USG",
    "+--d, USDG",
    "+dR, UGG",
    "+de, UGG",
    "+d~~~, UGGGG",
  })
  void announcedStopIsADrain(String seen, String verdicts) {
    assertThat(verdicts(seen, tracker(2, 2))).isEqualTo(verdicts);
  }

  @ParameterizedTest
  @CsvSource({
    "+R, US",
    "+RR, USR",
    "+RRRR, USRRR",
    "+RR+, USRR",
    "+RR++, USRRU",
    "+X, US",
    "+XX, USD",
    "+XX++, USDDT",
    "+XX+-++, USDDDDU",
    "+XX++1, USDDTU",
    "+XX++s+, USDDTSU",
    "+XX++X, USDDTJ",
    "+XX++X1X1, USDDTJTJJ",
    "+XX++R, USDDTS",
    "+XRr++, USRRRU",
    "+XR, USR",
    "+RX, USD",
    "+R+, USU",
    "+R+R+R, USUSUS",
    "+Rr, USR",
    "+rR, USR",
    "+R-, USS",
    "+R--, USSD",
    "R, N",
    "RRR+, NNNU",
  })
  void brokenTransportIsSuspectAtOnceAndDownTheSecondTime(String seen, String verdicts) {
    assertThat(verdicts(seen, tracker(2, 2))).isEqualTo(verdicts);
  }

  @ParameterizedTest
  @CsvSource({
    "+s, US",
    "+sss, USSS",
    "+s+, USU",
    "+sR, USS",
    "+sRR, USSR",
    "+sr, USS",
    "+srr, USSR",
    "+ssssX, USSSSS",
  })
  void keptConnectionsThatBreakMakeSuspectButNeverDown(String seen, String verdicts) {
    assertThat(verdicts(seen, tracker(2, 2))).isEqualTo(verdicts);
  }

  @ParameterizedTest
  @CsvSource({
    "+R~, USS",
    "+R~R, USSR",
    "+R~+, USSU",
    "+--~~~, USDDDD",
    "+--+~+, USDDDU",
    "+RR~~, USRRR",
  })
  void passThatWasSentBeforeTheVerdictSaysNothingAgainstIt(String seen, String verdicts) {
    assertThat(verdicts(seen, tracker(2, 2))).isEqualTo(verdicts);
  }

  /** A pass from before it was (again) listed proves nothing about what is there now. */
  @Test
  void passThatWasSentBeforeItWasListedProvesNothing() {
    assertThat(verdicts("~~+", tracker(2, 2))).isEqualTo("NNU");
  }

  /** It was kept as a last resort that accepts connections, and got exchanges that it refused. */
  @ParameterizedTest
  @CsvSource({"+--R, USDR", "+--R++, USDRRU", "+--X, USDD", "+--s, USDD"})
  void downBackendThatRefusesAnAttemptIsRefusing(String seen, String verdicts) {
    assertThat(verdicts(seen, tracker(2, 2))).isEqualTo(verdicts);
  }

  @ParameterizedTest
  @CsvSource({"+S, US", "+SSS, USSS", "+S+, USU", "+S--, USSD", "+S-, USS", "S, N", "+--S, USDD"})
  void silenceIsSuspectAndProbesDecide(String seen, String verdicts) {
    assertThat(verdicts(seen, tracker(2, 2))).isEqualTo(verdicts);
  }

  @ParameterizedTest
  @CsvSource({
    "+Sq, USS",
    "+Sqq, USSD",
    "+Sqqqqp, USSDDDD",
    "+Sqq++, USSDDU",
    "+Scc, USSR",
    "+So, USS",
    "+Soq, USSD",
    "+oq, USD",
    "+qqqq, UUUUU",
    "+ocq, USRR",
    "+-qqq, USSSS",
    "+eeeeeSqq, UUUUUJJJD",
    "+eeeee1S, UUUUUJTS",
    "+--qqqq, USDDDDD",
    "+dqq, UGGG",
    "qqS, NNN",
  })
  void whatIsSilentIsDownAfterFallQuickProbesThatCountOnlyThen(String seen, String verdicts) {
    assertThat(verdicts(seen, tracker(2, 2))).isEqualTo(verdicts);
  }

  @ParameterizedTest
  @CsvSource({"1, +Sq, USD", "3, +Sqq, USSS", "3, +Sqqq, USSSD", "4, +oqqq, USSSD"})
  void quickProbesCountForFall(int fall, String seen, String verdicts) {
    assertThat(verdicts(seen, tracker(fall, 1))).isEqualTo(verdicts);
  }

  @ParameterizedTest
  @CsvSource({
    "+Sh, USU",
    "+Sp, USU",
    "+S~, USU",
    "+Sqh, USSU",
    "+Sqhq, USSUU",
    "+SqhSq, USSUSS",
    "+SqhSqq, USSUSSD",
    "+Sqp, USSU",
    "+oh, USS",
    "+oh+, USSU",
    "+ohqqq, USSSSS",
    "+oho, USSD",
    "+h, UU",
    "h, N",
    "+Rh, USS",
    "+Eh, USS",
    "+-h, USS",
    "+SRh, USSS",
    "+Sqqh, USSDD",
    "+eeeeeSqhq, UUUUUJJJJJ",
  })
  void anyByteEndsASilenceAndNothingElse(String seen, String verdicts) {
    assertThat(verdicts(seen, tracker(2, 2))).isEqualTo(verdicts);
  }

  /** It was sent in the silence before, and its backend has spoken since. */
  @Test
  void quickProbeFromBeforeALastWordCountsNot() {
    HealthTracker tracker = tracker(1, 1);
    verdicts("+S", tracker);
    long startNanos = nowNanos;
    verdicts("hS", tracker);
    tracker.onQuickProbe(
        new Evidence.QuickProbe(ProbeResult.failed(Cause.TIMEOUT), startNanos), nowNanos);
    assertThat(tracker.verdict()).isEqualTo(Verdict.SUSPECT);
    verdicts("q", tracker);
    assertThat(tracker.verdict()).isEqualTo(Verdict.DOWN);
  }

  /** The pass was read first, and ended the time in which such failures say nothing. */
  @Test
  void probeFromBeforeAStandstillSaysNothingAfterAPass() {
    HealthTracker tracker = tracker(1, 1);
    long startNanos = nowNanos;
    nowNanos += SECOND;
    tracker.onStalled(SECOND, nowNanos);
    ProbeResult passed = new ProbeResult.Passed(200, MILLI);
    ProbeResult failed = ProbeResult.failed(Cause.TIMEOUT);
    tracker.onProbe(new Evidence.Probe(passed, startNanos), nowNanos);
    tracker.onProbe(new Evidence.Probe(failed, startNanos), nowNanos);
    assertThat(tracker.verdict()).isEqualTo(Verdict.UP);
    probe(tracker, failed);
    assertThat(tracker.verdict()).isEqualTo(Verdict.DOWN);
  }

  @Test
  void silentBackendIsProbedQuicklyTenTimesASecondUntilItIsHeardOrOut() {
    HealthTracker tracker = tracker(3, 1);
    verdicts("+", tracker);
    assertThat(tracker.tryProbeQuickly(nowNanos)).isFalse();
    verdicts("S", tracker);
    assertThat(tracker.nextDeadlineNanos()).isEqualTo(nowNanos);
    assertThat(tracker.tryProbeQuickly(nowNanos)).isTrue();
    assertThat(tracker.tryProbeQuickly(nowNanos)).isFalse();
    assertThat(tracker.nextDeadlineNanos()).isEqualTo(nowNanos + 100 * MILLI);
    assertThat(tracker.tryProbeQuickly(nowNanos + 100 * MILLI - 1)).isFalse();
    assertThat(tracker.tryProbeQuickly(nowNanos + 100 * MILLI)).isTrue();
    verdicts("h", tracker);
    assertThat(tracker.nextDeadlineNanos()).isEqualTo(Long.MAX_VALUE);
    verdicts("Sqqq", tracker);
    assertThat(tracker.verdict()).isEqualTo(Verdict.DOWN);
    assertThat(tracker.nextDeadlineNanos()).isEqualTo(Long.MAX_VALUE);
  }

  /** Several event loops find it overdue in the same moment. */
  @Test
  void oneQuickProbeIsEnoughForAllWhoFindItOverdue() {
    HealthTracker tracker = tracker(2, 2);
    assertThat(tracker.onOverdue(nowNanos)).as("unproven").isFalse();
    verdicts("+", tracker);
    assertThat(tracker.onOverdue(nowNanos)).isTrue();
    assertThat(tracker.onOverdue(nowNanos + 100 * MILLI - 1)).isFalse();
    assertThat(tracker.onOverdue(nowNanos + 100 * MILLI)).isTrue();
    verdicts("--", tracker);
    assertThat(tracker.onOverdue(nowNanos + SECOND)).as("down").isFalse();
  }

  /** Was: two that had no chance while this member stood still took a backend out. */
  @Test
  void quickProbeThatWasUnderWayInAStandstillCountsNot() {
    HealthTracker tracker = tracker(2, 1);
    verdicts("+S", tracker);
    long before = nowNanos;
    nowNanos += SECOND / 5;
    tracker.onStalled(SECOND / 5, nowNanos);
    nowNanos += 4 * SECOND; // Spared no longer.
    for (int i = 0; i < 5; i++) {
      tracker.onQuickProbe(
          new Evidence.QuickProbe(ProbeResult.failed(Cause.TIMEOUT), before + i), nowNanos);
    }
    assertThat(tracker.verdict()).isEqualTo(Verdict.SUSPECT);
    verdicts("qq", tracker);
    assertThat(tracker.verdict()).isEqualTo(Verdict.DOWN);
  }

  /** A health request that always takes its time is no silence. */
  @Test
  void quickProbeIsAsPatientAsItsBackendIsSlow() {
    HealthTracker tracker = tracker(2, 2);
    assertThat(tracker.quickTimeoutNanos()).isEqualTo(200 * MILLI);
    probe(tracker, new ProbeResult.Passed(200, 40 * MILLI));
    assertThat(tracker.quickTimeoutNanos()).isEqualTo(200 * MILLI);
    probe(tracker, new ProbeResult.Passed(200, 80 * MILLI));
    assertThat(tracker.quickTimeoutNanos()).isEqualTo(320 * MILLI);
    probe(tracker, new ProbeResult.Passed(200, MILLI));
    assertThat(tracker.quickTimeoutNanos()).isEqualTo(240 * MILLI);
    probe(tracker, new ProbeResult.Passed(200, 400 * MILLI));
    assertThat(tracker.quickTimeoutNanos()).as("the policy's").isEqualTo(500 * MILLI);
  }

  @ParameterizedTest
  @CsvSource({
    "+E, US",
    "+E+, USU",
    "+e, UU",
    "+eeee, UUUUU",
    "+eeeee, UUUUUJ",
    "+Eeeee, USSSSJ",
    "+E+eeee, USUUUUJ",
    "+EEEEEEE, USSSSSSS",
    "+eeeeE, UUUUUS",
    "e, N",
    "+--eeeeee, USDDDDDDD",
  })
  void badAnswersMakeSuspectAndFiveInARowOut(String seen, String verdicts) {
    assertThat(verdicts(seen, tracker(2, 2))).isEqualTo(verdicts);
  }

  @ParameterizedTest
  @CsvSource({
    "+eeeee1, UUUUUJT",
    "+eeeee11, UUUUUJTU",
    "+eeeee+++, UUUUUJJJJ",
    "+eeeee1+, UUUUUJTT",
    "+eeeee1e, UUUUUJTJ",
    "+eeeee1e1, UUUUUJTJJ",
    "+eeeee1e11, UUUUUJTJJT",
    "+eeeee1e11e1111, UUUUUJTJJTJJJJT",
    "+eeeee11e, UUUUUJTUU",
    "+eeeed1, UUUUUGG",
    "+eeeeed, UUUUUJG",
  })
  void ejectionEndsByTimeThenOneTrial(String seen, String verdicts) {
    assertThat(verdicts(seen, tracker(2, 2))).isEqualTo(verdicts);
  }

  @ParameterizedTest
  @CsvSource({
    "+eeeeeRR, UUUUUJJR",
    "+eeeeeXX, UUUUUJJD",
    "+eeeee--, UUUUUJJD",
    "+eeeeerr, UUUUUJJR",
    "+eeeee-+1, UUUUUJJJT",
  })
  void ejectedBackendGoesDownAsAnyOther(String seen, String verdicts) {
    assertThat(verdicts(seen, tracker(2, 2))).isEqualTo(verdicts);
  }

  /**
   * The end of a trial made it up and forgot what had failed meanwhile; a trial with a failure was
   * still as good as any.
   */
  @ParameterizedTest
  @CsvSource({
    "+eeeee1R, UUUUUJTS",
    "+eeeee1RR, UUUUUJTSR",
    "+eeeee1R1, UUUUUJTSS",
    "+eeeee1-, UUUUUJTS",
    "+eeeee1--, UUUUUJTSD",
    "+eeeee1s+, UUUUUJTSU",
    "+eeeee-1, UUUUUJJS",
    "+eeeeeR1R, UUUUUJJSR",
    "+eeeee-1+, UUUUUJJSU",
  })
  void whatFailsOnTrialOrBeforeItIsSuspect(String seen, String verdicts) {
    assertThat(verdicts(seen, tracker(2, 2))).isEqualTo(verdicts);
  }

  @ParameterizedTest
  @CsvSource({
    "'', 500, 500",
    "-, 500, 500",
    "+, 800, 1200",
    "+R, 100, 100",
    "+-, 100, 100",
    "+--, 500, 500",
    "+--+, 100, 100",
    "+--+-, 500, 500",
    "+RR, 500, 500",
    "+RR+, 100, 100",
    "+d, 500, 500",
    "+d+, 100, 100",
    "+eeeee, 800, 1200",
    "+eeeee1, 800, 1200",
    "+eeeee-, 100, 100",
    "+eeeee-+, 800, 1200",
  })
  void probesHurryWhereSomethingIsInDoubt(String seen, long leastMillis, long mostMillis) {
    HealthTracker tracker = tracker(2, 2);
    verdicts(seen, tracker);
    SplittableRandom random = new SplittableRandom(1);
    long least = Long.MAX_VALUE;
    long most = 0;
    for (int i = 0; i < 1_000; i++) {
      long delayNanos = tracker.probeDelayNanos(random, true, nowNanos);
      least = Math.min(least, delayNanos);
      most = Math.max(most, delayNanos);
    }
    long slackMillis = leastMillis == mostMillis ? 0 : 10;
    assertThat(least).isBetween(leastMillis * MILLI, (leastMillis + slackMillis) * MILLI);
    assertThat(most).isBetween((mostMillis - slackMillis) * MILLI, mostMillis * MILLI);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          ''      | not probed yet
          r       | refused
          +       | passes: 200
          w       | passes, but answers 404 on /health
          +-      | answers 500
          +o      | timeout
          +RR     | refused
          +XX     | reset
          +S      | silent: an attempt waits for 170 ms, 70 would be usual
          +Sh     | heard again
          +Sqq    | timeout
          +E      | answers 500
          +d      | announces its stop
          +--+    | answers 500
          +--++   | passes: 200
          +eeeee  | answers 500 too often
          +eeeee1 | one exchange at a time after its ejection
          """)
  void reasonIsInWordsThatAPersonCanActOn(String seen, String reason) {
    HealthTracker tracker = tracker(2, 2);
    verdicts(seen, tracker);
    assertThat(tracker.reason()).isEqualTo(reason);
  }

  @Test
  void onlyEjectionTrialAndSilenceHaveADeadline() {
    for (String seen : new String[] {"", "+", "+R", "+--", "+RR", "+d"}) {
      HealthTracker tracker = tracker(2, 2);
      verdicts(seen, tracker);
      assertThat(tracker.nextDeadlineNanos()).as(seen).isEqualTo(Long.MAX_VALUE);
    }
    HealthTracker tracker = tracker(2, 2);
    verdicts("+eeeee", tracker);
    assertThat(tracker.nextDeadlineNanos()).isEqualTo(nowNanos + SECOND);
    verdicts("1", tracker);
    assertThat(tracker.nextDeadlineNanos()).isEqualTo(nowNanos + SECOND);
  }

  @Test
  void nothingEndsBeforeItsTime() {
    HealthTracker tracker = tracker(2, 2);
    verdicts("+eeeee", tracker);
    tracker.onTime(tracker.nextDeadlineNanos() - 1);
    assertThat(tracker.verdict()).isEqualTo(Verdict.EJECTED);
    tracker.onTime(tracker.nextDeadlineNanos());
    assertThat(tracker.verdict()).isEqualTo(Verdict.TRIAL);
    tracker.onTime(tracker.nextDeadlineNanos() - 1);
    assertThat(tracker.verdict()).isEqualTo(Verdict.TRIAL);
  }

  @ParameterizedTest
  @CsvSource({"'', N", "+, U", "+-, S", "+--, D", "+RR, R", "+d, G", "+eeeee, J", "+eeeee1, T"})
  void anotherPolicyKeepsWhatIsKnown(String seen, String verdict) {
    HealthTracker tracker = tracker(2, 2);
    verdicts(seen, tracker);
    HealthTracker.Checkpoint known = tracker.checkpoint();
    tracker.setPolicy(policy(1, 1));
    assertThat(letter(tracker.verdict())).isEqualTo(verdict.charAt(0));
    assertThat(tracker.checkpoint()).isEqualTo(known);
  }

  @Test
  void verdictIsAsOldAsItsLastChange() {
    HealthTracker tracker = tracker(2, 2);
    verdicts("+R", tracker);
    long suspectSinceNanos = nowNanos;
    verdicts("s-", tracker);
    assertThat(tracker.sinceNanos()).isEqualTo(suspectSinceNanos);
    verdicts("-", tracker);
    assertThat(tracker.sinceNanos()).isEqualTo(nowNanos);
  }

  private HealthTracker tracker(int fall, int rise) {
    return new HealthTracker(policy(fall, rise), nowNanos);
  }

  private static HealthPolicy policy(int fall, int rise) {
    return new HealthPolicy("/health", Duration.ofSeconds(1), Duration.ofMillis(500), fall, rise);
  }

  private String verdicts(String seen, HealthTracker tracker) {
    StringBuilder verdicts = new StringBuilder();
    for (int i = 0; i < seen.length(); i++) {
      nowNanos += 10 * MILLI;
      see(seen.charAt(i), tracker);
      verdicts.append(letter(tracker.verdict()));
    }
    return verdicts.toString();
  }

  private void see(char what, HealthTracker tracker) {
    switch (what) {
      case '+' -> probe(tracker, ProbeResult.of(200, false, MILLI));
      case 'w' -> probe(tracker, ProbeResult.of(404, false, MILLI));
      case '-' -> probe(tracker, ProbeResult.of(500, false, MILLI));
      case 'd' -> probe(tracker, ProbeResult.of(503, true, MILLI));
      case 'o' -> probe(tracker, ProbeResult.failed(Cause.TIMEOUT));
      case 'r' -> probe(tracker, ProbeResult.failed(Cause.REFUSED));
      case 'x' -> probe(tracker, ProbeResult.failed(Cause.RESET));
      case '~' ->
          tracker.onProbe(
              new Evidence.Probe(new ProbeResult.Passed(200, 1), tracker.sinceNanos() - 1),
              nowNanos);
      case 'R' -> tracker.onTransport(new Evidence.Transport(Cause.REFUSED, false, 0), nowNanos);
      case 'X' -> {
        if (tracker.onTransport(new Evidence.Transport(Cause.RESET, false, 0), nowNanos)) {
          tracker.eject(Grounds.REQUEST, "reset too often", nowNanos);
        }
      }
      case 's' -> tracker.onTransport(new Evidence.Transport(Cause.RESET, true, 0), nowNanos);
      case 'S' -> tracker.onSilence(new Evidence.Silence(170 * MILLI, 70 * MILLI), nowNanos);
      case 'h' -> tracker.onHeard(nowNanos);
      case 'p' -> quickProbe(tracker, ProbeResult.of(200, false, MILLI));
      case 'q' -> quickProbe(tracker, ProbeResult.failed(Cause.TIMEOUT));
      case 'c' -> quickProbe(tracker, ProbeResult.failed(Cause.CONNECT_TIMEOUT));
      case 'e' -> request(tracker, 0);
      case 'E' -> request(tracker, 20);
      case '1' -> {
        nowNanos += SECOND - 10 * MILLI;
        tracker.onTime(nowNanos);
      }
      default -> throw new AssertionError(what);
    }
  }

  private void probe(HealthTracker tracker, ProbeResult result) {
    tracker.onProbe(new Evidence.Probe(result, nowNanos), nowNanos);
  }

  private void quickProbe(HealthTracker tracker, ProbeResult result) {
    tracker.onQuickProbe(new Evidence.QuickProbe(result, nowNanos), nowNanos);
  }

  private void request(HealthTracker tracker, long cleanBefore) {
    Evidence.Request request = new Evidence.Request("answers 500", cleanBefore);
    if (tracker.onRequest(request, nowNanos)) {
      tracker.eject(Grounds.REQUEST, "answers 500 too often", nowNanos);
    }
  }

  private static char letter(Verdict verdict) {
    return switch (verdict) {
      case UNPROVEN -> 'N';
      case UP -> 'U';
      case SUSPECT -> 'S';
      case EJECTED -> 'J';
      case TRIAL -> 'T';
      case DOWN -> 'D';
      case REFUSING -> 'R';
      case DRAINING -> 'G';
    };
  }
}
