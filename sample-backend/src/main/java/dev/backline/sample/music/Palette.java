package dev.backline.sample.music;

/**
 * The colours of an album's covers.
 *
 * @param deep background, dark
 * @param dusk background where the light falls
 * @param bright the colour that one sees first
 * @param second what goes with it
 * @param pale the lightest
 */
record Palette(String deep, String dusk, String bright, String second, String pale) {
  /** By genre, so that a list of covers reads like a colour key. */
  static Palette of(String genre) {
    return switch (genre) {
      case "Garage" -> new Palette("#1d0f12", "#5a1a1c", "#ff5a3c", "#ffb35c", "#ffe9cf");
      case "Ambient" -> new Palette("#0b1624", "#1d3f5c", "#7cc7ff", "#ffd08a", "#eaf6ff");
      case "Synth pop" -> new Palette("#190d2e", "#56207a", "#ff5fa8", "#ffc06a", "#ffe6f3");
      case "Post-rock" -> new Palette("#0d1518", "#27525a", "#f4a259", "#5fb3a8", "#f6ead7");
      case "Shoegaze" -> new Palette("#1b1024", "#6b2b5f", "#ff8fa3", "#b28dff", "#ffeef1");
      case "Dub" -> new Palette("#0c1a14", "#1f5a3e", "#f2c14e", "#4ecb8d", "#fdf3d4");
      case "Math rock" -> new Palette("#101426", "#2a3a7c", "#6f8bff", "#ff7a59", "#e9edff");
      case "Folk" -> new Palette("#1a140c", "#5b4320", "#e9a23b", "#a9c46c", "#fbf0d9");
      default -> throw new AssertionError("no colours for genre: " + genre);
    };
  }
}
