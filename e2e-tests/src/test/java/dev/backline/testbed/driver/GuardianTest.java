package dev.backline.testbed.driver;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the guardian does with the firewall at the end; its iptables is a script of the test. */
class GuardianTest {
  @TempDir private Path directory;

  @Test
  void chainThatIsBusyAtFirstIsTakenAway() throws IOException, InterruptedException {
    iptables(
        """
        #!/bin/sh
        echo "$3 $4" >>%1$s/calls
        case $3 in
          -D) exit 1 ;;
          -S) [ "$(grep -c -e '-S' %1$s/calls)" -gt 1 ] && exit 1; exit 0 ;;
        esac
        """);

    Ended ended = guardianOf("chain backline-7\n");

    assertThat(ended).isEqualTo(new Ended(0, ""));
    assertThat(directory.resolve("calls"))
        .content()
        .isEqualTo("-D OUTPUT\n-F backline-7\n-X backline-7\n-S backline-7\n".repeat(2));
  }

  @Test
  void chainThatStaysIsTold() throws IOException, InterruptedException {
    iptables("#!/bin/sh\nexit 4\n");

    Ended ended = guardianOf("chain backline-7\n");

    assertThat(ended.code()).isEqualTo(1);
    assertThat(ended.errors()).contains("could not be taken away: chain backline-7");
  }

  @Test
  void withoutAChainTheFirewallIsNotTouched() throws IOException, InterruptedException {
    iptables("#!/bin/sh\necho called >&2\n");

    assertThat(guardianOf("")).isEqualTo(new Ended(0, ""));
  }

  private record Ended(int code, String errors) {}

  /** Told these orders, and then left alone. */
  private Ended guardianOf(String orders) throws IOException, InterruptedException {
    Path errors = directory.resolve("errors");
    ProcessBuilder builder =
        new ProcessBuilder("sh", "-c", Guardian.SCRIPT).redirectError(errors.toFile());
    builder.environment().merge("PATH", directory.toString(), (path, ours) -> ours + ":" + path);
    Process process = builder.start();
    try {
      process.getOutputStream().write(orders.getBytes(StandardCharsets.US_ASCII));
      process.getOutputStream().close();
      assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
      return new Ended(process.exitValue(), Files.readString(errors));
    } finally {
      process.destroyForcibly();
    }
  }

  private void iptables(String script) throws IOException {
    Path file = directory.resolve("iptables");
    Files.writeString(file, script.replace("%1$s", directory.toString()));
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwx------"));
  }
}
