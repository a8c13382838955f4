package dev.backline.sample.audio;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.random.RandomGenerator;

/**
 * Writes the score of a song: a key, four chords that come round and round, a tune of two bars with
 * an answer to it, a bass, and the drums of its genre. The same number gives the same song.
 */
final class Composer {
  /** Whoever changes a byte of any song changes this: the bytes of one tag never change. */
  static final int VERSION = 1;

  private static final int[] MINOR = {0, 2, 3, 5, 7, 8, 10};
  private static final int[] MAJOR = {0, 2, 4, 5, 7, 9, 11};
  private static final int[][] MINOR_ROUNDS = {
    {0, 5, 2, 6}, {0, 3, 6, 2}, {0, 6, 5, 6}, {0, 2, 5, 3}, {5, 6, 0, 0}
  };
  private static final int[][] MAJOR_ROUNDS = {
    {0, 4, 5, 3}, {0, 5, 3, 4}, {3, 0, 4, 5}, {0, 2, 3, 4}, {5, 3, 0, 4}
  };

  /** Bars without a tune at the beginning. */
  private static final int INTRO = 2;

  /** What rings on after the last bar. */
  private static final int TAIL = Score.RATE * 2;

  private static final int REST = Integer.MIN_VALUE;
  private static final double LOWEST_ROOT_HERTZ = 98;

  private final Style style;
  private final int[] scale;
  private final int[] round;
  private final double root;
  private final int[] tune;
  private final int[] answer;
  private final List<Note> notes = new ArrayList<>();

  private Composer(int id, String genre) {
    RandomGenerator random = new SplittableRandom(id * 7919L);
    style = Style.of(genre);
    boolean minor = random.nextInt(100) < 55;
    int[][] rounds = minor ? MINOR_ROUNDS : MAJOR_ROUNDS;
    scale = minor ? MINOR : MAJOR;
    round = rounds[random.nextInt(rounds.length)];
    root = LOWEST_ROOT_HERTZ * StrictMath.pow(2, random.nextInt(9) / 12.0);
    tune = tune(random, 2 * style.eighths());
    answer = tune.clone();
    for (int i = answer.length / 2; i < answer.length; i++) {
      answer[i] = random.nextInt(100) < 45 ? REST : random.nextInt(-1, 6);
    }
    answer[answer.length / 2] = 0;
  }

  static Score compose(int id, String genre) {
    return new Composer(id, genre).compose();
  }

  /** Steps up and down the scale around the chord, with rests; strong beats on the chord. */
  private static int[] tune(RandomGenerator random, int length) {
    int[] tune = new int[length];
    int degree = 2 * random.nextInt(3);
    for (int i = 0; i < length; i++) {
      boolean strong = i % 4 == 0;
      boolean rests = random.nextInt(100) < (strong ? 10 : 42);
      degree = Math.max(-2, Math.min(7, degree + random.nextInt(-2, 3)));
      int sounding = strong ? 2 * Math.floorDiv(degree, 2) : degree;
      tune[i] = rests ? REST : sounding;
    }
    return tune;
  }

  private Score compose() {
    int bars = style.bars();
    for (int bar = 0; bar < bars; bar++) {
      harmony(bar);
      bass(bar);
      drums(bar, bar == bars - 1);
      if (bar >= INTRO) {
        lead(bar);
      }
    }
    int end = bars * style.eighths();
    for (int i = 0; i < 3; i++) {
      tone(end, 8, 7 + 2 * i, 0.16, style.harmony());
    }
    tone(end, 8, -7, 0.34, Timbre.BASS);
    return new Score(notes, end * style.eighth() + TAIL);
  }

