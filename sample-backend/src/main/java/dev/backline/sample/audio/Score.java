package dev.backline.sample.audio;

import java.util.List;

/**
 * All notes of a song. Any sample of it can be had without those before it, and is the same in
 * every JVM, however the song is cut: floats are added in the order of the notes.
 *
 * @param samples how many samples the song has
 */
record Score(List<Note> notes, int samples) {
  /** Samples a second. */
  static final int RATE = 22_050;

  /** The end of a song grows silent for so many samples. */
  private static final int FADE = RATE * 2;

  private static final int LOUDEST = 30_000;

  Score {
    notes = List.copyOf(notes);
  }

  /** Some samples of the song, as 16 bit numbers. */
  short[] samples(int from, int count) {
    float[] sum = new float[count];
    for (Note note : notes) {
      int first = Math.max(from, note.start());
      int end = Math.min(from + count, note.start() + note.length());
      for (int i = first; i < end; i++) {
        sum[i - from] += note.at(i - note.start());
      }
    }
    short[] rendered = new short[count];
    for (int i = 0; i < count; i++) {
      float fade = Math.min(1f, (float) (samples - from - i) / FADE);
      rendered[i] = (short) (LOUDEST * soft(fade * sum[i]));
    }
    return rendered;
  }

  /** Within -1 and 1, whatever comes: loud passages are pressed, not clipped. */
  private static float soft(float value) {
    float bounded = Math.max(-3f, Math.min(3f, value));
    float square = bounded * bounded;
    return bounded * (27 + square) / (27 + 9 * square);
  }
}
