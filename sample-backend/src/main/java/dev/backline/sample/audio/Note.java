package dev.backline.sample.audio;

/** Something that sounds from a sample on, for a while. */
sealed interface Note {
  /** Its first sample. */
  int start();

  /** In samples. */
  int length();

  /** How it sounds, from -1 to 1, so many samples after its start. */
  float at(int age);

  /**
   * A tone.
   *
   * @param step how far its wave goes in a sample, in 2^-32 of the wave
   */
  record Tone(int start, int length, long step, float loud, Timbre timbre) implements Note {
    @Override
    public float at(int age) {
      return loud * timbre.at(age, length, step);
    }
  }

  /** A beat of a drum. */
  record Beat(int start, float loud, Drum drum) implements Note {
    @Override
    public int length() {
      return drum.length();
    }

    @Override
    public float at(int age) {
      return loud * drum.at(age);
    }
  }
}
