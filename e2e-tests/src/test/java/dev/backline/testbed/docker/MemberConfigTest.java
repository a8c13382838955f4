package dev.backline.testbed.docker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.backline.testbed.Build;
import dev.backline.testbed.driver.TestbedException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a drill adds to the configuration that people get, and that it adds nothing else. */
class MemberConfigTest {
  @TempDir private Path directory;

  @Test
  void shippedConfigurationGetsAnAdminAddressAndNothingElse() throws TestbedException, IOException {
    MemberConfig.write(Build.root(), directory, null);

    assertThat(added()).containsExactly("  address: 0.0.0.0:7070");
  }

  @Test
  void probeIntervalStandsInThePool() throws TestbedException, IOException {
    MemberConfig.write(Build.root(), directory, Duration.ofSeconds(60));

    assertThat(added())
        .containsExactly("    health: {interval: 60000ms}", "  address: 0.0.0.0:7070");
  }

  @Test
  void configurationThatItDoesNotKnowIsRefused() {
    assertThatThrownBy(() -> MemberConfig.text("pools: {}\n", null))
        .isInstanceOf(TestbedException.class)
        .hasMessageContaining("no line \"admin:\"");
  }

  private List<String> added() throws IOException {
    Path shipped = Build.root().resolve("balancer/src/main/docker/config/backline.yml");
    List<String> lines = Files.readAllLines(directory.resolve("backline.yml"));
    List<String> before = Files.readAllLines(shipped);
    assertThat(lines).containsSubsequence(before);
    return lines.stream().filter(line -> !before.contains(line)).toList();
  }
}
