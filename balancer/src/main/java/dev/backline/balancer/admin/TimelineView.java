package dev.backline.balancer.admin;

import dev.backline.balancer.incident.Incident;
import dev.backline.balancer.incident.IncidentText;
import dev.backline.balancer.incident.Timeline;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.time.Instant;
import java.util.List;

/** What {@code GET /v1/backends/{backend}/timeline} says. */
final class TimelineView {
  private TimelineView() {}

  /**
   * Returns the timelines of all backends that are called so, one for each pool; an error that
   * names those that there are, if none is.
   *
   * @param backend a name or {@code host:port}
   */
  static JsonObject of(Incident incident, String backend) {
    List<Timeline.Listed> all = Timeline.listed(incident);
    List<Timeline.Listed> called = all.stream().filter(each -> each.isCalled(backend)).toList();
    if (called.isEmpty()) {
      List<String> names = all.stream().map(each -> each.backend().name()).distinct().toList();
      return new JsonObject()
          .put(
              "error",
              "backend: " + backend + " (expected: one of " + String.join(", ", names) + ")");
    }
    JsonArray timelines = new JsonArray();
    called.forEach(each -> timelines.add(timeline(incident, each)));
    return new JsonObject()
        .put("member", incident.start().own().value())
        .put("digest", IncidentText.hex(incident.digest()))
        .put("timelines", timelines);
  }

  private static JsonObject timeline(Incident incident, Timeline.Listed listed) {
    JsonArray lines = new JsonArray();
    Incident.Header header = incident.header();
    for (Timeline.Line line : Timeline.of(incident, listed.pool(), listed.backend().id())) {
      lines.add(
          new JsonObject()
              .put("from", instant(header, line.fromNanos()))
              .put("to", instant(header, line.toNanos()))
              .put("times", line.times())
              .put("decision", line.turn())
              .put("words", line.words()));
    }
    return new JsonObject()
        .put("pool", listed.pool().value())
        .put("name", listed.backend().name())
        .put("address", listed.backend().id().toString())
        .put("lines", lines);
  }

  private static String instant(Incident.Header header, long nanos) {
    return Instant.ofEpochMilli(header.wallMillis(nanos)).toString();
  }
}
