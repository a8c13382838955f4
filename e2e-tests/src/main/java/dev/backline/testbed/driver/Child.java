package dev.backline.testbed.driver;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.IntConsumer;

/**
 * One process that the testbed started, from its start to its end. Its standard input is a pipe
 * that nobody writes to: it ends with the testbed, and the process with it. Its standard error goes
 * to a log file, its standard output is read for the {@code ready} line.
 */
final class Child {
  /** Ctrl-C reaches every process of the terminal; the testbed ends its children in order. */
  private static final String WITHOUT_INTERRUPT = "trap '' INT HUP; exec \"$@\"";

  private static final int LOG_LINES_SHOWN = 12;

  private final String name;
  private final Process process;
  private final Path log;
  private final CompletableFuture<Map<String, String>> ready = new CompletableFuture<>();
  private volatile CompletableFuture<Integer> exit = new CompletableFuture<>();

  private Child(String name, Process process, Path log) {
    this.name = name;
    this.process = process;
    this.log = log;
  }

  static Child start(String name, List<String> command, Path directory, Path log)
      throws TestbedException {
    List<String> wrapped = new ArrayList<>(List.of("sh", "-c", WITHOUT_INTERRUPT, "sh"));
    wrapped.addAll(command);
    ProcessBuilder builder =
        new ProcessBuilder(wrapped)
            .directory(directory.toFile())
            .redirectError(ProcessBuilder.Redirect.appendTo(log.toFile()));
    try {
      Child child = new Child(name, builder.start(), log);
      Thread reader = new Thread(child::readOutput, name + "-output");
      reader.setDaemon(true);
      reader.start();
      return child;
    } catch (IOException e) {
      throw new TestbedException("cannot start " + name, e);
    }
  }

  /** The words of its {@code ready} line: {@code address=127.0.0.11:3000}. */
  Map<String, String> awaitReady(Duration limit) throws TestbedException {
    try {
      return ready.get(limit.toMillis(), TimeUnit.MILLISECONDS);
    } catch (ExecutionException e) {
      throw endedBeforeReady();
    } catch (TimeoutException e) {
      throw new TestbedException(
          "%s was not ready within %d s; its log: %s".formatted(name, limit.toSeconds(), log), e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new TestbedException("interrupted while waiting for " + name, e);
    }
  }

  /**
   * Calls back with the exit code, on another thread, before {@link #awaitEnd} returns. To be
   * called once, before that.
   */
  void onExit(IntConsumer callback) {
    exit =
        process
            .onExit()
            .thenApply(
                ended -> {
                  callback.accept(ended.exitValue());
                  return ended.exitValue();
                });
  }

  long pid() {
    return process.pid();
  }

  boolean alive() {
    return process.isAlive();
  }

  void kill() {
    process.toHandle().destroyForcibly();
  }

  /** Sends SIGTERM. Not by {@link Process#destroy}, which closes the pipes too. */
  void terminate() {
    process.toHandle().destroy();
  }

  void signal(String signal) throws TestbedException {
    try {
      String pid = Long.toString(pid());
      Process kill = new ProcessBuilder("sh", "-c", "kill -" + signal + " \"$0\"", pid).start();
      if (kill.waitFor() != 0) {
        throw new TestbedException("cannot send SIG" + signal + " to " + name + ", process " + pid);
      }
    } catch (IOException e) {
      throw new TestbedException("cannot start a shell to signal " + name, e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new TestbedException("interrupted while signalling " + name, e);
    }
  }

  /** Waits until it has ended and {@code onExit} was called; false after the limit. */
  boolean awaitEnd(Duration limit) throws TestbedException {
    try {
      exit.get(limit.toMillis(), TimeUnit.MILLISECONDS);
      return true;
    } catch (TimeoutException e) {
      return false;
    } catch (ExecutionException e) {
      throw new TestbedException("the end of " + name + " could not be handled", e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new TestbedException("interrupted while waiting for the end of " + name, e);
    }
  }

  private void readOutput() {
    try (BufferedReader lines =
        new BufferedReader(
            new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8))) {
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        if (line.startsWith("ready ")) {
          ready.complete(words(line));
        }
      }
      ready.completeExceptionally(new IOException("its output ended"));
    } catch (IOException e) {
      // The pipe breaks when the process is killed.
      ready.completeExceptionally(e);
    }
  }

  private static Map<String, String> words(String line) {
    Map<String, String> words = new HashMap<>();
    for (String word : line.split(" ", -1)) {
      int equals = word.indexOf('=');
      if (equals > 0) {
        words.put(word.substring(0, equals), word.substring(equals + 1));
      }
    }
    return words;
  }

  private TestbedException endedBeforeReady() throws TestbedException {
    boolean ended = awaitEnd(Duration.ofSeconds(2));
    int code = ended ? process.exitValue() : -1;
    TestbedException.Cause cause =
        code == TestbedException.Cause.CANNOT_LISTEN.exitCode()
            ? TestbedException.Cause.CANNOT_LISTEN
            : TestbedException.Cause.FAILED;
    return new TestbedException(
        cause,
        "%s ended before it was ready%s; the end of its log %s:%n%s"
            .formatted(name, ended ? " with exit code " + code : "", log, endOfLog()));
  }

  private String endOfLog() {
    try {
      List<String> lines = Files.readAllLines(log, StandardCharsets.UTF_8);
      int from = Math.max(0, lines.size() - LOG_LINES_SHOWN);
      return "  " + String.join("\n  ", lines.subList(from, lines.size()));
    } catch (IOException e) {
      return "  (unreadable: " + e.getMessage() + ")";
    }
  }
}
