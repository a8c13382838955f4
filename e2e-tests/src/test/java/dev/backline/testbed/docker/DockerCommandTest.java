package dev.backline.testbed.docker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.backline.testbed.driver.TestbedException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is told where Docker or a part of it is missing, with a script in the place of it. */
class DockerCommandTest {
  private static final Duration LIMIT = Duration.ofSeconds(30);

  @TempDir private Path directory;

  @Test
  void noProgramIsTold() {
    DockerCommand missing = command(directory.resolve("docker"));

    assertThatThrownBy(missing::check)
        .isInstanceOf(TestbedException.class)
        .hasMessageStartingWith("no docker found");
  }

  @Test
  void noEngineIsTold() throws IOException {
    DockerCommand command =
        script("echo 'Cannot connect to the Docker daemon at unix:///x.' >&2; exit 1");

    assertThatThrownBy(command::check).hasMessageStartingWith("no Docker engine answers");
  }

  @Test
  void noComposePluginIsTold() throws IOException {
    DockerCommand command =
        script(
            "[ $1 = version ] && echo 26.1 && exit 0",
            "echo \"docker: 'compose' is not a docker command.\" >&2; exit 1");

    assertThatThrownBy(command::check).hasMessageStartingWith("this Docker has no compose plugin");
  }

  @Test
  void itsOutputIsReturnedAndItsEnvironmentIsItsOwn() throws IOException, TestbedException {
    Path script = write("echo \"$1 $COLOUR\"; echo noise >&2");
    DockerCommand command =
        new DockerCommand(script.toString(), directory, Map.of("COLOUR", "green"));

    assertThat(command.run(LIMIT, "hello")).isEqualTo("hello green\n");
  }

  @Test
  void whatTakesTooLongIsEnded() throws IOException {
    DockerCommand command = script("exec sleep 60");

    assertThatThrownBy(() -> command.run(Duration.ofMillis(200), "ps"))
        .hasMessageContaining("no end within");
  }

  private DockerCommand script(String... lines) throws IOException {
    return command(write(lines));
  }

  private Path write(String... lines) throws IOException {
    Path script = directory.resolve("docker");
    Files.writeString(script, "#!/bin/sh\n" + String.join("\n", lines) + "\n");
    Files.setPosixFilePermissions(script, PosixFilePermissions.fromString("rwxr-xr-x"));
    return script;
  }

  private DockerCommand command(Path program) {
    return new DockerCommand(program.toString(), directory, Map.of());
  }
}
