package dev.backline.balancer.control;

import static org.assertj.core.api.Assertions.assertThat;

import dev.backline.balancer.balance.BalancePolicy;
import dev.backline.balancer.balance.SelectionPolicy;
import dev.backline.balancer.balance.SelectionPolicy.HashKey;
import dev.backline.balancer.balance.Subset;
import dev.backline.balancer.health.Evidence;
import dev.backline.balancer.health.SelfDoubt;
import dev.backline.balancer.model.AdminState;
import dev.backline.balancer.model.Backend;
import dev.backline.balancer.model.BackendId;
import dev.backline.balancer.model.Cause;
import dev.backline.balancer.model.MemberId;
import dev.backline.balancer.model.Verdict;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Which backends of a large pool a member uses, and what it makes of those that it doesn't. */
final class UsedBackendsTest extends OnePool {
  private static final MemberId OWN = new MemberId("balancer-1");
  private static final int BACKENDS = 300;
  private static final Evidence BAD = new Evidence.Request("answers 500", 0);

  @BeforeEach
  void allAreWell() {
    configure(PoolPolicy.ofDefaults(WEB));
    list(BACKENDS);
    effects.clear();
  }

  private void list(int backends) {
    List<Backend> listed = new ArrayList<>();
    for (int i = 0; i < backends; i++) {
      listed.add(backend("b" + i));
    }
    apply(new Event.BackendsListed(WEB, listed));
    for (Backend backend : listed) {
      if (view(backend.name()).verdict() != Verdict.UP) {
        pass(backend.name());
      }
    }
  }

  @Test
  void aloneOrWithOneOtherItUsesAll() {
    assertThat(used()).hasSize(BACKENDS);
    apply(new Event.MembersHeard(others(1)));
    assertThat(used()).hasSize(BACKENDS);
    assertThat(closed()).isEmpty();
  }

  @Test
  void withMoreItUsesItsSubsetAndIsConnectedToNoOther() {
    apply(new Event.MembersHeard(others(9)));
    Subset subset = subset(9);
    List<String> mine = names(subset.order().subList(0, subset.size()));
    assertThat(mine).hasSizeBetween(65, 115);
    assertThat(used()).containsExactlyInAnyOrderElementsOf(mine);
    assertThat(closed())
        .containsExactlyInAnyOrderElementsOf(
            names(subset.order().subList(subset.size(), BACKENDS)));

    effects.clear();
    apply(new Event.MembersHeard(others(9)));
    assertThat(effects).noneMatch(Effect.CloseIdle.class::isInstance);
    apply(new Event.MembersHeard(List.of()));
    assertThat(used()).hasSize(BACKENDS);
    assertThat(closed()).isEmpty();
  }

  @Test
  void whatIsListedLaterAndPoolsThatComeLaterKnowTheMembersToo() {
    apply(new Event.MembersHeard(others(9)));
    list(BACKENDS - 1);
    assertThat(used()).hasSizeLessThan(120);
    apply(new Event.ConfigReplaced(List.of(), controller.snapshot().router()));
    configure(PoolPolicy.ofDefaults(WEB));
    list(BACKENDS);
    Subset subset = subset(9);
    assertThat(used())
        .containsExactlyInAnyOrderElementsOf(names(subset.order().subList(0, subset.size())));
    list(Subset.LARGEST_WHOLE);
    assertThat(used()).hasSize(Subset.LARGEST_WHOLE);
  }

