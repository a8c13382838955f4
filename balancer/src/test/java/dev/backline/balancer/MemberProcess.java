package dev.backline.balancer;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.spi.ToolProvider;

/** The balancer's command line as a process of its own. */
final class MemberProcess implements AutoCloseable {
  private static final Pattern READY =
      Pattern.compile("ready listeners=127\\.0\\.0\\.1:(\\d+) admin=127\\.0\\.0\\.1:(\\d+)");

  private final Process process;
  private final CompletableFuture<List<String>> stderr;
  private final BufferedReader stdout;
  private final List<String> stdoutLines = new ArrayList<>();

  private MemberProcess(Process process) {
    this.process = process;
    this.stdout =
        new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
    this.stderr =
        CompletableFuture.supplyAsync(
            () ->
                new BufferedReader(
                        new InputStreamReader(process.getErrorStream(), StandardCharsets.UTF_8))
                    .lines()
                    .toList());
  }

  /** Starts a command in a folder; its standard input stays open until {@link #closeStdin}. */
  static MemberProcess start(Path folder, String... arguments) {
    return start(folder, command(System.getProperty("java.class.path"), arguments));
  }

  /** Starts a command that a debugger can attach to, at this port of loopback. */
  static MemberProcess startDebuggable(int port, Path folder, String... arguments) {
    List<String> command = command(System.getProperty("java.class.path"), arguments);
    command.add(
        1,
        "-agentlib:jdwp=transport=dt_socket,server=y,suspend=n,quiet=y,address=127.0.0.1:" + port);
    return start(folder, command);
  }

  /**
   * Starts a command that may open so many files and sockets, and no more. Its classes are in a
   * jar, as the product's are: from a folder none could be loaded any more without a descriptor.
   */
  static MemberProcess startWithDescriptors(int limit, Path folder, String... arguments) {
    String limited = "ulimit -n " + limit + " && exec \"$@\"";
    List<String> command = new ArrayList<>(List.of("sh", "-c", limited, "sh"));
    String classes =
        Path.of(Main.class.getProtectionDomain().getCodeSource().getLocation().getPath())
            .toString();
    String jar = folder.resolve("classes.jar").toString();
    ToolProvider.findFirst("jar")
        .orElseThrow()
        .run(
            System.out, System.err, "--create", "--no-compress", "--file", jar, "-C", classes, ".");
    String classPath = System.getProperty("java.class.path").replace(classes, jar);
    command.addAll(command(classPath, arguments));
    return start(folder, command);
  }

  private static List<String> command(String classPath, String... arguments) {
    List<String> command =
        new ArrayList<>(
            List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx48m",
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                "-cp",
                classPath,
                "dev.backline.balancer.Main"));
    command.addAll(List.of(arguments));
    return command;
  }

  private static MemberProcess start(Path folder, List<String> command) {
    try {
      return new MemberProcess(new ProcessBuilder(command).directory(folder.toFile()).start());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Waits for the line that says that it is ready; returns the ports of listener and admin. */
  int[] awaitReady() {
    try {
      for (String line = stdout.readLine(); line != null; line = stdout.readLine()) {
        stdoutLines.add(line);
        Matcher ready = READY.matcher(line);
        if (ready.matches()) {
          return new int[] {Integer.parseInt(ready.group(1)), Integer.parseInt(ready.group(2))};
        }
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    throw new AssertionError("not ready: " + stdoutLines + errors());
  }

  /** Asks it to stop, as supervisors do. */
  void terminate() {
    process.toHandle().destroy(); // The process's own method would also close its streams.
  }

  /** Has it stand still, with all connections open. */
  void pause() {
    signal("STOP");
  }

  /** Lets it go on. */
  void resume() {
    signal("CONT");
  }

  private void signal(String name) {
    try {
      int code =
          new ProcessBuilder("kill", "-" + name, String.valueOf(process.pid())).start().waitFor();
      if (code != 0) {
        throw new AssertionError("kill -" + name + ": " + code);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new AssertionError(e);
    }
  }

  void closeStdin() {
    try {
      process.getOutputStream().close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  boolean isAlive() {
    return process.isAlive();
  }

  /** Waits for its end; returns the exit code. */
  int exitCode() {
    try {
      if (!process.waitFor(2 * RawClient.PATIENCE_MILLIS, TimeUnit.MILLISECONDS)) {
        throw new AssertionError("still running");
      }
      return process.exitValue();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new AssertionError(e);
    }
  }

  /** Returns what it wrote to standard output, all of it after its end. */
  String output() {
    stdout.lines().forEach(stdoutLines::add);
    return String.join("\n", stdoutLines);
  }

  /** Returns what it wrote to standard error, after its end. */
  String errors() {
    return String.join("\n", stderr.join());
  }

  @Override
  public void close() {
    process.destroyForcibly();
  }
}
