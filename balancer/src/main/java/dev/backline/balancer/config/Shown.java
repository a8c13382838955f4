package dev.backline.balancer.config;

import java.util.regex.Pattern;

/** The text of a file as a message may show it: bounded, and without what a terminal would obey. */
final class Shown {
  private static final int MAX_CHARS = 60;
  private static final Pattern PLAIN_KEY = Pattern.compile("[A-Za-z0-9._-]{1,64}");

  private Shown() {}

  /** Returns a value; what is empty or begins or ends in a space stands in quotes. */
  static String value(String text) {
    return text.isEmpty() || !text.equals(text.strip()) ? quoted(text) : bounded(text);
  }

  /** Returns a key; what isn't a plain word stands in quotes. */
  static String key(String text) {
    return PLAIN_KEY.matcher(text).matches() ? text : quoted(text);
  }

  static String quoted(String text) {
    return '"' + bounded(text) + '"';
  }

  private static String bounded(String text) {
    StringBuilder shown = new StringBuilder();
    text.codePoints()
        .limit(MAX_CHARS)
        .forEach(
            c -> {
              if ((c >= 0x20 && c < 0x7f) || Character.isLetterOrDigit(c)) {
                shown.appendCodePoint(c);
              } else {
                shown.append(String.format("\\u%04x", c));
              }
            });
    return text.codePointCount(0, text.length()) > MAX_CHARS ? shown + "..." : shown.toString();
  }
}
