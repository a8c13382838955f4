package dev.backline.testbed.drill;

import static org.assertj.core.api.Assertions.assertThat;

import dev.backline.testbed.Build;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** What members recorded in a drill, decided again by other JVMs. */
final class Replays {
  private static final int LIMIT_MINUTES = 2;

  private Replays() {}

  /** Asserts that each member that ran at the end left a record, whose decisions are the same. */
  static void assertSame(Path directory) throws IOException, InterruptedException {
    List<Path> incidents = incidents(directory);
    assertThat(incidents).as("records of members in %s", directory).isNotEmpty();
    for (Path incident : incidents) {
      assertThat(replay(incident)).contains("the same decisions, made again: digest ");
    }
  }

  /** Returns the records that a drill left. */
  static List<Path> incidents(Path directory) throws IOException {
    try (Stream<Path> files = Files.list(directory)) {
      return files.filter(file -> file.toString().endsWith(".incident.jsonl")).sorted().toList();
    }
  }

  /** Returns what {@code replay} says, which must end well. */
  static String replay(Path incident, String... options) throws IOException, InterruptedException {
    String java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
    Path jar = Build.root().resolve("balancer/target/balancer.jar");
    List<String> command = new ArrayList<>(List.of(java, "-jar", jar.toString(), "replay"));
    command.add(incident.toString());
    command.addAll(List.of(options));
    Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
    String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(process.waitFor(LIMIT_MINUTES, TimeUnit.MINUTES)).isTrue();
    assertThat(process.exitValue()).as(said).isZero();
    return said;
  }
}
