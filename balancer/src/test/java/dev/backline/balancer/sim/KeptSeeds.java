package dev.backline.balancer.sim;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.LocalDate;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/** Seeds that once failed: a line for each, with what it showed. They stay for ever. */
final class KeptSeeds {
  private KeptSeeds() {}

  /** Returns the seeds of these lines, in their order. */
  static Set<Integer> of(List<String> lines) {
    Set<Integer> seeds = new LinkedHashSet<>();
    for (String line : lines) {
      if (!line.isBlank() && !line.startsWith("#")) {
        seeds.add(Integer.parseInt(line.strip().split("\\s", 2)[0]));
      }
    }
    return seeds;
  }

  /** Adds a seed to the file, unless it is there; returns whether it was not. */
  static boolean keep(Path file, long seed, String check, LocalDate found) throws IOException {
    String text = Files.readString(file);
    if (of(text.lines().toList()).contains(Math.toIntExact(seed))) {
      return false;
    }
    String end = text.isEmpty() || text.endsWith("\n") ? "" : "\n";
    String line = "%s%-4d %s, found on %s%n".formatted(end, seed, check, found);
    Files.writeString(file, line.replace("\r", ""), StandardOpenOption.APPEND);
    return true;
  }
}
