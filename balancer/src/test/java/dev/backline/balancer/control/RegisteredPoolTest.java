package dev.backline.balancer.control;

import static org.assertj.core.api.Assertions.assertThat;

import dev.backline.balancer.config.RegistrationConfig;
import dev.backline.balancer.health.Observation;
import dev.backline.balancer.model.BackendId;
import dev.backline.balancer.model.MemberId;
import dev.backline.balancer.model.PoolName;
import dev.backline.balancer.model.Registration;
import dev.backline.balancer.model.Verdict;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** A pool whose backends register themselves. */
final class RegisteredPoolTest extends OnePool {
  private static final long LEASE_MILLIS = 10_000;
  private static final MemberId OTHER = new MemberId("balancer-2");
  private static final RegistrationConfig REGISTRATION =
      new RegistrationConfig("token", Duration.ofMillis(LEASE_MILLIS), List.of());

  private long tickets;

  @Test
  void registeredBackendIsListedUnprovenAndToldToOthersAndKept() {
    configure();
    Registration word = word("a", 7, 1);
    effects.clear();
    assertThat(offer(word)).isEqualTo(new Registrar.Accepted(word, true));

    assertThat(names()).containsExactly("a");
    assertThat(view("a").verdict()).isEqualTo(Verdict.UNPROVEN);
    assertThat(view("a").leaseEndNanos()).isEqualTo(nowNanos + LEASE_MILLIS * 1_000_000);
    assertThat(effects)
        .containsExactly(
            new Effect.ShareRegistration(word),
            new Effect.TellRegistration(WEB, backend("a"), "registered"),
            new Effect.KeepRegistrations(WEB, List.of(word)),
            new Effect.ProbeAfter(WEB, id("a"), 0),
            new Effect.AnswerOffer(tickets, new Registrar.Accepted(word, true)),
            new Effect.ShareObservation(WEB, id("a"), observation("a")));
  }

  @Test
  void renewalMovesTheEndOfTheLeaseAndNothingElse() {
    up("a");
    effects.clear();
    nowNanos += 3 * SECOND;
    Registration renewal = word("a", 7, 2);
    offer(renewal);
    assertThat(view("a").leaseEndNanos()).isEqualTo(nowNanos + LEASE_MILLIS * 1_000_000);
    assertThat(view("a").verdict()).isEqualTo(Verdict.UP);
    assertThat(effects)
        .containsExactly(
            new Effect.ShareRegistration(renewal),
            new Effect.AnswerOffer(tickets, new Registrar.Accepted(renewal, false)));
  }

  @Test
  void endedLeaseRemovesAsANameThatIsGone() {
    up("a", "b");
    nowNanos += 5 * SECOND;
    offer(word("b", 7, 2));
    effects.clear();
    nowNanos = controller.nextDeadlineNanos() - 1;
    apply(new Event.TimePassed());
    assertThat(names()).containsExactly("b");
    assertThat(effects)
        .containsExactly(
            new Effect.TellRegistration(WEB, backend("a"), "its lease ended"),
            new Effect.KeepRegistrations(WEB, List.of(word("b", 7, 2))),
            new Effect.StopProbing(WEB, id("a")),
            new Effect.CloseIdle(WEB, id("a")),
            new Effect.WithdrawObservation(WEB, id("a")));
  }

  /** It could not have heard a renewal. */
  @Test
  void leaseDoesNotRunWhileThisMemberStandsStill() {
    up("a");
    Long endNanos = view("a").leaseEndNanos();
    assertThat(endNanos).isNotNull();
    nowNanos += 30 * SECOND;
    apply(new Event.Stalled(29 * SECOND));
    apply(new Event.TimePassed());

    assertThat(names()).containsExactly("a");
    assertThat(view("a").leaseEndNanos()).isEqualTo(endNanos + 29 * SECOND);
  }

  @Test
  void withdrawnBackendIsListedNoMoreAndOlderWordsDoNotBringItBack() {
    up("a", "b");
    Registration withdrawal = new Registration(WEB, "a", 7, 2, null);
    assertThat(offer(withdrawal)).isEqualTo(new Registrar.Accepted(withdrawal, false));
    assertThat(names()).containsExactly("b");
    assertThat(effects).contains(new Effect.TellRegistration(WEB, backend("a"), "withdrew"));

    hear(OTHER, word("a", 7, 1));
    assertThat(names()).containsExactly("b");
    assertThat(offer(word("a", 7, 2))).isEqualTo(new Registrar.Older(7, 2));
  }

  @Test
  void renewalThroughAnyMemberHoldsHere() {
    live(OTHER);
    up("a");
    effects.clear();
    nowNanos += 9 * SECOND;
    hear(OTHER, word("a", 7, 2));
    nowNanos += 9 * SECOND;
    apply(new Event.TimePassed());
    assertThat(names()).containsExactly("a");
    assertThat(effects).noneMatch(Effect.ShareRegistration.class::isInstance);
  }

