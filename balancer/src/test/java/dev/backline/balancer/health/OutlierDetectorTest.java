package dev.backline.balancer.health;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class OutlierDetectorTest {
  private static final long SECOND = 1_000_000_000L;

  /** Clean answers before each bad one, 100 ms apart; the bad answer that makes an outlier. */
  @ParameterizedTest
  @CsvSource({
    "0 0 0 0 0, 5",
    "7 0 0 0 0, 5",
    "0 0 0 0 1 0 0 0 0, 9",
    "0 0 0 0, -",
    "1 1 1 1 1 1 1, 5",
    "2 2 2 2 2 2 2 2 2 2 2, -",
    "9 1, -",
    "5 0 0 0 0, 5",
    "5 0 0 1 0 0, 6",
    "6 0 0 1 0 0, -",
    "4 0 1 0 1 0 1 0, 6",
    "1000 0 0 0 1 0 0 0 1 0 0 0 1, -",
    "1000 0 0 0 0, 5",
  })
  void fiveInARowOrHalfOfAtLeastTen(String clean, String outlierAt) {
    OutlierDetector detector = new OutlierDetector();
    assertThat(firstOutlier(detector, clean, SECOND / 10)).isEqualTo(outlierAt);
  }

  @Test
  void fiveInARowCountHoweverSlowlyTheyCome() {
    assertThat(firstOutlier(new OutlierDetector(), "9 0 0 0 0", 600 * SECOND)).isEqualTo("5");
  }

  @Test
  void halfIsOfTheLastFiveSecondsOnly() {
    // One bad of two, each two seconds: within five seconds there are never ten.
    assertThat(firstOutlier(new OutlierDetector(), "1 1 1 1 1 1 1 1 1 1", 2 * SECOND))
        .isEqualTo("-");
  }

  @Test
  void cleanAnswersFromBeforeTheWindowAreLeftOutInProportion() {
    OutlierDetector detector = new OutlierDetector();
    detector.record(0, 0);
    // 100 clean in 100 s: 5 of them in the last 5 s.
    assertThat(detector.record(100, 100 * SECOND)).isFalse();
    assertThat(detector.record(1, 100 * SECOND)).isFalse();
    assertThat(detector.record(0, 100 * SECOND)).isFalse();
    assertThat(detector.record(0, 100 * SECOND)).isFalse();
    assertThat(detector.record(1, 100 * SECOND)).isFalse();
    // 6 bad and 8 clean.
    assertThat(detector.record(1, 100 * SECOND)).isFalse();
    assertThat(detector.record(0, 100 * SECOND)).isFalse();
    assertThat(detector.record(0, 100 * SECOND)).as("8 bad, 8 clean").isTrue();
  }

  @Test
  void afterItIsClearedNothingIsKnown() {
    OutlierDetector detector = new OutlierDetector();
    assertThat(firstOutlier(detector, "0 0 0 0", SECOND / 10)).isEqualTo("-");
    detector.clear();
    assertThat(firstOutlier(detector, "0 0 0 0", SECOND / 10)).isEqualTo("-");
  }

  @Test
  void tenThousandBadAnswersAreCountedInBoundedSpace() {
    OutlierDetector detector = new OutlierDetector();
    for (int i = 0; i < 10_000; i++) {
      // One bad of three never is an outlier, however many.
      assertThat(detector.record(2, i * 1_000_000L)).isFalse();
    }
    assertThat(firstOutlier(detector, "1 0 1 0 0 0 0", 0)).isEqualTo("7");
  }

  private static String firstOutlier(OutlierDetector detector, String clean, long stepNanos) {
    String[] counts = clean.split(" ", -1);
    for (int i = 0; i < counts.length; i++) {
      if (detector.record(Long.parseLong(counts[i]), i * stepNanos)) {
        return String.valueOf(i + 1);
      }
    }
    return "-";
  }
}
