package dev.backline.testbed;

import static org.assertj.core.api.Assertions.fail;
import static org.junit.jupiter.api.Assumptions.abort;

/**
 * Something that a machine may lack: then tests are skipped, unless the environment asks for it.
 */
public enum Requirement {
  /** An engine that has or gets the images, and compose. */
  DOCKER("BACKLINE_REQUIRE_DOCKER"),
  /** A Chromium for the tests of the page. */
  CHROMIUM("BACKLINE_REQUIRE_CHROMIUM");

  private final String variable;

  Requirement(String variable) {
    this.variable = variable;
  }

  /** Skips the test that asks, with the reason; fails it where the variable is {@code true}. */
  public void missing(String reason) {
    if (Boolean.parseBoolean(System.getenv(variable))) {
      fail(reason + " (" + variable + "=true asks for it)");
    }
    abort(reason);
  }
}
