package dev.backline.testbed.docker;

import dev.backline.testbed.driver.TestbedException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** The project's own configuration of balancers in containers, with what a drill needs besides. */
final class MemberConfig {
  private static final String SOURCE = "balancer/src/main/docker/config/backline.yml";

  private MemberConfig() {}

  /**
   * Writes {@code backline.yml} into a folder.
   *
   * @param root the project's top folder
   * @param probeInterval null for the default
   */
  static void write(Path root, Path folder, @Nullable Duration probeInterval)
      throws TestbedException {
    try {
      Files.createDirectories(folder);
      String text = text(Files.readString(root.resolve(SOURCE)), probeInterval);
      Files.writeString(folder.resolve("backline.yml"), text);
    } catch (IOException e) {
      throw new TestbedException("cannot write the configuration " + folder, e);
    }
  }

  /** With an admin API that this machine reaches through a published port. */
  static String text(String source, @Nullable Duration probeInterval) throws TestbedException {
    String open = with(source, "admin:", "  address: 0.0.0.0:7070");
    return probeInterval == null
        ? open
        : with(
            open,
            "    dns: sample-backend:3000",
            "    health: {interval: %dms}".formatted(probeInterval.toMillis()));
  }

  private static String with(String text, String line, String below) throws TestbedException {
    String changed = text.replace("\n" + line + "\n", "\n" + line + "\n" + below + "\n");
    if (changed.equals(text)) {
      throw new TestbedException(SOURCE + ": no line \"" + line + "\" (expected: one)");
    }
    return changed;
  }
}
