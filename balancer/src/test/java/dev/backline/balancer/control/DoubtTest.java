package dev.backline.balancer.control;

import static org.assertj.core.api.Assertions.assertThat;

import dev.backline.balancer.health.Evidence;
import dev.backline.balancer.health.Grounds;
import dev.backline.balancer.health.Observation;
import dev.backline.balancer.health.ProbeResult;
import dev.backline.balancer.health.SelfDoubt.State;
import dev.backline.balancer.model.Cause;
import dev.backline.balancer.model.MemberId;
import dev.backline.balancer.model.Verdict;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What happens when most backends fall silent at once: to them, and to this member. */
final class DoubtTest extends OnePool {
  private static final MemberId TWO = new MemberId("balancer-2");
  private static final List<String> ALL = List.of("a", "b", "c");

  @BeforeEach
  void threeAreUpAndAnotherMemberIsLive() {
    configure(PoolPolicy.ofDefaults(WEB));
    apply(new Event.BackendsListed(WEB, ALL.stream().map(OnePool::backend).toList()));
    ALL.forEach(this::pass);
    apply(new Event.MembersHeard(List.of(TWO)));
  }

  @Test
  void cutOffFromAllThatAnotherReachesItEjectsNobodyAndIsIsolated() {
    ALL.forEach(this::fallsSilent);
    assertThat(states()).containsExactly(State.ASKING);
    ALL.forEach(name -> said(name, Verdict.UP, Grounds.NONE));
    assertThat(states()).containsExactly(State.ISOLATED);
    for (int i = 0; i < 20; i++) {
      nowNanos += SECOND / 10;
      ALL.forEach(this::quickProbeTimesOut);
      ALL.forEach(this::fail);
      ALL.forEach(name -> probe(name, ProbeResult.failed(Cause.CONNECT_TIMEOUT)));
      ALL.forEach(name -> see(name, new Evidence.Transport(Cause.CONNECT_TIMEOUT, false, 0)));
    }
    assertThat(verdicts()).containsOnly(Verdict.SUSPECT);
    assertThat(states()).isEmpty();
    pass("a");
    pass("b");
    assertThat(states()).containsExactly(State.RETURNING);
  }

  /** Its connections broke first, or it had none left: the others are silent a moment later. */
  @Test
  void whoWentOutBeforeTheOthersFellSilentIsTakenBack() {
    List<String> four = List.of("a", "b", "c", "d");
    apply(new Event.BackendsListed(WEB, four.stream().map(OnePool::backend).toList()));
    pass("d");
    for (int i = 0; i < 2; i++) {
      see("a", new Evidence.Transport(Cause.CONNECT_TIMEOUT, false, 0));
      see("d", new Evidence.Transport(Cause.REFUSED, false, 0));
    }
    assertThat(verdicts())
        .containsExactly(Verdict.REFUSING, Verdict.UP, Verdict.UP, Verdict.REFUSING);
    nowNanos += SECOND / 3;
    fallsSilent("b");
    assertThat(states()).containsExactly(State.ASKING);
    ALL.forEach(name -> said(name, Verdict.UP, Grounds.NONE));
    assertThat(states()).containsExactly(State.ISOLATED);
    assertThat(verdicts())
        .containsExactly(Verdict.SUSPECT, Verdict.SUSPECT, Verdict.UP, Verdict.REFUSING);
    see("a", new Evidence.Transport(Cause.CONNECT_TIMEOUT, false, 0));
    see("a", new Evidence.Transport(Cause.CONNECT_TIMEOUT, false, 0));
    probe("a", ProbeResult.failed(Cause.CONNECT_TIMEOUT));
    assertThat(verdicts()).first().isEqualTo(Verdict.SUSPECT);
    pass("a");
    assertThat(verdicts()).first().isEqualTo(Verdict.UP);
  }

  /** Was: two connects that began while it was cut off, and failed after it, took one out. */
  @Test
  void whatBeganWhileItWasCutOffTakesNobodyOut() {
    ALL.forEach(this::fallsSilent);
    ALL.forEach(name -> said(name, Verdict.UP, Grounds.NONE));
    pass("a");
    pass("b");
    for (int i = 0; i < 5; i++) {
      nowNanos += SECOND / 50;
      ALL.forEach(name -> see(name, new Evidence.Transport(Cause.CONNECT_TIMEOUT, false, 0)));
      ALL.forEach(this::quickProbeTimesOut);
      ALL.forEach(name -> probe(name, ProbeResult.failed(Cause.CONNECT_TIMEOUT)));
    }
    assertThat(verdicts()).containsOnly(Verdict.SUSPECT);
    pass("a");
    pass("b");
    nowNanos += SECOND;
    apply(new Event.TimePassed());
    assertThat(states()).containsExactly(State.ASKING, State.ISOLATED, State.RETURNING, State.SURE);
    probe("c", ProbeResult.failed(Cause.CONNECT_TIMEOUT));
    assertThat(verdicts()).containsExactly(Verdict.UP, Verdict.UP, Verdict.REFUSING);
  }

  @Test
  void whoIsIsolatedEjectsNobodyForItsAnswersEither() {
    ALL.forEach(this::fallsSilent);
    ALL.forEach(name -> said(name, Verdict.UP, Grounds.NONE));
    ALL.forEach(this::fail);
    for (int i = 0; i < 5; i++) {
      ALL.forEach(name -> see(name, new Evidence.Request("no head in time", 0)));
    }
    assertThat(verdicts()).containsOnly(Verdict.SUSPECT);
    apply(
        new Event.BackendsListed(
            WEB, Stream.of("a", "b", "c", "d").map(OnePool::backend).toList()));
    pass("d");
    quickProbeTimesOut("d");
    fail("d");
    fail("d");
    assertThat(verdicts()).last().isEqualTo(Verdict.SUSPECT); // It came while it is isolated.
  }

