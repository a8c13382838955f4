package dev.backline.testbed.check;

import java.time.Duration;

/**
 * How long a backend that never answers well is out: one second, twice as long each time, 30 s at
 * most. After each it is tried, and out again.
 */
final class EjectionTimes {
  private static final Duration FIRST = Duration.ofSeconds(1);
  private static final Duration LONGEST = Duration.ofSeconds(30);

  private EjectionTimes() {}

  /**
   * How many trials begin within a time after the first ejection: within 60 s five, after 1, 3, 7,
   * 15 and 31 s; the next would be after 61 s. What a trial itself takes makes them fewer, never
   * more.
   */
  static int trialsWithin(Duration time) {
    int trials = 0;
    Duration out = FIRST;
    for (Duration next = out; next.compareTo(time) < 0; next = next.plus(out)) {
      trials++;
      Duration doubled = out.multipliedBy(2);
      out = doubled.compareTo(LONGEST) < 0 ? doubled : LONGEST;
    }
    return trials;
  }
}
