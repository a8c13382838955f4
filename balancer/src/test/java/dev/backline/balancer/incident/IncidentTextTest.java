package dev.backline.balancer.incident;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.backline.balancer.control.Event;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class IncidentTextTest {
  private final Incident incident = Recorded.withEverything().incident();
  private final List<String> lines = IncidentText.lines(incident);

  @Test
  void everyKindOfEventIsThere() {
    assertThat(incident.entries())
        .extracting(entry -> (Object) entry.event().getClass())
        .containsAll(Arrays.asList(Event.class.getPermittedSubclasses()));
  }

  @Test
  void whatWasWrittenIsReadAgain() throws IncidentText.Unreadable {
    assertThat(IncidentText.read(lines)).isEqualTo(incident);
  }

  @Test
  void startIsReadAgainTooWithAllThatWasKnown() throws IncidentText.Unreadable {
    Recorded recorded = Recorded.withEverything();
    Incident later =
        new Incident(incident.header(), recorded.controller.checkpoint(), -1, List.of(), -2);
    assertThat(IncidentText.read(IncidentText.lines(later))).isEqualTo(later);
  }

  @Test
  void lineIsReadable() {
    assertThat(lines.get(4))
        .startsWith(
            "{\"at\":-997000000,\"event\":{\"is\":\"ProbeFinished\",\"pool\":\"web\","
                + "\"backend\":\"10.0.0.1:3000\",\"result\":{\"is\":\"Passed\",\"status\":200,"
                + "\"nanos\":2000000},\"startNanos\":9223372036854775807},\"digest\":\"");
  }

  @Test
  void halfAFileIsNoIncident() {
    for (int kept = 0; kept < lines.size(); kept++) {
      List<String> half = lines.subList(0, kept);
      assertThatThrownBy(() -> IncidentText.read(half))
          .isInstanceOf(IncidentText.Unreadable.class)
          .hasMessageStartingWith("line " + Math.max(Math.min(kept + 1, 3), kept) + ": ");
    }
  }

  @Test
  void missingLineIsSeen() {
    List<String> fewer = new ArrayList<>(lines);
    fewer.remove(5);
    assertThatThrownBy(() -> IncidentText.read(fewer))
        .hasMessage(
            "line %d: %d events (expected: %d: so many lines stand before it)"
                .formatted(fewer.size(), incident.entries().size(), incident.entries().size() - 1));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "1|{\"format\":\"x\",\"header\":{\"version\":\"1\",\"why\":[],\"wallMillis\":1,\"atNanos\":1}}|format: x (expected: backline incident 1)",
        "1|not JSON|not JSON (expected: the header of an incident)",
        "1|''|empty (expected: the header of an incident)",
        "2|{}|{} (expected: what the controller knew at the start with start)",
        "3|{\"at\":1,\"digest\":\"0\"}|{\"at\":1,\"digest\":\"0\"} (expected: an event with event)",
        "3|{\"at\":1,\"event\":{\"is\":\"None\"},\"digest\":\"0\"}|{\"at\":1,\"event\"",
        "3|{\"at\":1,\"event\":{\"is\":\"TimePassed\"},\"digest\":\"x\"}|digest: x (expected: 16",
        "3|{\"event\":{\"is\":\"TimePassed\"},\"digest\":\"0\"}|{\"event\":{\"is\":\"TimePassed\"},\"digest\":\"0\"} (expected: an event with at)",
        "3|{\"at\":1,\"event\":{\"is\":\"Stalled\",\"nano\":1}}|{\"at\":1,\"event\":{\"is\":\"Stalled\",\"nano\":1}} (expected: an event with",
        "3|# at: 1|# at: 1 (expected: an event)"
      })
  void otherLinesAreTold(int line, String text, String message) {
    List<String> other = new ArrayList<>(lines);
    other.set(line - 1, text);
    assertThatThrownBy(() -> IncidentText.read(other))
        .isInstanceOf(IncidentText.Unreadable.class)
        .hasMessageStartingWith("line " + line + ": " + message);
  }
}
