package dev.backline.balancer.config;

import java.util.List;

/** Parses what a test expects to be right, or wrong. */
final class Parsed {
  private Parsed() {}

  static BalancerConfig valid(String text) {
    ParseResult result = ConfigParser.parse(text);
    if (result instanceof ParseResult.Valid valid) {
      return valid.config();
    }
    throw new AssertionError(result + " (expected: valid)");
  }

  static List<String> errors(String text) {
    ParseResult result = ConfigParser.parse(text);
    if (result instanceof ParseResult.Invalid invalid) {
      return invalid.errors().stream().map(ConfigError::toString).toList();
    }
    throw new AssertionError(result + " (expected: errors)");
  }
}
