package dev.backline.balancer.control;

import static org.assertj.core.api.Assertions.assertThat;

import dev.backline.balancer.health.Grounds;
import dev.backline.balancer.health.Observation;
import dev.backline.balancer.health.ProbeAssignment;
import dev.backline.balancer.model.Backend;
import dev.backline.balancer.model.BackendId;
import dev.backline.balancer.model.MemberId;
import dev.backline.balancer.model.Verdict;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Which backends a member probes at their pace, and which only now and then. */
final class AssignmentTest extends OnePool {
  private static final MemberId OWN = new MemberId("balancer-1");
  private static final List<MemberId> TWO = members(2);
  private static final List<MemberId> FIVE = members(5);

  private final List<String> mine = new ArrayList<>();
  private final List<String> others = new ArrayList<>();

  @BeforeEach
  void fortyAreListed() {
    List<Backend> listed = new ArrayList<>();
    for (int i = 0; i < 40; i++) {
      Backend backend = backend("b" + i);
      listed.add(backend);
      boolean isMine = ProbeAssignment.isMine(backend.id(), OWN, FIVE);
      (isMine ? mine : others).add(backend.name());
    }
    assertThat(others).hasSizeBetween(10, 30);
    configure(PoolPolicy.ofDefaults(WEB));
    apply(new Event.BackendsListed(WEB, listed));
  }

  @Test
  void untilItIsProvenEveryMemberProbesABackend() {
    apply(new Event.MembersHeard(FIVE));
    for (String name : others) {
      fail(name);
      assertThat(delayMillis(name)).isEqualTo(500);
    }
  }

  @Test
  void whatOthersProbeIsLookedAtNowAndThen() {
    apply(new Event.MembersHeard(FIVE));
    for (String name : mine) {
      pass(name);
      assertThat(delayMillis(name)).isBetween(800L, 1_200L);
    }
    for (String name : others) {
      pass(name);
      assertThat(delayMillis(name)).isBetween(8_000L, 12_000L);
    }
  }

  @Test
  void whenMembersGoItIsProbedAtItsPaceAgain() {
    apply(new Event.MembersHeard(FIVE));
    others.forEach(this::pass);
    effects.clear();
    apply(new Event.MembersHeard(TWO));
    for (String name : others) {
      assertThat(delayMillis(name)).isBetween(800L, 1_200L);
    }
    effects.clear();
    apply(new Event.MembersHeard(TWO));
    assertThat(effects).noneMatch(Effect.ProbeAfter.class::isInstance);
  }

  /** Whoever's turn it is: a look is one of one's own. */
  @Test
  void whatASuspicionConcernsEveryMemberProbes() {
    apply(new Event.MembersHeard(FIVE));
    String name = others.get(0);
    pass(name);
    effects.clear();
    Observation said = new Observation(Verdict.DOWN, Grounds.TRANSPORT, "refused");
    apply(new Event.ObservationHeard(FIVE.get(1), WEB, id(name), said, true));
    assertThat(effects).contains(new Effect.ProbeAfter(WEB, id(name), 0, true));
  }

  private long delayMillis(String name) {
    BackendId id = id(name);
    return effects.stream()
            .filter(Effect.ProbeAfter.class::isInstance)
            .map(Effect.ProbeAfter.class::cast)
            .filter(probe -> probe.backend().equals(id))
            .reduce((first, second) -> second)
            .orElseThrow()
            .delayNanos()
        / 1_000_000;
  }

  private static List<MemberId> members(int others) {
    List<MemberId> members = new ArrayList<>();
    for (int i = 2; i < 2 + others; i++) {
      members.add(new MemberId("balancer-" + i));
    }
    return members;
  }
}
