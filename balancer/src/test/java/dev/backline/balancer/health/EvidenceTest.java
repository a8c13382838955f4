package dev.backline.balancer.health;

import static org.assertj.core.api.Assertions.assertThat;

import dev.backline.balancer.model.Cause;
import dev.backline.balancer.model.Outcome;
import dev.backline.balancer.model.Outcome.Answered;
import dev.backline.balancer.model.Outcome.BrokenAfterHead;
import dev.backline.balancer.model.Outcome.BrokenBeforeHead;
import dev.backline.balancer.model.Outcome.ClientGone;
import dev.backline.balancer.model.Outcome.ConnectFailed;
import dev.backline.balancer.model.Outcome.Refused;
import dev.backline.balancer.model.Outcome.TimedOut;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

final class EvidenceTest {
  /** One outcome of each class with what it says; the value may be {@code null}. */
  private static Map<Outcome, @Nullable Evidence> outcomes(Cause cause) {
    Map<Outcome, @Nullable Evidence> map = new LinkedHashMap<>();
    boolean local = cause.isLocal();
    Evidence ours = new Evidence.Local(cause);
    map.put(new Answered(200, 1), null);
    map.put(new ConnectFailed(cause), local ? ours : new Evidence.Transport(cause, false, 7));
    map.put(
        new BrokenBeforeHead(cause, false), local ? ours : new Evidence.Transport(cause, false, 7));
    map.put(
        new BrokenBeforeHead(cause, true), local ? ours : new Evidence.Transport(cause, true, 7));
    map.put(
        new BrokenAfterHead(cause, true),
        local ? ours : new Evidence.Request("truncated answer", 7));
    map.put(new TimedOut(), new Evidence.Request("no head in time", 7));
    map.put(new ClientGone(), null);
    map.put(new Refused(), null);
    return map;
  }

  @ParameterizedTest
  @EnumSource(Cause.class)
  void everyOutcomeSaysWhatTheTableSays(Cause cause) {
    outcomes(cause)
        .forEach(
            (outcome, evidence) ->
                assertThat(Objects.toString(Evidence.of(outcome, 7)))
                    .as("%s", outcome)
                    .isEqualTo(Objects.toString(evidence)));
  }

  @ParameterizedTest
  @EnumSource(Cause.class)
  void localFailuresAreNeverBlamedOnABackend(Cause cause) {
    for (Outcome outcome : outcomes(cause).keySet()) {
      boolean hasCause = outcome.toString().contains("cause=");
      boolean blamesNobody = Evidence.of(outcome, 0) instanceof Evidence.Local;
      assertThat(blamesNobody).as("%s", outcome).isEqualTo(hasCause && cause.isLocal());
    }
  }

  @ParameterizedTest
  @CsvSource({
    "200, false",
    "304, false",
    "404, false",
    "429, false",
    "499, false",
    "500, true",
    "501, true",
    "502, true",
    "503, true",
    "504, true",
    "508, false",
    "599, true",
  })
  void answersFrom500OnAreBad(int status, boolean bad) {
    Evidence evidence = Evidence.of(new Answered(status, 1), 3);
    assertThat(Objects.toString(evidence))
        .isEqualTo(bad ? new Evidence.Request("answers " + status, 3).toString() : "null");
    assertThat(Evidence.isServerError(status)).isEqualTo(bad);
  }

  @Test
  void everyOutcomeIsKnownHere() {
    assertThat(Outcome.class.getPermittedSubclasses())
        .containsExactlyInAnyOrderElementsOf(
            outcomes(Cause.REFUSED).keySet().stream()
                .<Class<?>>map(Object::getClass)
                .distinct()
                .toList());
  }

  @Test
  void everyEvidenceIsKnownToTheController() {
    assertThat(Evidence.class.getPermittedSubclasses())
        .containsExactlyInAnyOrder(
            Evidence.Transport.class,
            Evidence.Overdue.class,
            Evidence.Silence.class,
            Evidence.Heard.class,
            Evidence.Probe.class,
            Evidence.QuickProbe.class,
            Evidence.Request.class,
            Evidence.Local.class);
  }
}
