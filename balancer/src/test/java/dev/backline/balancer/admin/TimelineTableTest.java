package dev.backline.balancer.admin;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.time.ZoneOffset;
import java.util.List;
import org.junit.jupiter.api.Test;

final class TimelineTableTest {
  @Test
  void membersAreMergedInTheOrderOfTime() {
    String text =
        TimelineTable.of(
            List.of(
                answer(
                    "b1",
                    line("15:00:01.500Z", "15:00:01.500Z", 1, true, "up -> suspect: refused"),
                    line("15:00:03Z", "15:00:05Z", 4, false, "probe failed: refused")),
                answer(
                    "balancer-2",
                    line("15:00:02Z", "15:00:02Z", 1, false, "b1 says: suspect: refused"))),
            ZoneOffset.ofHours(1));

    assertThat(text)
        .isEqualTo(
            """
            backend-1 10.0.0.1:3000, pool web
              16:00:01.500  b1          * up -> suspect: refused
              16:00:02.000  balancer-2    b1 says: suspect: refused
              16:00:03.000  b1            probe failed: refused (4 times until 16:00:05.000)
            """);
  }

  @Test
  void withoutAnswersNothingIsSaid() {
    assertThat(TimelineTable.of(List.of(), ZoneOffset.UTC)).isEmpty();
  }

  private static JsonObject answer(String member, JsonObject... lines) {
    JsonObject timeline =
        new JsonObject()
            .put("pool", "web")
            .put("name", "backend-1")
            .put("address", "10.0.0.1:3000")
            .put("lines", new JsonArray(List.of(lines)));
    return new JsonObject()
        .put("member", member)
        .put("timelines", new JsonArray(List.of(timeline)));
  }

  private static JsonObject line(
      String from, String to, int times, boolean decision, String words) {
    return new JsonObject()
        .put("from", "2026-11-23T" + from)
        .put("to", "2026-11-23T" + to)
        .put("times", times)
        .put("decision", decision)
        .put("words", words);
  }
}
