package dev.backline.balancer.control;

import static org.assertj.core.api.Assertions.assertThat;

import dev.backline.balancer.health.Evidence;
import dev.backline.balancer.health.Grounds;
import dev.backline.balancer.health.Observation;
import dev.backline.balancer.health.ProbeResult;
import dev.backline.balancer.model.BackendId;
import dev.backline.balancer.model.Cause;
import dev.backline.balancer.model.MemberId;
import dev.backline.balancer.model.Verdict;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What the controller orders when a backend falls silent, until it is heard again or down. */
final class SilenceTest extends OnePool {
  private static final long MILLI = 1_000_000;
  private static final Evidence OVERDUE = new Evidence.Overdue(60 * MILLI);
  private static final Evidence SILENCE = new Evidence.Silence(170 * MILLI, 70 * MILLI);

  private final BackendId a = id("a");

  @BeforeEach
  void bothAreUp() {
    configure(PoolPolicy.ofDefaults(WEB));
    apply(new Event.BackendsListed(WEB, List.of(backend("a"), backend("b"))));
    probed("a", ProbeResult.of(200, false, 1));
    probed("b", ProbeResult.of(200, false, 1));
  }

  @Test
  void overdueAttemptsHaveItProbedAndSayNothingAgainstIt() {
    assertThat(see("a", OVERDUE)).containsExactly(quickly());
    assertThat(see("a", OVERDUE)).as("of another loop").isEmpty();
    assertThat(verdict("a")).isEqualTo(Verdict.UP);
  }

  @Test
  void silenceIsSuspectToldProbedAndListenedFor() {
    see("a", OVERDUE);
    nowNanos += 100 * MILLI;
    List<Effect> effects = see("a", SILENCE);
    assertThat(verdict("a")).isEqualTo(Verdict.SUSPECT);
    assertThat(effects)
        .contains(
            quickly(),
            new Effect.ReportHeard(WEB, a),
            new Effect.ShareObservation(
                WEB,
                a,
                new Observation(
                    Verdict.SUSPECT,
                    Grounds.SILENCE,
                    "silent: an attempt waits for 170 ms, 70 would be usual")));
  }

  @Test
  void quickProbesFollowEach100MsUntilItIsDown() {
    see("a", SILENCE);
    for (int i = 0; i < 2; i++) {
      nowNanos += 100 * MILLI;
      assertThat(after(new Event.TimePassed())).containsExactly(quickly());
    }
    assertThat(after(new Event.TimePassed())).isEmpty();
    quickProbed("a", ProbeResult.failed(Cause.TIMEOUT));
    assertThat(verdict("a")).isEqualTo(Verdict.SUSPECT);
    List<Effect> effects = quickProbed("a", ProbeResult.failed(Cause.TIMEOUT));
    assertThat(verdict("a")).isEqualTo(Verdict.DOWN);
    assertThat(effects)
        .contains(new Effect.ProbeAfter(WEB, a, 500 * MILLI))
        .contains(new Effect.CloseIdle(WEB, a));
    nowNanos += 100 * MILLI;
    assertThat(after(new Event.TimePassed())).isEmpty();
  }

  @Test
  void anyByteClearsIt() {
    see("a", SILENCE);
    List<Effect> effects = see("a", new Evidence.Heard());
    assertThat(verdict("a")).isEqualTo(Verdict.UP);
    assertThat(effects).contains(new Effect.ClearSuspicion(WEB, a));
    nowNanos += 100 * MILLI;
    assertThat(after(new Event.TimePassed())).isEmpty();
  }

