package dev.backline.sample;

import dev.backline.sample.Raw.Reply;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** The backend as a process of its own, made of the classes under test. */
final class BackendProcess implements AutoCloseable {
  private static final long PATIENCE_SECONDS = 60;

  private final Process process;
  private final Path log;
  private final BufferedReader out;

  private BackendProcess(Process process, Path log) {
    this.process = process;
    this.log = log;
    this.out = process.inputReader(StandardCharsets.UTF_8);
  }

  static BackendProcess run(String... arguments) throws IOException {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(List.of("-Xmx32m", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1", "-cp"));
    command.add(System.getProperty("java.class.path"));
    command.add(Main.class.getName());
    command.addAll(List.of(arguments));
    Path log = Files.createTempFile("sample-backend", ".log");
    return new BackendProcess(new ProcessBuilder(command).redirectError(log.toFile()).start(), log);
  }

  /** The first line on standard output. */
  String ready() throws IOException {
    String line = out.readLine();
    if (line == null) {
      throw new AssertionError("not ready: " + log());
    }
    return line;
  }

  /** The port that the ready line names. */
  int port() throws IOException {
    String line = ready();
    return Integer.parseInt(line.substring(line.lastIndexOf(':') + 1));
  }

  void sigterm() {
    process.destroy();
  }

  void sigkill() {
    process.destroyForcibly();
  }

  /** Sends a signal by its name, like STOP. */
  void signal(String name) throws IOException, InterruptedException {
    new ProcessBuilder("kill", "-" + name, String.valueOf(process.pid())).start().waitFor();
  }

  void endStandardInput() throws IOException {
    process.outputWriter(StandardCharsets.UTF_8).close();
  }

  boolean isAlive() {
    return process.isAlive();
  }

  int exitCode() throws InterruptedException, IOException {
    if (!process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
      throw new AssertionError("still running after " + PATIENCE_SECONDS + " s: " + log());
    }
    return process.exitValue();
  }

  String log() throws IOException {
    return Files.readString(log);
  }

  static void putFault(int port, String name, String parameters) throws IOException {
    Reply reply = Raw.exchange(port, "PUT", "/testbed/faults/" + name, parameters);
    if (reply.status() != 200) {
      throw new AssertionError(reply.statusLine() + " " + reply.body());
    }
  }

  @Override
  public void close() throws IOException {
    process.destroyForcibly();
    Files.deleteIfExists(log);
  }
}
