package dev.backline.testbed.up;

import dev.backline.testbed.Build;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;

/** The launcher script run as a person runs it in a terminal; its output is kept. */
final class Terminal implements AutoCloseable {
  private static final Duration LIMIT = Duration.ofMinutes(2);
  private static final long POLL_NANOS = TimeUnit.MILLISECONDS.toNanos(50);

  private final Process process;
  private final Thread reader = new Thread(this::read, "terminal");
  private final Queue<String> lines = new ConcurrentLinkedQueue<>();

  private Terminal(Process process) {
    this.process = process;
    reader.setDaemon(true);
    reader.start();
  }

  /** Runs {@code ./backline ARGUMENTS} for a testbed in the directory. */
  static Terminal run(Path directory, String... arguments) throws IOException {
    return run(Build.root().resolve("backline"), directory, arguments);
  }

  static Terminal run(Path launcher, Path directory, String... arguments) throws IOException {
    List<String> command = new ArrayList<>(List.of(launcher.toString()));
    command.addAll(List.of(arguments));
    ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
    builder.directory(directory.toFile());
    // The launcher has to find Java by itself; the build's own must not decide.
    builder.environment().remove("JAVA_HOME");
    builder.environment().put("BACKLINE_TESTBED_DIR", directory.resolve("testbed").toString());
    return new Terminal(builder.start());
  }

  /** Waits for a line that contains the text, and returns it. */
  String awaitLine(String text) {
    long until = System.nanoTime() + LIMIT.toNanos();
    while (line(text).isEmpty() && process.isAlive() && System.nanoTime() - until < 0) {
      LockSupport.parkNanos(POLL_NANOS);
    }
    if (line(text).isEmpty()) {
      throw new AssertionError("no line with \"" + text + "\"; its output: " + output());
    }
    return line(text).orElseThrow();
  }

  Optional<String> line(String text) {
    return lines.stream().filter(line -> line.contains(text)).findFirst();
  }

  /** Waits for the end and returns the exit code. */
  int exitCode() throws InterruptedException {
    if (!process.waitFor(LIMIT.toSeconds(), TimeUnit.SECONDS)) {
      throw new AssertionError("still running; its output: " + output());
    }
    reader.join(LIMIT.toMillis());
    return process.exitValue();
  }

  String output() {
    return String.join("\n", lines);
  }

  long pid() {
    return process.pid();
  }

  /** The process and all that it started. */
  List<ProcessHandle> family() {
    return Stream.concat(Stream.of(process.toHandle()), process.toHandle().descendants()).toList();
  }

  void signal(String signal) throws IOException, InterruptedException {
    new ProcessBuilder("kill", "-" + signal, Long.toString(pid())).start().waitFor();
  }

  @Override
  public void close() {
    List<ProcessHandle> family = family();
    family.forEach(ProcessHandle::destroyForcibly);
  }

  private void read() {
    try (BufferedReader text =
        new BufferedReader(
            new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8))) {
      for (String line = text.readLine(); line != null; line = text.readLine()) {
        lines.add(line);
      }
    } catch (IOException e) {
      if (process.isAlive()) {
        throw new UncheckedIOException(e);
      }
    }
  }
}
