package dev.backline.balancer.config;

import java.util.List;
import java.util.function.Function;
import java.util.regex.Pattern;

/** Words: names that people give, and choices among known ones. */
final class Names {
  static final Pattern NAME = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._-]{0,62}");
  private static final Pattern TOKEN = Pattern.compile("[!#$%&'*+.^_`|~0-9A-Za-z-]{1,128}");

  /** The name of a member, a pool or a backend. */
  static final ScalarType<String> TYPE =
      matching("name", "a name of at most 63 letters, digits, -, _ and .", NAME);

  private Names() {}

  /** Returns whether the text is a token (RFC 9110, 5.6.2), as header and cookie names are. */
  static boolean isToken(String text) {
    return TOKEN.matcher(text).matches();
  }

  static ScalarType<String> matching(String kind, String expected, Pattern form) {
    return new ScalarType<>(
        kind,
        expected,
        text ->
            form.matcher(text).matches()
                ? new Reading.Right<>(text)
                : new Reading.Wrong<>(expected),
        Function.identity());
  }

  /** Returns the choice among words. */
  static ScalarType<String> oneOf(List<String> words) {
    String expected = "one of " + String.join(", ", words);
    return new ScalarType<>(
        words.stream().map(word -> "`" + word + "`").reduce((a, b) -> a + " or " + b).orElse(""),
        expected,
        text -> {
          if (words.contains(text)) {
            return new Reading.Right<>(text);
          }
          String nearest = Nearest.to(text, words);
          return new Reading.Wrong<>(
              nearest == null ? expected : expected + "; did you mean " + nearest + "?");
        },
        Function.identity());
  }
}