  /** It neither panics nor waits while somebody else's backends are well. */
  @Test
  void itUsesMoreWhenMostOfItsSubsetIsNotWell() {
    apply(new Event.MembersHeard(others(9)));
    Subset subset = subset(9);
    int size = subset.size();
    int half = size / 2;
    List<String> order = names(subset.order());
    order.subList(0, half).forEach(this::takeDown);
    assertThat(used()).hasSize(size);

    order.subList(half, size).forEach(this::takeDown);
    assertThat(used()).containsExactlyInAnyOrderElementsOf(order.subList(0, size + (size + 1) / 2));
    apply(
        new Event.AdminCommanded(
            new AdminCommand.SetState(WEB, id(order.get(size)), AdminState.MAINTENANCE)));
    assertThat(used())
        .containsExactlyInAnyOrderElementsOf(order.subList(0, size + (size + 1) / 2 + 1));
    assertThat(controller.snapshot().pools().get(WEB))
        .satisfies(pool -> assertThat(pool != null && pool.isPanic()).isFalse());

    effects.clear();
    for (String name : order.subList(0, size)) {
      nowNanos += SECOND;
      pass(name);
      nowNanos += SECOND;
      pass(name);
    }
    assertThat(used()).containsExactlyInAnyOrderElementsOf(order.subList(0, size));
    assertThat(closed())
        .containsExactlyInAnyOrderElementsOf(order.subList(size, size + (size + 1) / 2 + 1));
  }

  @Test
  void poolThatHashesIsUsedWhole() {
    apply(new Event.MembersHeard(others(9)));
    int some = used().size();
    PoolPolicy usual = PoolPolicy.ofDefaults(WEB);
    SelectionPolicy hash = new SelectionPolicy.Hash(new HashKey.ClientAddress());
    BalancePolicy hashing =
        new BalancePolicy(hash, usual.balance().slowStart(), usual.balance().maxInFlight());
    configure(
        new PoolPolicy(
            WEB, hashing, usual.health(), usual.retry(), usual.queue(), usual.connection()));
    assertThat(used()).hasSize(BACKENDS);
    configure(usual);
    assertThat(used()).hasSize(some);
  }

  /** Of the others it knows no answers: half of what it uses is the most that it may put out. */
  @Test
  void halfOfWhatItUsesIsEjectedAtMost() {
    apply(new Event.MembersHeard(others(9)));
    Subset subset = subset(9);
    for (String name : names(subset.order().subList(0, subset.size()))) {
      nowNanos += SECOND / 10;
      for (int i = 0; i < 5; i++) {
        apply(new Event.EvidenceSeen(WEB, id(name), List.of(BAD)));
      }
    }
    long ejected = views().stream().filter(view -> view.verdict() == Verdict.EJECTED).count();
    assertThat(ejected).isBetween(subset.size() / 3L, subset.size() / 2L);
    assertThat(used()).hasSize(subset.size());
  }

  /** The others it would hardly notice: they are seldom asked anything here. */
  @Test
  void memberThatHearsNobodyOfItsSubsetDoubtsItself() {
    apply(new Event.MembersHeard(others(9)));
    Subset subset = subset(9);
    effects.clear();
    names(subset.order().subList(0, subset.size() * 7 / 10)).forEach(this::fail);
    assertThat(effects)
        .filteredOn(Effect.TellDoubt.class::isInstance)
        .containsExactly(new Effect.TellDoubt(SelfDoubt.State.SURE, SelfDoubt.State.ASKING));
  }

  private void takeDown(String name) {
    Evidence refused = new Evidence.Transport(Cause.REFUSED, false, 0);
    apply(new Event.EvidenceSeen(WEB, id(name), List.of(refused, refused)));
    assertThat(view(name).verdict()).isEqualTo(Verdict.REFUSING);
  }

  private List<String> used() {
    return views().stream().filter(BackendView::used).map(view -> view.backend().name()).toList();
  }

  private List<String> closed() {
    return effects.stream()
        .filter(Effect.CloseIdle.class::isInstance)
        .map(close -> ((Effect.CloseIdle) close).backend().host())
        .toList();
  }

  private static Subset subset(int others) {
    List<BackendId> listed = new ArrayList<>();
    for (int i = 0; i < BACKENDS; i++) {
      listed.add(id("b" + i));
    }
    return Subset.of(listed, OWN, others(others));
  }

  private static List<String> names(List<BackendId> backends) {
    return backends.stream().map(BackendId::host).toList();
  }

  private static List<MemberId> others(int count) {
    List<MemberId> members = new ArrayList<>();
    for (int i = 2; i < 2 + count; i++) {
      members.add(new MemberId("balancer-" + i));
    }
    return members;
  }
}
