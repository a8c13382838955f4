package dev.backline.balancer.control;

import static org.assertj.core.api.Assertions.assertThat;

import dev.backline.balancer.config.RegistrationConfig;
import dev.backline.balancer.health.Observation;
import dev.backline.balancer.model.Backend;
import dev.backline.balancer.model.BackendId;
import dev.backline.balancer.model.IpAddress;
import dev.backline.balancer.model.MemberId;
import dev.backline.balancer.model.PoolName;
import dev.backline.balancer.model.Registration;
import dev.backline.balancer.model.Verdict;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** A pool whose backends register themselves. */
final class RegisteredPoolTest extends OnePool {
  private static final long LEASE_MILLIS = 10_000;
  private static final MemberId OTHER = new MemberId("balancer-2");
  private static final RegistrationConfig REGISTRATION =
      new RegistrationConfig("token", Duration.ofMillis(LEASE_MILLIS), List.of());

  private static final IpAddress CALLER = IpAddress.of(new byte[] {10, 0, 0, 1});

  private long tickets;

  @Test
  void registeredBackendIsListedUnprovenAndToldToOthersAndKept() {
    configure();
    Registration word = word("a", 7, 1);
    effects.clear();
    assertThat(offer(word)).isEqualTo(new Registrar.Accepted(word, true));

    assertThat(names()).containsExactly("a");
    assertThat(view("a").verdict()).isEqualTo(Verdict.UNPROVEN);
    assertThat(lease("a")).isEqualTo(new Lease("a", nowNanos + LEASE_MILLIS * 1_000_000));
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
    assertThat(lease("a")).isEqualTo(new Lease("a", nowNanos + LEASE_MILLIS * 1_000_000));
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
    Lease lease = lease("a");
    assertThat(lease).isNotNull();
    nowNanos += 30 * SECOND;
    apply(new Event.Stalled(29 * SECOND));
    apply(new Event.TimePassed());

    assertThat(names()).containsExactly("a");
    assertThat(lease("a")).isEqualTo(new Lease("a", lease.endNanos() + 29 * SECOND));
  }

