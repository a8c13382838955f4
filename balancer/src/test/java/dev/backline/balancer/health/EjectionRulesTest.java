package dev.backline.balancer.health;

import static org.assertj.core.api.Assertions.assertThat;

import dev.backline.balancer.model.Cause;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Pools as text, a letter for each backend: N unproven, U up, S suspect, J ejected, T trial, D
 * down, R refusing, G draining.
 */
final class EjectionRulesTest {
  private static final long MILLI = 1_000_000;
  private static final long SECOND = 1_000 * MILLI;

  private final long nowNanos = 100 * SECOND;

  /** The first of the pool is the outlier. */
  @ParameterizedTest
  @CsvSource({
    "U, false",
    "UU, true",
    "US, true",
    "UD, false",
    "UR, false",
    "UN, false",
    "UG, false",
    "UJ, false",
    "UT, false",
    "UUU, true",
    "UUJ, false",
    "UUD, true",
    "UDD, false",
    "UJJ, false",
    "UUUJ, true",
    "UUJJ, false",
    "UUUUJ, true",
    "UUUJJ, false",
    "UUUUJJ, true",
    "UUUUTJ, true",
    "UUUJJT, false",
    "SUUU, true",
    "TUUU, true",
    "TUJ, false",
    "TU, true",
  })
  void halfOfThePoolAtMostAndNeverTheLast(String pool, boolean may) {
    List<HealthTracker> trackers = pool(pool);
    assertThat(EjectionRules.mayEject(trackers.get(0), trackers)).isEqualTo(may);
  }

  /** Milliseconds since each backend turned an outlier; {@code -} never, {@code x} not passing. */
  @ParameterizedTest
  @CsvSource({
    "0, false",
    "0 0, false",
    "0 0 0, true",
    "0 0 -, true",
    "0 - -, false",
    "0 2000 -, true",
    "0 2001 -, false",
    "0 x -, false",
    "0 0 - -, false",
    "0 0 0 -, true",
    "0 0 0 - -, false",
    "0 0 0 0 - -, true",
    "0 0 0 x -, false",
    "0 500 1000 1500 x -, true",
  })
  void twoThirdsThatFailTogetherWhileTheirProbesPassAreNotToBlame(String since, boolean all) {
    List<HealthTracker> trackers = new ArrayList<>();
    for (String one : since.split(" ", -1)) {
      HealthTracker tracker = tracker('U');
      if (!one.equals("-")) {
        long agoNanos = one.equals("x") ? 0 : Long.parseLong(one) * MILLI;
        for (int i = 0; i < 5; i++) {
          tracker.onRequest(new Evidence.Request("answers 500", 0), nowNanos - agoNanos);
        }
      }
      if (one.equals("x")) {
        probe(tracker, ProbeResult.of(500, false, 1));
      }
      trackers.add(tracker);
    }
    assertThat(EjectionRules.areCorrelated(trackers, nowNanos)).isEqualTo(all);
  }

  private List<HealthTracker> pool(String letters) {
    List<HealthTracker> trackers = new ArrayList<>();
    for (int i = 0; i < letters.length(); i++) {
      trackers.add(tracker(letters.charAt(i)));
    }
    return trackers;
  }

  private HealthTracker tracker(char letter) {
    long longAgoNanos = nowNanos - 50 * SECOND;
    HealthTracker tracker = new HealthTracker(HealthPolicy.DEFAULT, longAgoNanos);
    if (letter == 'N') {
      return tracker;
    }
    tracker.onProbe(new Evidence.Probe(ProbeResult.of(200, false, 1), longAgoNanos), longAgoNanos);
    switch (letter) {
      case 'U' -> {}
      case 'S' -> probe(tracker, ProbeResult.of(500, false, 1));
      case 'J' -> tracker.eject(Grounds.REQUEST, "test", nowNanos);
      case 'T' -> {
        tracker.eject(Grounds.REQUEST, "test", nowNanos - SECOND);
        tracker.onTime(nowNanos);
      }
      case 'D' -> {
        probe(tracker, ProbeResult.of(500, false, 1));
        probe(tracker, ProbeResult.of(500, false, 1));
      }
      case 'R' -> {
        probe(tracker, ProbeResult.failed(Cause.REFUSED));
        probe(tracker, ProbeResult.failed(Cause.REFUSED));
      }
      case 'G' -> probe(tracker, new ProbeResult.Draining());
      default -> throw new AssertionError(letter);
    }
    return tracker;
  }

  private void probe(HealthTracker tracker, ProbeResult result) {
    tracker.onProbe(new Evidence.Probe(result, nowNanos), nowNanos);
  }
}
