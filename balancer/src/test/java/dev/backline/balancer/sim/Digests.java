package dev.backline.balancer.sim;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** Digests of whole runs, a line for each seed; as a program it prints those of its arguments. */
final class Digests {
  static final List<Integer> SEEDS = List.of(1, 2, 3, 5, 8, 13, 21, 34);

  private Digests() {}

  /** Prints the digests of the seeds that are given. */
  public static void main(String[] seeds) {
    for (String seed : seeds) {
      System.out.println(line(Integer.parseInt(seed)));
    }
  }

  static List<String> lines() {
    return SEEDS.stream().map(Digests::line).toList();
  }

  /** Returns the lines of a resource beside this class, without its comments. */
  static List<String> resource(String name) {
    List<String> lines = new ArrayList<>();
    try (InputStream in = Digests.class.getResourceAsStream(name)) {
      if (in == null) {
        throw new AssertionError("no resource " + name);
      }
      String text = new String(in.readAllBytes(), StandardCharsets.UTF_8);
      text.lines().filter(line -> !line.startsWith("#")).forEach(lines::add);
    } catch (IOException e) {
      throw new AssertionError(name, e);
    }
    return lines;
  }

  private static String line(int seed) {
    Simulation.Run run = Simulation.run(seed);
    return "%d %016x %d".formatted(seed, run.digest(), run.events());
  }
}