  @Test
  void withdrawnBackendIsListedNoMoreAndOlderWordsDoNotBringItBack() {
    up("a", "b");
    Backend moved = new Backend(new BackendId("10.0.0.1", 3000), "a", 1);
    offer(registration("a", 7, 2, moved.id()), "s");
    Registration withdrawal = new Registration(WEB, "a", 7, 3, null);
    assertThat(offer(withdrawal)).isEqualTo(new Registrar.Accepted(withdrawal, false));
    assertThat(names()).containsExactly("b");
    assertThat(effects).contains(new Effect.TellRegistration(WEB, moved, "withdrew"));

    hear(OTHER, word("a", 7, 1));
    assertThat(names()).containsExactly("b");
    assertThat(offer(word("a", 7, 3))).isEqualTo(new Registrar.Older(7, 3));
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

  /** Its renewals may have moved to a member that this one can't hear. */
  @Test
  void leaseThatWasToldHereIsUnsureWhileAnotherMemberIsMissed() {
    live(OTHER);
    up("a", "b");
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
    nowNanos += 11 * SECOND;
    apply(new Event.TimePassed());
    assertThat(names()).as("all are heard, and nobody says that it lives").isEmpty();
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
    assertThat(lease("a")).isNull();
    apply(new Event.BackendsListed(WEB, List.of(backend("x"))));
    assertThat(offer(word("a", 7, 2))).isEqualTo(new Registrar.NoRegistration());
    hear(OTHER, word("a", 7, 3));
    assertThat(names()).containsExactly("x");
    nowNanos += 60 * SECOND;
    apply(new Event.TimePassed());
    assertThat(names()).containsExactly("x");
  }

  /** Whoever is first to register must not be the whole pool. */
  @Test
  void fileBecomesRegistrationAndKeepsThoseThatAnswerForOneLeaseAfterTheFirstWord() {
    listed("a", "b", "c");
    pass("a");
    pass("b");
    configure();
    nowNanos += 60 * SECOND;
    apply(new Event.TimePassed());
    assertThat(names()).as("nobody has registered yet").containsExactly("a", "b", "c");

    offer(word("a", 7, 1));
    assertThat(names()).as("c was never proven").containsExactly("a", "b");
    assertThat(view("a").verdict()).isEqualTo(Verdict.UP);
    assertThat(view("a").unlisted()).isFalse();
    assertThat(view("b").verdict()).isEqualTo(Verdict.UP);
    assertThat(view("b").unlisted()).isTrue();
    assertThat(lease("b")).isNull();

    nowNanos += 9 * SECOND;
    offer(word("a", 7, 2));
    offer(word("d", 7, 1));
    assertThat(names()).containsExactly("a", "d", "b");
    effects.clear();
    nowNanos = controller.nextDeadlineNanos() - 1;
    apply(new Event.TimePassed());
    assertThat(names()).as("one lease after the first word").containsExactly("a", "d");
    assertThat(effects)
        .contains(new Effect.TellRegistration(WEB, backend("b"), "did not register itself"));
  }

  @Test
  void oneOfTheFileThatRegistersStaysWhatItWas() {
    listed("a", "b");
    pass("a");
    pass("b");
    configure();
    offer(word("a", 7, 1));
    offer(registration("other", 7, 1, id("b")));
    assertThat(names()).containsExactly("a", "other");
    assertThat(view("other").verdict()).isEqualTo(Verdict.UP);
    assertThat(view("other").unlisted()).isFalse();
    nowNanos += 9 * SECOND;
    offer(word("a", 7, 2));
    offer(registration("other", 7, 2, id("b")));
    nowNanos += 9 * SECOND;
    apply(new Event.TimePassed());
    assertThat(names()).containsExactly("a", "other");
  }

  @Test
  void oneOfTheFileThatIsDownIsNotKept() {
    listed("a", "b");
    pass("a");
    pass("b");
    configure();
    offer(word("a", 7, 1));
    fail("b");
    fail("b");
    offer(word("c", 7, 1));
    assertThat(names()).containsExactly("a", "c");
  }

  @Test
  void timeOfThoseOfTheFileDoesNotRunWhileThisMemberStandsStill() {
    listed("a", "b");
    pass("a");
    pass("b");
    configure();
    offer(word("a", 7, 1));
    nowNanos += 30 * SECOND;
    apply(new Event.Stalled(29 * SECOND));
    apply(new Event.TimePassed());
    assertThat(names()).containsExactly("a", "b");
  }

  @Test
  void whatIsRecalledHoldsForItsLeaseWhoeverRegistersFirst() {
    configure();
    apply(
        new Event.RegistrationsHeard(
            List.of(
                new Event.Heard(null, word("a", 7, 5)), new Event.Heard(null, word("b", 7, 5)))));
    pass("a");
    pass("b");
    nowNanos += SECOND;
    offer(word("c", 7, 1));
    assertThat(names()).containsExactly("a", "b", "c");
    assertThat(view("b").verdict()).isEqualTo(Verdict.UP);
    nowNanos += 9 * SECOND;
    offer(word("c", 7, 2));
    apply(new Event.TimePassed());
    assertThat(names()).containsExactly("c");
  }

  /** Where a cut-off member is restarted, it knows still whom it can't hear. */
  @Test
  void whatIsRecalledIsUnsureWhileAMemberIsMissedThatAnEarlierLifeKnew() {
    configure();
    apply(new Event.MembersRecalled(Map.of(OTHER, SECOND)));
    assertThat(effects).contains(new Effect.KeepMembers(List.of(), Map.of(OTHER, SECOND)));
    hear(null, word("a", 7, 5));
    pass("a");
    nowNanos += 11 * SECOND;
    apply(new Event.TimePassed());
    assertThat(names()).containsExactly("a");
    assertThat(view("a").unlisted()).isTrue();

    apply(new Event.MemberLeft(OTHER));
    assertThat(effects).contains(new Effect.KeepMembers(List.of(), Map.of()));
    assertThat(view("a").unlisted()).isFalse();
    nowNanos += 11 * SECOND;
    apply(new Event.TimePassed());
    assertThat(names()).isEmpty();
  }

  @Test
  void manyWordsAtOnceAreOneChange() {
    configure();
    effects.clear();
    long before = controller.snapshot().version();
    apply(
        new Event.RegistrationsHeard(
            IntStream.range(0, 1_000)
                .mapToObj(i -> new Event.Heard(OTHER, word("b" + i, 7, 1)))
                .toList()));
    assertThat(names()).hasSize(1_000);
    assertThat(controller.snapshot().version()).isEqualTo(before + 1);
    assertThat(effects).filteredOn(Effect.KeepRegistrations.class::isInstance).hasSize(1);
  }

  @Test
  void renewalOfOneOfAThousandLeavesTheSnapshotAsItIs() {
    configure();
    for (int i = 0; i < 1_000; i++) {
      offer(word("b" + i, 7, 1));
    }
    Snapshot before = controller.snapshot();
    effects.clear();
    for (int i = 0; i < 1_000; i++) {
      offer(word("b" + i, 7, 2));
    }
    assertThat(controller.snapshot()).isSameAs(before);
    assertThat(effects).hasSize(2_000);
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
    apply(new Event.RegistrationsHeard(List.of(new Event.Heard(via, word))));
  }

  private void listed(String... names) {
    configure(PoolPolicy.ofDefaults(WEB));
    apply(new Event.BackendsListed(WEB, Stream.of(names).map(OnePool::backend).toList()));
  }

  private @Nullable Lease lease(String name) {
    return controller.lease(WEB, id(name));
  }

  private Registrar.Answer offer(Registration word) {
    return offer(word, null);
  }

  private Registrar.Answer offer(Registration word, @Nullable String presentedDigest) {
    Registrar.Offer offer = new Registrar.Offer(word, presentedDigest, CALLER);
    apply(new Event.RegistrationOffered(++tickets, offer));
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
