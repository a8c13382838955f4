package dev.backline.balancer.sim;

import dev.backline.balancer.incident.Incident;
import dev.backline.balancer.incident.IncidentText;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** What the members of a run were told in which a promise broke, in files to be replayed. */
final class Records {
  private Records() {}

  /** Writes a file for each member that lives at the end; returns where they are. */
  static List<Path> write(Simulation.Run run, Path directory) {
    List<Path> files = new ArrayList<>();
    try {
      Files.createDirectories(directory);
      for (Incident incident : run.incidents()) {
        String name = "seed-" + run.seed() + "-" + incident.start().own() + ".incident.jsonl";
        files.add(Files.write(directory.resolve(name), IncidentText.lines(incident)));
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return files;
  }
}
