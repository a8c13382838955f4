package dev.backline.balancer.config;

import java.time.Duration;

/** What the compact constructors of this package ask of their components. */
final class Checks {
  private Checks() {}

  static void port(String name, int port, int lowest) {
    if (port < lowest || port > 65_535) {
      throw new IllegalArgumentException(
          name + ": " + port + " (expected: " + lowest + " to 65535)");
    }
  }

  static void positive(String name, int value) {
    if (value < 1) {
      throw new IllegalArgumentException(name + ": " + value + " (expected: >= 1)");
    }
  }

  static void positive(String name, Duration value) {
    if (value.isZero() || value.isNegative()) {
      throw new IllegalArgumentException(name + ": " + value + " (expected: longer than 0s)");
    }
  }

  static void present(String name, String value) {
    if (value.isEmpty()) {
      throw new IllegalArgumentException(name + ": empty (expected: some text)");
    }
  }
}
