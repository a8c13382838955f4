package dev.backline.testbed.drill;

import dev.backline.testbed.driver.Node;
import dev.backline.testbed.driver.TestbedException;
import dev.backline.testbed.history.Moment;
import dev.backline.testbed.history.Request;
import dev.backline.testbed.report.Report;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;

/**
 * What a drill leaves behind beside the access log, the ledgers and the logs of its processes:
 * {@code history.jsonl}, {@code moments.jsonl}, {@code report.txt}, {@code report.json}, and for
 * each balancer that runs at the end {@code balancer-1.incident.jsonl}, to be replayed.
 */
final class DrillFiles {
  private DrillFiles() {}

  static void write(Path directory, Report report) throws TestbedException {
    try {
      List<Request> requests = report.evidence().requests();
      List<Moment> moments = report.evidence().moments();
      writeLines(directory, "history.jsonl", requests.stream().map(Request::toJson).toList());
      writeLines(directory, "moments.jsonl", moments.stream().map(Moment::toJson).toList());
      Files.writeString(directory.resolve("report.txt"), report.text());
      Files.writeString(directory.resolve("report.json"), report.json().encodePrettily() + "\n");
    } catch (IOException e) {
      throw new TestbedException("cannot write the report to " + directory, e);
    }
  }

  static void writeIncident(Path directory, Node balancer, String lines) throws TestbedException {
    Path file = directory.resolve(balancer.name() + ".incident.jsonl");
    try {
      Files.writeString(file, lines);
    } catch (IOException e) {
      throw new TestbedException("cannot write " + file, e);
    }
  }

  private static void writeLines(Path directory, String file, List<JsonObject> lines)
      throws IOException {
    String text = lines.stream().map(line -> line.encode() + "\n").collect(Collectors.joining());
    Files.writeString(directory.resolve(file), text);
  }
}
