package dev.backline.balancer.admin;

import io.vertx.core.json.JsonObject;
import java.time.Instant;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** Members' timelines of a backend as one that a person reads, in the order of time. Pure. */
public final class TimelineTable {
  /** One of them. */
  private record Line(Instant from, Instant to, String member, int times, String words) {}

  private TimelineTable() {}

  /**
   * Returns the answers of {@code GET /v1/backends/{backend}/timeline} as lines of text, merged.
   *
   * @param answers one of each member
   * @param zone whose time of day is shown
   */
  public static String of(List<JsonObject> answers, ZoneId zone) {
    Map<String, List<Line>> byBackend = new LinkedHashMap<>();
    for (JsonObject answer : answers) {
      String member = answer.getString("member");
      for (Object each : answer.getJsonArray("timelines")) {
        JsonObject timeline = (JsonObject) each;
        String backend =
            "%s %s, pool %s"
                .formatted(
                    timeline.getString("name"),
                    timeline.getString("address"),
                    timeline.getString("pool"));
        List<Line> lines = byBackend.computeIfAbsent(backend, b -> new ArrayList<>());
        timeline.getJsonArray("lines").forEach(line -> lines.add(line(member, (JsonObject) line)));
      }
    }
    DateTimeFormatter clock =
        DateTimeFormatter.ofPattern("HH:mm:ss.SSS", Locale.ROOT).withZone(zone);
    StringBuilder text = new StringBuilder();
    byBackend.forEach(
        (backend, lines) -> {
          text.append(backend).append('\n');
          lines.sort(Comparator.comparing(Line::from));
          int width = lines.stream().mapToInt(line -> line.member().length()).max().orElse(0);
          for (Line line : lines) {
            String again =
                line.times() == 1
                    ? ""
                    : " (%d times until %s)".formatted(line.times(), clock.format(line.to()));
            text.append("  ").append(clock.format(line.from())).append("  ");
            text.append(line.member()).append(" ".repeat(width - line.member().length() + 2));
            text.append(line.words()).append(again).append('\n');
          }
        });
    return text.toString();
  }

  private static Line line(String member, JsonObject line) {
    String mark = line.getBoolean("decision") ? "* " : "  ";
    return new Line(
        Instant.parse(line.getString("from")),
        Instant.parse(line.getString("to")),
        member,
        line.getInteger("times"),
        mark + line.getString("words"));
  }
}
