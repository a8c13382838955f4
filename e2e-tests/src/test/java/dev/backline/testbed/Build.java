package dev.backline.testbed;

import dev.backline.testbed.driver.Installation;
import dev.backline.testbed.driver.Programs;
import dev.backline.testbed.driver.TestbedException;
import java.nio.file.Path;

/** What tests with real processes know of the build. */
public final class Build {
  /** Tag of the tests that start processes; they run when the jars of all modules are there. */
  public static final String PROCESSES = "processes";

  /**
   * Lock of the tests that make networks of containers, and of those that they disturb: a browser
   * gives up what it loads when the machine's network changes.
   */
  public static final String NETWORK = "network";

  private Build() {}

  /** The project's top folder. */
  public static Path root() {
    return Path.of(System.getProperty("backline.root")).normalize();
  }

  /** The programs as they were built just now, where the launcher has them, too. */
  public static Programs programs() throws TestbedException {
    return Installation.upToDate(root(), root().resolve("target/jars"), System.out::println);
  }
}
