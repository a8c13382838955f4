package dev.backline.testbed.docker;

import dev.backline.testbed.driver.TestbedException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/**
 * The {@code docker} command: what fails is told by {@link DockerFailure}, in one line.
 *
 * @param program its name or path
 * @param directory where it runs
 * @param environment beside that of this process
 */
public record DockerCommand(String program, Path directory, Map<String, String> environment) {
  private static final Duration QUICK = Duration.ofSeconds(30);

  public DockerCommand {
    environment = Map.copyOf(environment);
  }

  /** The one of the PATH, in a folder. */
  public static DockerCommand in(Path directory) {
    return new DockerCommand("docker", directory, Map.of());
  }

  /** Fails if there is no command, no engine that answers it, or no compose plugin. */
  public void check() throws TestbedException {
    run(QUICK, "version", "--format", "{{.Server.Version}}");
    run(QUICK, "compose", "version");
  }

  /** Runs it with arguments and returns what it wrote to its standard output; blocks. */
  public String run(Duration limit, String... arguments) throws TestbedException {
    List<String> command = new ArrayList<>(List.of(program));
    command.addAll(List.of(arguments));
    Path out = temporary();
    Path errors = temporary();
    try {
      int code = exitCode(command, out, errors, limit);
      if (code != 0) {
        throw new TestbedException(DockerFailure.explain(command, code, Files.readString(errors)));
      }
      return Files.readString(out);
    } catch (IOException e) {
      throw new TestbedException(String.join(" ", command), e);
    } finally {
      delete(out);
      delete(errors);
    }
  }

  /** Files, not pipes: a pipe that nobody reads in time would stop the command. */
  private int exitCode(List<String> command, Path out, Path errors, Duration limit)
      throws TestbedException {
    ProcessBuilder builder =
        new ProcessBuilder(command)
            .directory(directory.toFile())
            .redirectOutput(out.toFile())
            .redirectError(errors.toFile());
    builder.environment().putAll(environment);
    Process process;
    try {
      process = builder.start();
    } catch (IOException e) {
      return DockerFailure.NO_PROGRAM;
    }
    try {
      if (!process.waitFor(limit.toMillis(), TimeUnit.MILLISECONDS)) {
        process.destroyForcibly();
        throw new TestbedException(
            "%s: no end within %d s".formatted(String.join(" ", command), limit.toSeconds()));
      }
    } catch (InterruptedException e) {
      process.destroyForcibly();
      Thread.currentThread().interrupt();
      throw new TestbedException(String.join(" ", command) + ": interrupted");
    }
    return process.exitValue();
  }

  private static Path temporary() throws TestbedException {
    try {
      return Files.createTempFile("backline-docker", "");
    } catch (IOException e) {
      throw new TestbedException("no temporary file", e);
    }
  }

  private static void delete(Path file) throws TestbedException {
    try {
      Files.deleteIfExists(file);
    } catch (IOException e) {
      throw new TestbedException("cannot delete " + file, e);
    }
  }
}
