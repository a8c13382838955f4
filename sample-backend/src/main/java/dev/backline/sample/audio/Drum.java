package dev.backline.sample.audio;

import java.util.SplittableRandom;
import java.util.random.RandomGenerator;

/** A beat of a drum, the same each time; computed once. */
enum Drum {
  KICK(260) {
    @Override
    double at(double seconds, double noise, double before) {
      double phase = 48 * seconds + 3.2 * (1 - StrictMath.exp(-seconds * 38));
      return StrictMath.sin(2 * StrictMath.PI * phase) * StrictMath.exp(-seconds * 15);
    }
  },
  SNARE(200) {
    @Override
    double at(double seconds, double noise, double before) {
      double skin = StrictMath.sin(2 * StrictMath.PI * 186 * seconds);
      return 0.45 * skin * StrictMath.exp(-seconds * 30)
          + 0.5 * noise * StrictMath.exp(-seconds * 24);
    }
  },
  HAT(70) {
    @Override
    double at(double seconds, double noise, double before) {
      // The difference of two noises has no depth.
      return (noise - before) / 2 * StrictMath.exp(-seconds * 70);
    }
  };

  private static final int SEED = 7;

  /** Written once, when the class is made. */
  @SuppressWarnings("ImmutableEnumChecker")
  private final float[] beat;

  Drum(int millis) {
    beat = new float[Score.RATE * millis / 1000];
  }

  static {
    for (Drum drum : values()) {
      RandomGenerator random = new SplittableRandom(SEED);
      double before = 0;
      for (int i = 0; i < drum.beat.length; i++) {
        double noise = random.nextDouble(-1, 1);
        drum.beat[i] = (float) drum.at((double) i / Score.RATE, noise, before);
        before = noise;
      }
    }
  }

  abstract double at(double seconds, double noise, double before);

  /** From the stroke to silence, in samples. */
  int length() {
    return beat.length;
  }

  /** The beat so many samples after the stroke, from -1 to 1. */
  float at(int age) {
    return beat[age];
  }
}