  /** Alone behind a cut, a member must not empty its pools. */
  @Test
  void silenceOfTheMemberThatTookTheRenewalKeepsThoseThatAnswer() {
    live(OTHER);
    configure();
    hear(OTHER, word("a", 7, 1));
    hear(OTHER, word("b", 7, 1));
    pass("a");
    pass("b");
    live();
    nowNanos += 11 * SECOND;
    apply(new Event.TimePassed());
    assertThat(names()).containsExactly("a", "b");
    assertThat(view("a").unlisted()).isTrue();
    assertThat(view("a").verdict()).isEqualTo(Verdict.UP);

    fail("b");
    fail("b");
    nowNanos += 2 * SECOND;
    apply(new Event.TimePassed());
    assertThat(names()).as("b is down, and nobody says that it lives").containsExactly("a");

    live(OTHER);
    assertThat(view("a").unlisted()).isFalse();
    hear(OTHER, word("b", 7, 5));
    assertThat(names()).containsExactly("a", "b");
    nowNanos += 11 * SECOND;
    apply(new Event.TimePassed());
    assertThat(names()).as("live, and it says nothing of them").isEmpty();
  }

  @Test
  void newIncarnationIsAnotherProcessAndHasToPassItself() {
    up("a", "b");
    effects.clear();
    offer(word("a", 8, 1));
    assertThat(view("a").verdict()).isEqualTo(Verdict.UNPROVEN);
    assertThat(view("b").verdict()).isEqualTo(Verdict.UP);
    assertThat(effects)
        .containsSubsequence(
            new Effect.StopProbing(WEB, id("a")),
            new Effect.Renew(WEB, id("a")),
            new Effect.ProbeAfter(WEB, id("a"), 0));
    pass("a");
    assertThat(view("a").slowStart().durationNanos()).isEqualTo(10 * SECOND);
  }

  @Test
  void otherBackendAtTheSameAddressIsAnotherProcessToo() {
    up("a");
    offer(registration("z", 9, 1, id("a")));
    assertThat(names()).containsExactly("z");
    assertThat(view("z").verdict()).isEqualTo(Verdict.UNPROVEN);
    offer(word("a", 7, 2));
    assertThat(names()).as("what was there before speaks still").containsExactly("z");
  }

  @Test
  void twoSourcesDoNotFight() {
    up("a");
    apply(new Event.BackendsListed(WEB, List.of(backend("x"))));
    assertThat(names()).as("the file is not the source").containsExactly("a");

    configure(PoolPolicy.ofDefaults(WEB));
    assertThat(names()).as("until the file's list is there").containsExactly("a");
    assertThat(view("a").leaseEndNanos()).isNull();
    apply(new Event.BackendsListed(WEB, List.of(backend("x"))));
    assertThat(offer(word("a", 7, 2))).isEqualTo(new Registrar.NoRegistration());
    hear(OTHER, word("a", 7, 3));
    assertThat(names()).containsExactly("x");
    nowNanos += 60 * SECOND;
    apply(new Event.TimePassed());
    assertThat(names()).containsExactly("x");
  }

  @Test
  void fileBecomesRegistrationAndKeepsWhatIsKnownUntilTheFirstWord() {
    configure(PoolPolicy.ofDefaults(WEB));
    apply(new Event.BackendsListed(WEB, List.of(backend("a"), backend("b"))));
    pass("a");
    configure();
    assertThat(names()).containsExactly("a", "b");
    offer(word("a", 7, 1));
    assertThat(names()).containsExactly("a");
    assertThat(view("a").verdict()).isEqualTo(Verdict.UP);
  }

  @Test
  void unknownPoolTakesNothing() {
    configure();
    Registration elsewhere =
        new Registration(new PoolName("gone"), "a", 7, 1, word("a", 7, 1).terms());
    assertThat(offer(elsewhere)).isEqualTo(new Registrar.NoRegistration());
  }

  private void up(String... names) {
    configure();
    for (String name : names) {
      offer(word(name, 7, 1));
      pass(name);
    }
  }

  private void configure() {
    configure(PoolPolicy.ofDefaults(WEB).from(null, REGISTRATION));
  }

  private void live(MemberId... members) {
    apply(new Event.MembersHeard(List.of(members)));
  }

  private void hear(@Nullable MemberId via, Registration word) {
    apply(new Event.RegistrationHeard(via, word));
  }

  private Registrar.Answer offer(Registration word) {
    apply(new Event.RegistrationOffered(++tickets, word, null));
    return effects.stream()
        .flatMap(e -> e instanceof Effect.AnswerOffer a ? Stream.of(a) : Stream.empty())
        .filter(answer -> answer.ticket() == tickets)
        .findFirst()
        .orElseThrow()
        .answer();
  }

  private Observation observation(String name) {
    return effects.stream()
        .flatMap(e -> e instanceof Effect.ShareObservation s ? Stream.of(s) : Stream.empty())
        .filter(share -> share.backend().equals(id(name)))
        .findFirst()
        .orElseThrow()
        .observation();
  }

  private static Registration word(String name, long incarnation, long sequence) {
    return registration(name, incarnation, sequence, id(name));
  }

  private static Registration registration(
      String name, long incarnation, long sequence, BackendId address) {
    return new Registration(
        WEB, name, incarnation, sequence, new Registration.Terms(address, 1, LEASE_MILLIS, "s"));
  }
}
