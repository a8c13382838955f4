package dev.backline.sample.audio;

/**
 * How a tone sounds: its overtones, and how it comes and goes. Pure: the same position of the same
 * tone is the same number in every JVM.
 */
enum Timbre {
  BELL(4, 520, 1, 0, 0.32, 0, 0.14, 0, 0.05),
  PLUCK(3, 190, 1, 0.52, 0.36, 0.2, 0.13, 0.08, 0.05),
  REED(25, 2_400, 1, 0.16, 0.3, 0.08, 0.12, 0.04),
  ORGAN(10, 4_000, 1, 0.6, 0.25, 0.3, 0.05, 0.12),
  SAW(8, 700, 1, 0.5, 0.32, 0.23, 0.17, 0.12, 0.09, 0.06),
  SQUARE(6, 480, 1, 0, 0.33, 0, 0.2, 0, 0.11, 0, 0.06),
  PAD(420, 6_000, 1, 0.42, 0.2, 0.13, 0.07, 0.04),
  BASS(6, 620, 1, 0.38, 0.14, 0.06);

  /** Positions of one wave. */
  private static final int WAVE = 2048;

  private static final int WAVE_BITS = 11;

  /** How finely a half-life is divided. */
  private static final int FINENESS = 256;

  /** After so many half-lives nothing is heard. */
  private static final int HALVINGS = 12;

  private static final int RELEASE_SAMPLES = Score.RATE * 60 / 1000;
  private static final float[] DECAY = decay();

  private final int attackSamples;
  private final int halfLifeSamples;

  /** Written once, when the class is made. */
  @SuppressWarnings("ImmutableEnumChecker")
  private final float[] wave;

  Timbre(int attackMillis, int halfLifeMillis, double... overtones) {
    attackSamples = Score.RATE * attackMillis / 1000 + 1;
    halfLifeSamples = Score.RATE * halfLifeMillis / 1000;
    wave = wave(overtones);
  }

  /**
   * The tone at an age, from -1 to 1.
   *
   * @param age in samples
   * @param length of the tone, in samples
   * @param step how far its wave goes in a sample, in 2^-32 of the wave
   */
  float at(int age, int length, long step) {
    int position = (int) ((age * step) >>> (32 - WAVE_BITS)) & (WAVE - 1);
    long halvings = (long) age * FINENESS / halfLifeSamples;
    float loud = halvings < DECAY.length ? DECAY[(int) halvings] : 0;
    if (age < attackSamples) {
      loud *= (float) age / attackSamples;
    }
    int left = length - age;
    if (left < RELEASE_SAMPLES) {
      loud *= (float) left / RELEASE_SAMPLES;
    }
    return loud * wave[position];
  }

  private static float[] wave(double... overtones) {
    float[] wave = new float[WAVE];
    double sum = 0;
    for (double overtone : overtones) {
      sum += overtone;
    }
    for (int i = 0; i < WAVE; i++) {
      double value = 0;
      for (int k = 0; k < overtones.length; k++) {
        value += overtones[k] * StrictMath.sin(2 * StrictMath.PI * (k + 1) * i / WAVE);
      }
      wave[i] = (float) (value / sum);
    }
    return wave;
  }

  private static float[] decay() {
    float[] decay = new float[FINENESS * HALVINGS];
    for (int i = 0; i < decay.length; i++) {
      decay[i] = (float) StrictMath.pow(0.5, (double) i / FINENESS);
    }
    return decay;
  }
}
