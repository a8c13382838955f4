package dev.backline.sample.register;

import java.util.random.RandomGenerator;

/**
 * Whom to ask, and when again: the next balancer at once when one fails, and none of them too often
 * when all do. Pure; owned by one thread.
 */
final class Rounds {
  private static final long FIRST_PAUSE_MILLIS = 250;
  private static final long LONGEST_PAUSE_MILLIS = 3_000;

  private final int balancers;
  private final RandomGenerator random;
  private int current;
  private int failures;

  Rounds(int balancers, RandomGenerator random) {
    this.balancers = balancers;
    this.random = random;
  }

  /** Returns the number of the balancer to ask, from 0. */
  int current() {
    return current;
  }

  /** Returns the pause after a success. */
  long onSuccess(long renewMillis) {
    failures = 0;
    return jittered(renewMillis);
  }

  /** Goes on to the next balancer; returns the pause before it, 0 while there is another one. */
  long onFailure() {
    current = (current + 1) % balancers;
    failures++;
    if (failures % balancers != 0) {
      return 0;
    }
    int rounds = Math.min(failures / balancers - 1, 10);
    return jittered(Math.min(FIRST_PAUSE_MILLIS << rounds, LONGEST_PAUSE_MILLIS));
  }

  /** Up to a tenth less or more: backends that started together must not come together. */
  private long jittered(long millis) {
    return Math.max(1, millis + Math.round(millis * (random.nextDouble() - 0.5) / 5));
  }
}