  @Test
  void whoIsLeftAloneBelievesWhatItSees() {
    ALL.forEach(this::fallsSilent);
    ALL.forEach(name -> said(name, Verdict.UP, Grounds.NONE));
    assertThat(states()).containsExactly(State.ASKING, State.ISOLATED);
    apply(new Event.MembersHeard(List.of()));
    apply(new Event.TimePassed());
    ALL.forEach(this::quickProbeTimesOut);
    assertThat(states()).containsExactly(State.BELIEVES);
  }

  /** They are really gone: nobody reaches them. */
  @Test
  void whatAnotherDoesNotReachEitherGoesDown() {
    ALL.forEach(this::fallsSilent);
    ALL.forEach(name -> said(name, Verdict.SUSPECT, Grounds.SILENCE));
    assertThat(states()).containsExactly(State.ASKING, State.BELIEVES);
    downByQuickProbes(ALL);
  }

  @Test
  void ifNobodyAnswersItBelievesWhatItSeesAfterHalfASecond() {
    ALL.forEach(this::fallsSilent);
    ALL.forEach(this::quickProbeTimesOut);
    ALL.forEach(this::quickProbeTimesOut);
    assertThat(verdicts()).containsOnly(Verdict.SUSPECT);
    assertThat(controller.nextDeadlineNanos()).isLessThanOrEqualTo(nowNanos + SECOND / 2);
    nowNanos += SECOND / 2;
    apply(new Event.TimePassed());
    assertThat(states()).containsExactly(State.ASKING, State.BELIEVES);
    downByQuickProbes(ALL);
  }

  @Test
  void aloneItBelievesWhatItSees() {
    apply(new Event.MembersHeard(List.of()));
    ALL.forEach(this::fallsSilent);
    assertThat(states()).containsExactly(State.BELIEVES);
    downByQuickProbes(ALL);
  }

  @Test
  void oneOfThreeIsNoReasonToDoubt() {
    fallsSilent("a");
    assertThat(states()).isEmpty();
    downByQuickProbes(List.of("a"));
  }

  /** What was said before they fell silent says nothing of whether they are reached now. */
  @Test
  void whatWasSaidBeforeIsNoAnswer() {
    ALL.forEach(name -> said(name, Verdict.UP, Grounds.NONE));
    ALL.forEach(this::fallsSilent);
    assertThat(states()).containsExactly(State.ASKING);
  }

  /** Was: each reading of what is kept made it look as if it were said just now. */
  @Test
  void whatIsToldAgainIsNoAnswer() {
    ALL.forEach(name -> said(name, Verdict.UP, Grounds.NONE));
    ALL.forEach(this::fallsSilent);
    Observation kept = new Observation(Verdict.UP, Grounds.NONE, "seen there");
    ALL.forEach(name -> apply(new Event.ObservationHeard(TWO, WEB, id(name), kept, false)));
    assertThat(states()).containsExactly(State.ASKING);
    ALL.forEach(name -> said(name, Verdict.UP, Grounds.NONE));
    assertThat(states()).containsExactly(State.ISOLATED);
  }

  @Test
  void refusalsAreNobodyElsesFault() {
    for (String name : ALL) {
      see(name, new Evidence.Transport(Cause.REFUSED, false, 0));
      see(name, new Evidence.Transport(Cause.REFUSED, false, 0));
    }
    assertThat(states()).isEmpty();
    assertThat(verdicts()).containsOnly(Verdict.REFUSING);
  }

  @Test
  void whileItAsksARefusalStillCounts() {
    ALL.forEach(this::fallsSilent);
    see("a", new Evidence.Transport(Cause.REFUSED, false, 0));
    see("a", new Evidence.Transport(Cause.REFUSED, false, 0));
    assertThat(view("a").verdict()).isEqualTo(Verdict.REFUSING);
  }

  private void downByQuickProbes(List<String> names) {
    names.forEach(this::quickProbeTimesOut);
    names.forEach(this::quickProbeTimesOut);
    for (String name : names) {
      assertThat(view(name).verdict()).isEqualTo(Verdict.DOWN);
    }
  }

  private void fallsSilent(String name) {
    see(name, new Evidence.Silence(SECOND / 5, SECOND / 10));
  }

  private void quickProbeTimesOut(String name) {
    ProbeResult result = ProbeResult.failed(Cause.TIMEOUT);
    apply(new Event.QuickProbeFinished(WEB, id(name), result, nowNanos));
  }

  private void see(String name, Evidence evidence) {
    apply(new Event.EvidenceSeen(WEB, id(name), List.of(evidence)));
  }

  private void said(String name, Verdict verdict, Grounds grounds) {
    Observation observation = new Observation(verdict, grounds, "seen there");
    apply(new Event.ObservationHeard(TWO, WEB, id(name), observation, true));
  }

  private List<Verdict> verdicts() {
    return views().stream().map(BackendView::verdict).toList();
  }

  /** What it made of itself since this was asked last. */
  private List<State> states() {
    List<State> states =
        effects.stream()
            .filter(Effect.TellDoubt.class::isInstance)
            .map(effect -> ((Effect.TellDoubt) effect).to())
            .toList();
    effects.clear();
    return states;
  }
}
