package dev.backline.testbed.driver;

import static org.assertj.core.api.Assertions.assertThat;

import dev.backline.testbed.Build;
import java.io.IOException;
import java.nio.file.Files;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The images run their JVMs as the launcher and the testbed do. */
class ImageFlagsTest {
  private static final String OF_LAUNCHER = "balancer_flags='";

  @Test
  void balancerRunsAsWithTheLauncher() throws IOException {
    String flags =
        Files.readAllLines(Build.root().resolve("backline")).stream()
            .filter(line -> line.startsWith(OF_LAUNCHER))
            .map(line -> line.substring(OF_LAUNCHER.length(), line.length() - 1))
            .findFirst()
            .orElseThrow();

    assertThat(options("balancer")).contains(flags.split(" ", -1));
  }

  @Test
  void sampleBackendRunsAsInTheTestbed() throws IOException {
    assertThat(options("sample-backend")).containsAll(JvmFlags.backend());
  }

  private static List<String> options(String module) throws IOException {
    return Files.readAllLines(Build.root().resolve(module + "/src/main/docker/jvm.options"));
  }
}
