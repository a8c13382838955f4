package dev.backline.balancer.config;

import java.util.regex.Pattern;

/** Whole numbers. */
final class Numbers {
  private static final Pattern DIGITS = Pattern.compile("[0-9]+");

  /** As many digits as surely fit a long. */
  private static final int MAX_DIGITS = 18;

  private Numbers() {}

  static ScalarType<Integer> from(int min, int max) {
    return type("whole number, ", "a whole number from ", min, max);
  }

  static ScalarType<Integer> percent(int max) {
    return type("percent, ", "a whole number of percent, without %, from ", 0, max);
  }

  private static ScalarType<Integer> type(String kind, String expected, int min, int max) {
    String bounds = expected + min + " to " + max;
    return new ScalarType<>(
        kind + min + " to " + max, bounds, text -> read(text, min, max, bounds), String::valueOf);
  }

  private static Reading<Integer> read(String text, int min, int max, String expected) {
    if (!DIGITS.matcher(text).matches()) {
      return new Reading.Wrong<>(expected);
    }
    if (hasLeadingZero(text)) {
      return new Reading.Wrong<>(expected + ", without leading zeros");
    }
    if (text.length() > MAX_DIGITS) {
      return new Reading.Wrong<>(expected);
    }
    long value = Long.parseLong(text);
    return value < min || value > max
        ? new Reading.Wrong<>(expected)
        : new Reading.Right<>((int) value);
  }

  /** Returns whether a reader of octal numbers would see another one. */
  static boolean hasLeadingZero(String digits) {
    return digits.length() > 1 && digits.startsWith("0");
  }
}