  private void harmony(int bar) {
    int at = bar * style.eighths();
    int chord = chord(bar);
    for (int i = 0; i < style.eighths(); i++) {
      switch (style.comping()) {
        case HELD -> {
          if (i == 0) {
            strum(at, style.eighths(), chord, 0.13);
          }
        }
        case EIGHTHS -> strum(at + i, 1, chord, i % 4 == 0 ? 0.1 : 0.07);
        case OFFBEAT -> {
          if (i % 2 == 1) {
            strum(at + i, 1, chord, 0.12);
          }
        }
        case ARPEGGIO -> {
          int up = new int[] {0, 2, 4, 7, 4, 2, 4, 2}[i];
          tone(at + i, 3, chord + 7 + up, i % 4 == 0 ? 0.3 : 0.24, style.harmony());
        }
      }
    }
  }

  private void strum(int at, int eighths, int chord, double loud) {
    for (int i = 0; i < 3; i++) {
      tone(at, eighths, chord + 7 + 2 * i, loud, style.harmony());
    }
    if (style == Style.SHOEGAZE || style == Style.AMBIENT) {
      // A second string, not quite in tune.
      add(at, eighths, hertz(chord + 7) * 1.006, loud, style.harmony());
      add(at, eighths, hertz(chord + 11) * 0.995, loud, style.harmony());
    }
  }

  private void bass(int bar) {
    int at = bar * style.eighths();
    int chord = chord(bar) - 7;
    if (style.comping() == Style.Comping.HELD) {
      tone(at, style.eighths(), chord, 0.36, Timbre.BASS);
      return;
    }
    for (int i = 0; i < style.eighths(); i += 2) {
      int walk = i == 6 ? 4 : 0;
      tone(at + i, 2, chord + walk, i == 0 ? 0.38 : 0.28, Timbre.BASS);
    }
  }

  private void drums(int bar, boolean last) {
    int at = bar * style.eighths();
    for (int i = 0; i < style.eighths(); i++) {
      boolean fill = last && i >= style.eighths() - 3;
      beat(at + i, Drum.KICK, 0.62, style.beats(Drum.KICK, i));
      beat(at + i, Drum.SNARE, 0.42, style.beats(Drum.SNARE, i) || (fill && hasDrums()));
      beat(at + i, Drum.HAT, i % 2 == 0 ? 0.2 : 0.13, bar > 0 && style.beats(Drum.HAT, i));
    }
  }

  private boolean hasDrums() {
    return style.beats(Drum.SNARE, 2) || style.beats(Drum.SNARE, 4);
  }

  private void beat(int at, Drum drum, double loud, boolean beaten) {
    if (beaten) {
      notes.add(new Note.Beat(at * style.eighth(), (float) loud, drum));
    }
  }

  /** Tune, tune again, tune, answer; each note with two echoes. */
  private void lead(int bar) {
    int[] phrase = bar % 4 < 2 ? tune : answer;
    int offset = (bar % 2) * style.eighths();
    int at = bar * style.eighths();
    for (int i = 0; i < style.eighths(); i++) {
      int degree = phrase[offset + i];
      if (degree != REST) {
        int length = i + 1 < style.eighths() && phrase[offset + i + 1] == REST ? 3 : 2;
        int tone = chord(bar) + 14 + degree;
        tone(at + i, length, tone, 0.3, style.lead());
        tone(at + i + 3, length, tone, 0.11, style.lead());
        tone(at + i + 6, length, tone, 0.05, style.lead());
      }
    }
  }

  private int chord(int bar) {
    int degree = round[bar % round.length];
    // The nearer way to the key's own chord: nothing climbs out of reach.
    return degree > 3 ? degree - 7 : degree;
  }

  private void tone(int at, int eighths, int degree, double loud, Timbre timbre) {
    add(at, eighths, hertz(degree), loud, timbre);
  }

  private void add(int at, int eighths, double hertz, double loud, Timbre timbre) {
    long step = (long) (hertz / Score.RATE * (1L << 32));
    int length = eighths * style.eighth();
    notes.add(new Note.Tone(at * style.eighth(), length, step, (float) loud, timbre));
  }

  private double hertz(int degree) {
    int octave = Math.floorDiv(degree, scale.length);
    int semitones = 12 * octave + scale[Math.floorMod(degree, scale.length)];
    return root * StrictMath.pow(2, semitones / 12.0);
  }
}
