package dev.backline.testbed.up;

import static org.assertj.core.api.Assertions.assertThat;

import dev.backline.testbed.Build;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The launcher script, as far as it needs no running testbed. */
@Tag(Build.PROCESSES)
class LauncherTest {
  @TempDir private Path directory;

  @Test
  void aloneAndWithHelpItTellsItsCommands() throws IOException, InterruptedException {
    for (String[] arguments : new String[][] {{}, {"--help"}, {"-h"}, {"help"}}) {
      try (Terminal terminal = Terminal.run(directory, arguments)) {
        assertThat(terminal.exitCode()).isZero();
        assertThat(terminal.output())
            .contains("./backline up [--balancers 1]", "./backline kill", "./backline drill NAME");
      }
    }
  }

  @Test
  void unknownCommandAndUnknownDrillAreWrongCommandLines()
      throws IOException, InterruptedException {
    assertEnds(2, "dance: no such command", "dance");
    assertEnds(2, "nope: no such drill (expected: one of kill, stop, pause", "drill", "nope");
    assertEnds(2, "--rate", "drill", "kill", "--rate", "many");
    assertEnds(2, "--backends: 0 (expected: 1 to 200)", "up", "--backends", "0");
    assertEnds(2, "--seconds: 9999999 (expected: 0 to 600)", "drill", "kill", "--seconds=9999999");
    assertEnds(2, "--seconds: 0 (expected: 1 to 3600)", "load", "--seconds", "0");
    assertEnds(2, "--rate: 5001 (expected: 1 to 5000)", "load", "--rate", "5001");
    assertEnds(2, "--to: 127.0.0.1 (expected: addresses with ports", "load", "--to", "127.0.0.1");
    assertEnds(2, "--to: 127.0.0.1:1, (expected:", "load", "--to=127.0.0.1:1,");
    assertEnds(2, "Missing required parameter", "kill");
    assertEnds(2, "server can't be added (expected: backend or balancer)", "add", "server");
  }

  @Test
  void commandsToNoTestbedSayHowToStartOne() throws IOException, InterruptedException {
    for (String command : new String[] {"kill", "pause", "resume", "stop", "start", "remove"}) {
      assertEnds(1, "no testbed is running", command, "backend-1");
    }
    assertEnds(1, "started with ./backline up", "load");
    assertEnds(5, "no testbed is running, and there is no backline.yml here", "status");
    assertEnds(5, "no testbed is running, and there is no backline.yml here", "reload");
  }

  @Test
  void everyCommandHasItsHelp() throws IOException, InterruptedException {
    for (String command :
        new String[] {"up", "load", "kill", "add", "drill", "run", "validate", "status"}) {
      try (Terminal terminal = Terminal.run(directory, command, "--help")) {
        assertThat(terminal.exitCode()).as(terminal.output()).isZero();
        assertThat(terminal.output()).contains("--help").doesNotContain("WARN");
      }
    }
  }

  @Test
  void simulationTellsWhatCameOfItsSeeds() throws IOException, InterruptedException {
    try (Terminal terminal = Terminal.run(directory, "simulate", "--seeds", "20")) {
      assertThat(terminal.exitCode()).as(terminal.output()).isZero();
      assertThat(terminal.output())
          .contains("20 seeds, ", "silent backends were out after", "put out though well");
    }
    assertEnds(2, "--seeds (expected: a number", "simulate", "--seeds", "many");
    assertEnds(2, "--speed (expected: --seeds or --first)", "simulate", "--speed", "9");
  }

  @Test
  void worksThroughSymbolicLinksFromAnyFolder() throws IOException, InterruptedException {
    Path direct = Files.createSymbolicLink(directory.resolve("b"), launcher());
    Path twice = Files.createSymbolicLink(directory.resolve("c"), Path.of("b"));
    for (Path link : new Path[] {direct, twice}) {
      try (Terminal terminal = Terminal.run(link, directory, "drill", "--help")) {
        assertThat(terminal.exitCode()).as(terminal.output()).isZero();
        assertThat(terminal.output()).contains("balancer-stop").doesNotContain("building");
      }
    }
  }

  private static Path launcher() {
    return Build.root().resolve("backline");
  }

  private void assertEnds(int exitCode, String message, String... arguments)
      throws IOException, InterruptedException {
    try (Terminal terminal = Terminal.run(directory, arguments)) {
      assertThat(terminal.exitCode()).as(terminal.output()).isEqualTo(exitCode);
      assertThat(terminal.output()).contains(message).doesNotContain("\tat ");
    }
  }
}