  @Test
  void passOfAQuickProbeClearsItAndIsNotedForEventLoops() {
    see("a", SILENCE);
    List<Effect> effects = quickProbed("a", ProbeResult.of(200, false, 1));
    assertThat(verdict("a")).isEqualTo(Verdict.UP);
    assertThat(effects)
        .contains(new Effect.NoteHeard(WEB, a), new Effect.ClearSuspicion(WEB, a))
        // Ten a second may pass where requests hang: it must not look idle.
        .doesNotContain(new Effect.FreeAbandoned(WEB, a));
    ProbeResult passed = ProbeResult.of(200, false, 1);
    assertThat(after(new Event.ProbeFinished(WEB, a, passed, nowNanos)))
        .contains(new Effect.FreeAbandoned(WEB, a));
  }

  @Test
  void anyAnswerOfAProbeIsNotedForEventLoops() {
    Effect noted = new Effect.NoteHeard(WEB, a);
    assertThat(probed("a", ProbeResult.of(500, false, 1))).contains(noted);
    assertThat(probed("a", ProbeResult.of(503, true, 1))).contains(noted);
    assertThat(probed("a", ProbeResult.of(200, false, 1))).contains(noted);
    assertThat(probed("a", ProbeResult.failed(Cause.TIMEOUT))).doesNotContain(noted);
    assertThat(probed("a", ProbeResult.failed(Cause.CLOSED))).doesNotContain(noted);
  }

  /** With no traffic, the first probe that hangs is the first sign: the next need not take long. */
  @Test
  void probeThatTimesOutIsASilenceToo() {
    assertThat(probed("a", ProbeResult.failed(Cause.TIMEOUT))).contains(quickly());
    quickProbed("a", ProbeResult.failed(Cause.TIMEOUT));
    assertThat(verdict("a")).isEqualTo(Verdict.DOWN);
  }

  @Test
  void otherMembersSilenceIsLookedAtQuickly() {
    List<Effect> effects = after(said(Grounds.SILENCE));
    assertThat(effects).contains(quickly(), new Effect.ReportHeard(WEB, a));
    assertThat(verdict("a")).isEqualTo(Verdict.SUSPECT);
    quickProbed("a", ProbeResult.failed(Cause.TIMEOUT));
    quickProbed("a", ProbeResult.failed(Cause.TIMEOUT));
    assertThat(verdict("a")).isEqualTo(Verdict.DOWN);
  }

  /** A partial partition must not take a backend from the members that can reach it. */
  @Test
  void anyByteClearsWhatAnotherMemberSays() {
    after(said(Grounds.TRANSPORT));
    assertThat(verdict("a")).isEqualTo(Verdict.SUSPECT);
    see("a", new Evidence.Heard());
    assertThat(verdict("a")).isEqualTo(Verdict.UP);
  }

  @Test
  void quickProbeThatFailsHereIsNobodysFault() {
    see("a", SILENCE);
    List<Effect> effects = quickProbed("a", ProbeResult.failed(Cause.NO_DESCRIPTORS));
    assertThat(effects).containsExactly(new Effect.AlarmLocal(Cause.NO_DESCRIPTORS));
    assertThat(verdict("a")).isEqualTo(Verdict.SUSPECT);
  }

  private List<Effect> see(String name, Evidence evidence) {
    return after(new Event.EvidenceSeen(WEB, id(name), List.of(evidence)));
  }

  private List<Effect> probed(String name, ProbeResult result) {
    return after(new Event.ProbeFinished(WEB, id(name), result, nowNanos));
  }

  private List<Effect> quickProbed(String name, ProbeResult result) {
    return after(new Event.QuickProbeFinished(WEB, id(name), result, nowNanos));
  }

  private List<Effect> after(Event event) {
    effects.clear();
    apply(event);
    return List.copyOf(effects);
  }

  private Verdict verdict(String name) {
    return view(name).verdict();
  }

  private Effect quickly() {
    return new Effect.ProbeQuickly(WEB, a, 200 * MILLI);
  }

  private static Event.ObservationHeard said(Grounds grounds) {
    return new Event.ObservationHeard(
        new MemberId("balancer-2"),
        WEB,
        id("a"),
        new Observation(Verdict.SUSPECT, grounds, "said so"),
        true);
  }
}
