package dev.backline.balancer.control;

import static org.assertj.core.api.Assertions.assertThat;

import dev.backline.balancer.health.Evidence;
import dev.backline.balancer.health.ProbeResult;
import dev.backline.balancer.model.Backend;
import dev.backline.balancer.model.BackendId;
import dev.backline.balancer.model.Cause;
import dev.backline.balancer.model.MemberId;
import dev.backline.balancer.model.PoolName;
import dev.backline.balancer.model.Verdict;
import dev.backline.balancer.route.Router;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A member that stood still distrusts itself first. */
class StalledTest {
  private static final PoolName WEB = new PoolName("web");
  private static final long SECOND = 1_000_000_000L;
  private static final ProbeResult TIMEOUT = ProbeResult.failed(Cause.TIMEOUT);
  private static final ProbeResult PASS = new ProbeResult.Passed(200, 1_000_000);

  private final Controller controller = new Controller(new MemberId("balancer-1"), 1);
  private final BackendId a = new BackendId("a", 3000);
  private final BackendId b = new BackendId("b", 3000);
  private long nowNanos = SECOND;

  @BeforeEach
  void twoBackendsAreUp() {
    apply(new Event.ConfigReplaced(List.of(PoolPolicy.ofDefaults(WEB)), new Router(List.of())));
    apply(new Event.BackendsListed(WEB, List.of(new Backend(a, "a", 1), new Backend(b, "b", 1))));
    probe(a, PASS, nowNanos);
    probe(b, PASS, nowNanos);
  }

  @Test
  void probesThatWereUnderWaySayNothingAndAllAreProbedSoon() {
    long before = nowNanos;
    List<Effect.ProbeAfter> probes =
        stall(3 * SECOND).stream()
            .filter(Effect.ProbeAfter.class::isInstance)
            .map(Effect.ProbeAfter.class::cast)
            .toList();

    assertThat(probes).extracting(Effect.ProbeAfter::backend).containsExactly(a, b);
    assertThat(probes)
        .extracting(Effect.ProbeAfter::delayNanos)
        .allMatch(nanos -> nanos < SECOND / 10)
        .doesNotHaveDuplicates();
    probe(a, TIMEOUT, before);
    probe(a, TIMEOUT, before);
    probe(a, ProbeResult.failed(Cause.REFUSED), before);
    assertThat(verdict(a)).isEqualTo(Verdict.UP);
  }

  @Test
  void untilTheFirstPassOnlyConnectionsTakeABackendOut() {
    stall(3 * SECOND);
    for (int i = 0; i < 5; i++) {
      probe(a, TIMEOUT, nowNanos);
    }
    assertThat(verdict(a)).isEqualTo(Verdict.SUSPECT);
    fail(b, Collections.nCopies(5, new Evidence.Request("answers 500", 0)));
    assertThat(verdict(b)).isEqualTo(Verdict.UP);
    fail(b, Collections.nCopies(2, new Evidence.Transport(Cause.REFUSED, false, 0)));
    assertThat(verdict(b)).isEqualTo(Verdict.REFUSING);

    probe(a, PASS, nowNanos);
    probe(a, TIMEOUT, nowNanos);
    probe(a, TIMEOUT, nowNanos);
    assertThat(verdict(a)).isEqualTo(Verdict.DOWN);
  }

  @Test
  void afterTwoSecondsItBelievesItselfAgain() {
    stall(3 * SECOND);
    nowNanos += 2 * SECOND;
    probe(a, TIMEOUT, nowNanos);
    probe(a, TIMEOUT, nowNanos);
    assertThat(verdict(a)).isEqualTo(Verdict.DOWN);
  }

  @Test
  void shortStallIsNoReasonToLookOrToDoubt() {
    long before = nowNanos;
    assertThat(stall(SECOND / 8)).noneMatch(Effect.ProbeAfter.class::isInstance);
    probe(a, TIMEOUT, before);
    assertThat(verdict(a)).isEqualTo(Verdict.SUSPECT);
    nowNanos += SECOND / 2;
    probe(a, TIMEOUT, nowNanos);
    assertThat(verdict(a)).isEqualTo(Verdict.DOWN);
  }

  /** Of a throttled machine, say. What hangs goes down all the same, and what fails is ejected. */
  @ParameterizedTest
  @ValueSource(longs = {110, 250, 600, 5_000})
  void whoStandsStillAllTheTimeSeesABackendHangAllTheSame(long stallMillis) {
    for (int i = 0; i < 30 && verdict(a) != Verdict.DOWN; i++) {
      long start = nowNanos;
      nowNanos += SECOND / 4;
      stall(stallMillis * 1_000_000);
      nowNanos += SECOND / 4;
      probe(a, TIMEOUT, start);
    }
    assertThat(verdict(a)).isEqualTo(Verdict.DOWN);
    assertThat(verdict(b)).isEqualTo(Verdict.UP);
  }

  @Test
  void whoStandsStillAllTheTimeEjectsAllTheSame() {
    for (int i = 0; i < 30 && verdict(b) != Verdict.EJECTED; i++) {
      nowNanos += SECOND / 2;
      stall(SECOND / 8);
      nowNanos += SECOND / 4;
      fail(b, List.of(new Evidence.Request("answers 500", 0)));
    }
    assertThat(verdict(b)).isEqualTo(Verdict.EJECTED);
  }

  @Test
  void timeInWhichItIsSparedDoesNotRunWhileItStandsStill() {
    stall(3 * SECOND);
    nowNanos += SECOND / 10;
    stall(30 * SECOND);
    probe(a, TIMEOUT, nowNanos);
    probe(a, TIMEOUT, nowNanos);
    assertThat(verdict(a)).isEqualTo(Verdict.SUSPECT);
  }

  @Test
  void ejectionLastsLongerByTheTimeThatDidNotRun() {
    fail(a, Collections.nCopies(5, new Evidence.Request("answers 500", 0)));
    assertThat(verdict(a)).isEqualTo(Verdict.EJECTED);

    stall(3 * SECOND);
    apply(new Event.TimePassed());
    assertThat(verdict(a)).isEqualTo(Verdict.EJECTED);

    nowNanos += SECOND;
    apply(new Event.TimePassed());
    assertThat(verdict(a)).isEqualTo(Verdict.TRIAL);
  }

  private List<Effect> stall(long nanos) {
    nowNanos += nanos;
    return apply(new Event.Stalled(nanos));
  }

  private void fail(BackendId backend, List<Evidence> evidence) {
    apply(new Event.EvidenceSeen(WEB, backend, evidence));
  }

  private void probe(BackendId backend, ProbeResult result, long startNanos) {
    apply(new Event.ProbeFinished(WEB, backend, result, startNanos));
  }

  private List<Effect> apply(Event event) {
    return controller.apply(event, nowNanos);
  }

  private Verdict verdict(BackendId backend) {
    PoolSnapshot pool = controller.snapshot().pools().get(WEB);
    if (pool == null) {
      throw new AssertionError(controller.snapshot());
    }
    return pool.backends().stream()
        .filter(view -> view.backend().id().equals(backend))
        .findFirst()
        .orElseThrow()
        .verdict();
  }
}
