package dev.backline.testbed;

import java.nio.file.Path;

/** What tests with real processes know of the build. */
public final class Build {
  /** Tag of the tests that start processes; they run when the jars of all modules are there. */
  public static final String PROCESSES = "processes";

  private Build() {}

  /** The project's top folder. */
  public static Path root() {
    return Path.of(System.getProperty("backline.root")).normalize();
  }
}
