package dev.backline.testbed.driver;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** A program of this machine that is run to its end. */
public final class Program {
  /** What a shell answers for a program that is not there. */
  public static final int NOT_THERE = 127;

  private Program() {}

  /** How it ended, and what it wrote. */
  public record Ended(int code, String output, String errors) {}

  /** Runs it; blocks. Fails if it has no end within the limit, and is then killed. */
  public static Ended run(
      List<String> command, Path directory, Map<String, String> environment, Duration limit)
      throws TestbedException {
    try {
      Path output = Files.createTempFile("backline-", ".out");
      Path errors = Files.createTempFile("backline-", ".err");
      try {
        // Files, not pipes: a pipe that nobody reads in time would stop the program.
        ProcessBuilder builder =
            new ProcessBuilder(command)
                .directory(directory.toFile())
                .redirectOutput(output.toFile())
                .redirectError(errors.toFile());
        builder.environment().putAll(environment);
        int code = exitCode(builder, limit);
        return new Ended(code, Files.readString(output), Files.readString(errors));
      } finally {
        Files.delete(output);
        Files.delete(errors);
      }
    } catch (IOException e) {
      throw new TestbedException(String.join(" ", command), e);
    }
  }

  private static int exitCode(ProcessBuilder builder, Duration limit) throws TestbedException {
    Process process;
    try {
      process = builder.start();
    } catch (IOException e) {
      return NOT_THERE;
    }
    String command = String.join(" ", builder.command());
    try {
      if (process.waitFor(limit.toMillis(), TimeUnit.MILLISECONDS)) {
        return process.exitValue();
      }
      throw new TestbedException(command + ": no end within " + limit.toSeconds() + " s");
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new TestbedException(command + ": interrupted");
    } finally {
      process.destroyForcibly();
    }
  }
}
