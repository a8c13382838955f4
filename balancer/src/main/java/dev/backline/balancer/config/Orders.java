package dev.backline.balancer.config;

import java.time.Duration;

/** What holds between two durations of one section. */
final class Orders {
  private Orders() {}

  /** Reports if the one is longer than the other, at the one that was given. */
  static void atMost(Values values, Key<Duration> shorter, Key<Duration> longer, Report report) {
    Duration one = values.find(shorter);
    Duration other = values.find(longer);
    if (one == null || other == null || one.compareTo(other) <= 0) {
      return;
    }
    boolean blameShorter = values.has(shorter);
    Key<Duration> wrong = blameShorter ? shorter : longer;
    Key<Duration> bound = blameShorter ? longer : shorter;
    report.add(
        values.where(wrong),
        values.shown(wrong),
        (blameShorter ? "at most " : "at least ") + bound.name() + ", " + values.shown(bound));
  }
}
