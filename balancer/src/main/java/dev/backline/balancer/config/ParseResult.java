package dev.backline.balancer.config;

import java.util.List;

/** What a text turned out to be. */
public sealed interface ParseResult {

  /** A configuration without fault. */
  record Valid(BalancerConfig config) implements ParseResult {}

  /**
   * No configuration.
   *
   * @param errors all that is wrong, in the order of the text; at least one
   */
  record Invalid(List<ConfigError> errors) implements ParseResult {
    /** Checks that something is wrong. */
    public Invalid {
      errors = List.copyOf(errors);
      if (errors.isEmpty()) {
        throw new IllegalArgumentException("errors: none (expected: at least one)");
      }
    }
  }
}
