package dev.backline.balancer.sim;

import java.util.List;
import java.util.SplittableRandom;
import java.util.random.RandomGenerator;

/** Randomness of a run: the same in every JVM. */
final class Dice {
  private final SplittableRandom random;

  Dice(long seed) {
    this(new SplittableRandom(seed));
  }

  private Dice(SplittableRandom random) {
    this.random = random;
  }

  /** Returns dice for one part of the world, so that what it throws disturbs no other part. */
  Dice split() {
    return new Dice(random.split());
  }

  RandomGenerator generator() {
    return random.split();
  }

  boolean percent(int percent) {
    return random.nextInt(100) < percent;
  }

  int between(int least, int most) {
    return random.nextInt(least, most + 1);
  }

  long between(long least, long most) {
    return random.nextLong(least, most + 1);
  }

  /** Returns the time to the next of events that come at random, {@code meanNanos} apart. */
  long untilNextNanos(long meanNanos) {
    return (long) (-StrictMath.log(1 - random.nextDouble()) * meanNanos);
  }

  <T> T pick(List<T> list) {
    return list.get(random.nextInt(list.size()));
  }

  long nextLong() {
    return random.nextLong();
  }
}
