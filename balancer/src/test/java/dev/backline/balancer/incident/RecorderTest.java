package dev.backline.balancer.incident;

import static org.assertj.core.api.Assertions.assertThat;

import dev.backline.balancer.control.Event;
import dev.backline.balancer.health.Evidence;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;

final class RecorderTest {
  @Test
  void whatWasDecidedIsDecidedAgain() {
    Incident incident = Recorded.withEverything().incident();

    Replay.Result result = Replay.of(incident);

    assertThat(result.isSame()).isTrue();
    assertThat(result.digest()).isEqualTo(incident.digest());
  }

  @Test
  void longLifeIsForgottenFromItsBeginning() {
    Recorded recorded = Recorded.withEverything();
    for (int i = 0; i < Recorder.SEGMENT_WEIGHT * (Recorder.MAX_SEGMENTS + 1); i++) {
      recorded.tell(i % 7 == 0 ? Recorded.failed(Recorded.ONE) : Recorded.passed(Recorded.TWO));
    }

    Incident incident = recorded.incident();

    assertThat(incident.entries())
        .hasSizeBetween(
            Recorder.SEGMENT_WEIGHT * (Recorder.MAX_SEGMENTS - 1),
            Recorder.SEGMENT_WEIGHT * Recorder.MAX_SEGMENTS);
    assertThat(incident.startDigest()).isNotZero();
    assertThat(incident.start().pools()).hasSize(3);
    assertThat(Replay.of(incident).isSame()).isTrue();
  }

  @Test
  void listsWeighAsMuchAsTheyHold() {
    Recorded recorded = Recorded.withTwoUp();
    List<Evidence> evidence = Collections.nCopies(Recorder.SEGMENT_WEIGHT, new Evidence.Heard());
    Event heavy = new Event.EvidenceSeen(Recorded.WEB, Recorded.ONE.id(), evidence);
    for (int i = 0; i < 2 * Recorder.MAX_SEGMENTS; i++) {
      recorded.tell(heavy);
    }

    assertThat(recorded.incident().entries()).hasSize(Recorder.MAX_SEGMENTS);
  }

  @Test
  void otherDecisionIsFoundWhereItBegins() {
    Incident incident = Recorded.withTwoUp().incident();
    List<Incident.Entry> entries = new ArrayList<>(incident.entries());
    Incident.Entry third = entries.get(2);
    Event failed = Recorded.failed(Recorded.ONE);
    entries.set(2, new Incident.Entry(third.atNanos(), failed, third.digest()));

    Replay.Result result =
        Replay.of(
            new Incident(
                incident.header(),
                incident.start(),
                incident.startDigest(),
                entries,
                incident.endDigest()));

    assertThat(result.isSame()).isFalse();
    assertThat(result.differsAt()).isEqualTo(2);
  }

  @Test
  void whatIsKnownAtTheEndCountsToo() {
    Incident incident = Recorded.withTwoUp().incident();

    Replay.Result result =
        Replay.of(
            new Incident(
                incident.header(),
                incident.start(),
                incident.startDigest(),
                incident.entries(),
                incident.endDigest() + 1));

    assertThat(result.digest()).isEqualTo(incident.digest());
    assertThat(result.differsAt()).isEqualTo(incident.entries().size());
  }
}
