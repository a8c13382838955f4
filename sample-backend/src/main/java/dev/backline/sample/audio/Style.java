package dev.backline.sample.audio;

/** How a genre is played. Drums are written an eighth a letter; {@code x} is a beat. */
enum Style {
  GARAGE(152, 8, Timbre.SAW, Timbre.ORGAN, "x---x-x-", "--x---x-", "xxxxxxxx", Comping.EIGHTHS),
  AMBIENT(66, 8, Timbre.BELL, Timbre.PAD, "", "", "", Comping.HELD),
  SYNTH_POP(118, 8, Timbre.SQUARE, Timbre.PAD, "x-x-x-x-", "--x---x-", "-x-x-x-x", Comping.OFFBEAT),
  POST_ROCK(92, 8, Timbre.PLUCK, Timbre.PAD, "x----x--", "----x---", "x-x-x-x-", Comping.ARPEGGIO),
  SHOEGAZE(104, 8, Timbre.REED, Timbre.SAW, "x--x-x--", "--x---x-", "x-x-x-x-", Comping.HELD),
  DUB(74, 8, Timbre.REED, Timbre.ORGAN, "----x---", "----x---", "x-xxx-xx", Comping.OFFBEAT),
  MATH_ROCK(132, 7, Timbre.PLUCK, Timbre.BELL, "x--x-x-", "--x--x-", "xxxxxxx", Comping.ARPEGGIO),
  FOLK(96, 8, Timbre.REED, Timbre.PLUCK, "", "", "", Comping.ARPEGGIO);

  /** What the chords do within a bar. */
  enum Comping {
    HELD,
    EIGHTHS,
    OFFBEAT,
    ARPEGGIO
  }

  private static final int SHORTEST_SECONDS = 25;

  private final int tempo;
  private final int eighths;
  private final Timbre lead;
  private final Timbre harmony;
  private final String kick;
  private final String snare;
  private final String hat;
  private final Comping comping;

  Style(
      int tempo,
      int eighths,
      Timbre lead,
      Timbre harmony,
      String kick,
      String snare,
      String hat,
      Comping comping) {
    this.tempo = tempo;
    this.eighths = eighths;
    this.lead = lead;
    this.harmony = harmony;
    this.kick = kick;
    this.snare = snare;
    this.hat = hat;
    this.comping = comping;
  }

  /**
   * The style of a genre of the catalogue; one that isn't known is folk, as everything once was.
   */
  static Style of(String genre) {
    for (Style style : values()) {
      if (style.name().replace('_', ' ').equalsIgnoreCase(genre.replace('-', ' '))) {
        return style;
      }
    }
    return FOLK;
  }

  /** Samples of an eighth. */
  int eighth() {
    return Score.RATE * 30 / tempo;
  }

  /** Eighths of a bar. */
  int eighths() {
    return eighths;
  }

  /** As many bars as make a song of half a minute, in fours. */
  int bars() {
    int bar = eighth() * eighths;
    int four = 4 * bar;
    return 4 * ((SHORTEST_SECONDS * Score.RATE + four - 1) / four);
  }

  Timbre lead() {
    return lead;
  }

  Timbre harmony() {
    return harmony;
  }

  Comping comping() {
    return comping;
  }

  /** Whether a drum is beaten at an eighth of a bar. */
  boolean beats(Drum drum, int eighth) {
    String pattern =
        switch (drum) {
          case KICK -> kick;
          case SNARE -> snare;
          case HAT -> hat;
        };
    return eighth < pattern.length() && pattern.charAt(eighth) == 'x';
  }
}
