package dev.backline.balancer.control;

import static org.assertj.core.api.Assertions.assertThat;

import dev.backline.balancer.config.RegistrationConfig;
import dev.backline.balancer.model.AddressRange;
import dev.backline.balancer.model.BackendId;
import dev.backline.balancer.model.IpAddress;
import dev.backline.balancer.model.MemberId;
import dev.backline.balancer.model.PoolName;
import dev.backline.balancer.model.Registration;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** The table of leases: order, expiry, what nobody knows, stalls, bounds. */
final class RegistrationsTest {
  private static final long SECOND = 1_000_000_000L;
  private static final long LEASE = 10 * SECOND;
  private static final PoolName WEB = new PoolName("web");
  private static final MemberId OTHER = new MemberId("balancer-2");
  private static final MemberId THIRD = new MemberId("balancer-3");

  private static final IpAddress CALLER = address("10.0.0.1");
  private static final RegistrationConfig RULES =
      new RegistrationConfig(
          "token", Duration.ofSeconds(10), List.of(new AddressRange(address("10.0.0.0"), 8)));

  private final OtherMembers others = new OtherMembers(OtherMembers.Checkpoint.START);
  private final Registrations registrations = new Registrations();
  private long nowNanos = 5 * SECOND;

  @Test
  void firstWordIsAcceptedWithTheSecretOfferedAndLaterOnesKeepIt() {
    assertThat(offer(word("a", 7, 1, "10.0.0.1:3000", "s1")))
        .isEqualTo(new Registrar.Accepted(word("a", 7, 1, "10.0.0.1:3000", "s1"), true));
    assertThat(offer(word("a", 7, 2, "10.0.0.1:3000", "s2")))
        .isEqualTo(new Registrar.Accepted(word("a", 7, 2, "10.0.0.1:3000", "s1"), false));
    assertThat(offer(word("a", 8, 1, "10.0.0.9:3000", "s3")))
        .as("a new incarnation has a new secret, and may be elsewhere")
        .isEqualTo(new Registrar.Accepted(word("a", 8, 1, "10.0.0.9:3000", "s3"), true));
  }

  @Test
  void whatIsNotNewerIsRefusedWithWhatIsKnown() {
    offer(word("a", 7, 5));
    for (Registration older : List.of(word("a", 7, 5), word("a", 7, 4), word("a", 6, 99))) {
      assertThat(offer(older)).isEqualTo(new Registrar.Older(7, 5));
      assertThat(registrations.hear(older, OTHER, nowNanos)).isFalse();
      assertThat(offer(withdrawal("a", older.incarnation(), older.sequence())))
          .isEqualTo(new Registrar.Older(7, 5));
    }
    assertThat(offer(word("a", 7, 6))).isInstanceOf(Registrar.Accepted.class);
  }

  @Test
  void otherAddressOfAnIncarnationNeedsItsSecret() {
    offer(word("a", 7, 1, "10.0.0.1:3000", "s1"));
    Registration moved = word("a", 7, 2, "10.0.0.2:3000", "s2");
    Registrar.Answer refused = new Registrar.Elsewhere(BackendId.parse("10.0.0.1:3000"));
    assertThat(offer(moved, null)).isEqualTo(refused);
    assertThat(offer(moved, "s2")).isEqualTo(refused);
    assertThat(addresses()).containsExactly("10.0.0.1:3000");

    assertThat(offer(moved, "s1")).isInstanceOf(Registrar.Accepted.class);
    assertThat(addresses()).containsExactly("10.0.0.2:3000");
  }

  @Test
  void leaseEndsToTheNanosecondAndARenewalMovesItsEnd() {
    offer(word("a", 7, 1));
    nowNanos += LEASE - 1;
    assertThat(listedNow()).containsExactly("a");
    offer(word("a", 7, 2));
    assertThat(registrations.nextDeadlineNanos()).isEqualTo(nowNanos + LEASE);
    nowNanos += LEASE - 1;
    assertThat(listedNow()).containsExactly("a");
    nowNanos++;
    assertThat(listedNow()).isEmpty();
    assertThat(registrations.whyGone("a")).isEqualTo("its lease ended");
  }

  @Test
  void renewalsAloneAreNoChange() {
    offer(word("a", 7, 1));
    long before = registrations.revision();
    offer(word("a", 7, 2));
    registrations.hear(word("a", 7, 3), OTHER, nowNanos);
    assertThat(registrations.revision()).isEqualTo(before);
    offer(withdrawal("a", 7, 4));
    assertThat(registrations.revision()).isGreaterThan(before);
  }

  @Test
  void withdrawnAndEndedOnesAreRememberedForADay() {
    offer(word("a", 7, 1));
    offer(withdrawal("a", 7, 2));
    assertThat(listedNow()).isEmpty();
    assertThat(registrations.whyGone("a")).isEqualTo("withdrew");
    assertThat(registrations.hear(word("a", 7, 1), OTHER, nowNanos))
        .as("after a split heals, old words come again")
        .isFalse();
    assertThat(registrations.kept()).containsExactly(withdrawal("a", 7, 2));
    assertThat(registrations.nextDeadlineNanos())
        .isEqualTo(nowNanos + Registrations.REMEMBERED_NANOS);

    nowNanos += Registrations.REMEMBERED_NANOS;
    listedNow();
    assertThat(registrations.kept()).isEmpty();
    assertThat(offer(word("a", 7, 1))).isInstanceOf(Registrar.Accepted.class);
  }

  @Test
  void withdrawalOfWhatNobodyRegisteredIsRefused() {
    assertThat(offer(withdrawal("a", 7, 2))).isEqualTo(new Registrar.Unknown());
    offer(word("a", 7, 1));
    offer(withdrawal("a", 7, 2));
    assertThat(offer(withdrawal("a", 7, 3))).isEqualTo(new Registrar.Unknown());
  }

  /** Whoever has the token could else keep others from registering, for a day. */
  @Test
  void onlyWhoSpeaksForTheAddressWithdrawsWhetherItIsListedOrNot() {
    RegistrationConfig strict = new RegistrationConfig("token", Duration.ofSeconds(10), List.of());
    offer(word("shadowed", 6, 1, "10.0.0.1:3000", "s"));
    offer(word("listed", 7, 1, "10.0.0.1:3000", "s"));
    offer(word("ended", 7, 1, "10.0.0.2:3000", "s"));
    nowNanos += LEASE - 1;
    offer(word("shadowed", 6, 2, "10.0.0.1:3000", "s"));
    offer(word("listed", 7, 2, "10.0.0.1:3000", "s"));
    nowNanos++;
    assertThat(listedNow()).containsExactly("listed");

    for (String name : List.of("shadowed", "listed", "ended")) {
      Registrar.Offer stranger =
          new Registrar.Offer(withdrawal(name, 9, 1), null, address("10.0.0.3"));
      String host = name.equals("ended") ? "10.0.0.2" : "10.0.0.1";
      assertThat(registrations.offer(stranger, strict, nowNanos))
          .isEqualTo(
              new Registrar.NotYours(
                  "address: " + host + " (expected: 10.0.0.3, where the request comes from)"));
      Registrar.Offer own = new Registrar.Offer(withdrawal(name, 9, 1), null, address(host));
      assertThat(registrations.offer(own, strict, nowNanos)).isInstanceOf(Registrar.Accepted.class);
    }
  }

  @Test
  void withdrawalThatComesBeforeItsWordIsRememberedToo() {
    assertThat(registrations.hear(withdrawal("a", 7, 2), OTHER, nowNanos)).isTrue();
    assertThat(registrations.hear(word("a", 7, 1), OTHER, nowNanos)).isFalse();
    assertThat(listedNow()).isEmpty();
  }

  @Test
  void whoWithdrewMayComeBack() {
    offer(word("a", 7, 1));
    offer(withdrawal("a", 7, 2));
    assertThat(offer(word("a", 7, 3, "10.0.0.7:3000", "s9")))
        .isEqualTo(new Registrar.Accepted(word("a", 7, 3, "10.0.0.7:3000", "s9"), true));
    assertThat(listedNow()).containsExactly("a");
  }

  @Test
  void leaseThatALiveMemberTookEndsAsOwnOnesDo() {
    registrations.hear(word("a", 7, 1), OTHER, nowNanos);
    nowNanos += LEASE;
    onTime(OTHER);
    assertThat(registrations.listed()).isEmpty();
  }

  /** Its renewals may have moved to a member that this one can't hear. */
  @Test
  void leaseIsUnsureWhileAnyMemberIsMissedWhoeverTookItsLastWord() {
    onTime(OTHER, THIRD);
    offer(word("here", 7, 1));
    registrations.hear(word("there", 7, 1, "10.0.0.2:3000", "s"), THIRD, nowNanos);
    registrations.hear(word("before", 7, 1, "10.0.0.3:3000", "s"), null, nowNanos);
    nowNanos += LEASE;
    onTime(THIRD);
    assertThat(registrations.listed()).hasSize(3).allMatch(Registrations.Listed::unsure);

    onTime(OTHER, THIRD);
    assertThat(registrations.listed()).hasSize(3).noneMatch(Registrations.Listed::unsure);
    nowNanos += LEASE;
    onTime(OTHER, THIRD);
    assertThat(registrations.listed()).as("no renewal came").isEmpty();
  }

  @Test
  void leaseEndsThoughAMemberIsSilentThatHasLeftInOrder() {
    onTime(OTHER);
    offer(word("a", 7, 1));
    others.onLeft(OTHER);
    nowNanos += LEASE;
    onTime();
    assertThat(registrations.listed()).isEmpty();
  }

  @Test
  void leaseEndsADayAfterAMemberFellSilentForGood() {
    onTime(OTHER);
    onTime();
    nowNanos += OtherMembers.MISSED_NANOS - LEASE;
    offer(word("a", 7, 1));
    nowNanos += LEASE - 1;
    onTime();
    assertThat(registrations.listed()).hasSize(1);
    nowNanos++;
    onTime();
    assertThat(registrations.listed()).isEmpty();
  }

  @Test
  void backendIsUnsureForADayAtMost() {
    registrations.hear(word("a", 7, 1), OTHER, nowNanos);
    nowNanos += LEASE;
    onTime();
    nowNanos += Registrations.REMEMBERED_NANOS - 1;
    onTime();
    assertThat(registrations.listed()).hasSize(1);
    nowNanos++;
    onTime();
    assertThat(registrations.listed()).isEmpty();
  }

  /** Cut off from the others, a member hears no renewals: that must not empty its pools. */
  @Test
  void leaseThatASilentMemberTookIsUnsureAndHoldsAgainWhenItIsHeard() {
    registrations.hear(word("a", 7, 1), OTHER, nowNanos);
    nowNanos += LEASE;
    assertThat(listedNow()).containsExactly("a");
    assertThat(registrations.listed().get(0).unsure()).isTrue();
    assertThat(registrations.nextDeadlineNanos()).isEqualTo(nowNanos + SECOND);
    nowNanos += 3_600 * SECOND;
    assertThat(listedNow()).containsExactly("a");

    onTime(OTHER);
    assertThat(registrations.listed().get(0).unsure()).isFalse();
    nowNanos += LEASE;
    onTime(OTHER);
    assertThat(registrations.listed()).as("no renewal came").isEmpty();
  }

  @Test
  void unsureOneThatIsOutEndsAndDoesNotComeBackByItself() {
    registrations.hear(word("a", 7, 1), OTHER, nowNanos);
    nowNanos += LEASE;
    listedNow();
    registrations.end("a");
    assertThat(listedNow()).isEmpty();
    onTime(OTHER);
    assertThat(registrations.listed()).isEmpty();
    registrations.hear(word("a", 7, 2), OTHER, nowNanos);
    assertThat(listedNow()).containsExactly("a");
  }

  @Test
  void onlyUnsureOnesAreEndedByWhatIsSeenOfThem() {
    offer(word("a", 7, 1));
    registrations.end("a");
    assertThat(listedNow()).containsExactly("a");
  }

  /** While a member stood still it heard no renewals, so no lease may end for that. */
  @Test
  void stallMovesTheEndsOfLeasesByItsLength() {
    offer(word("a", 7, 1));
    nowNanos += 60 * SECOND;
    registrations.postpone(60 * SECOND);
    assertThat(listedNow()).containsExactly("a");
    nowNanos += LEASE - 1;
    assertThat(listedNow()).containsExactly("a");
    nowNanos++;
    assertThat(listedNow()).isEmpty();
  }

  @Test
  void ofSeveralAtOneAddressTheOneThatStartedLastIsListed() {
    offer(word("a", 8, 1, "10.0.0.1:3000", "s"));
    offer(word("b", 9, 1, "10.0.0.1:3000", "s"));
    offer(word("c", 7, 1, "10.0.0.1:3000", "s"));
    offer(word("d", 1, 1, "10.0.0.2:3000", "s"));
    assertThat(listedNow()).containsExactly("b", "d");
  }

  @Test
  void fullPoolTakesRenewalsAndWithdrawalsButNobodyNew() {
    for (int i = 0; i < Registrations.MAX_BACKENDS; i++) {
      offer(word("b" + i, 7, 1, "10.1." + i / 250 + "." + i % 250 + ":3000", "s"));
    }
    assertThat(offer(word("x", 7, 1))).isEqualTo(new Registrar.Full(Registrations.MAX_BACKENDS));
    assertThat(registrations.hear(word("x", 7, 1), OTHER, nowNanos)).isFalse();
    assertThat(offer(word("b0", 7, 2, "10.1.0.0:3000", "s")))
        .isInstanceOf(Registrar.Accepted.class);
    assertThat(offer(withdrawal("b0", 7, 3))).isInstanceOf(Registrar.Accepted.class);
    assertThat(offer(word("x", 7, 1))).isInstanceOf(Registrar.Accepted.class);
    assertThat(offer(word("b0", 7, 4, "10.1.0.0:3000", "s"))).isInstanceOf(Registrar.Full.class);
  }

  @Test
  void whatIsRememberedIsBoundedAndTheOldestIsForgottenFirst() {
    offer(word("listed", 7, 1));
    for (int i = 0; i < Registrations.MAX_KNOWN; i++) {
      nowNanos++;
      registrations.hear(withdrawal("w" + i, 7, 5), OTHER, nowNanos);
    }
    assertThat(registrations.kept()).hasSize(Registrations.MAX_KNOWN);
    assertThat(listedNow()).containsExactly("listed");
    assertThat(offer(word("w0", 7, 5))).as("forgotten").isInstanceOf(Registrar.Accepted.class);
    assertThat(offer(word("w" + (Registrations.MAX_KNOWN - 1), 7, 5)))
        .isInstanceOf(Registrar.Older.class);
  }

  private Registrar.Answer offer(Registration word) {
    return offer(word, null);
  }

  private Registrar.Answer offer(Registration word, @Nullable String presentedDigest) {
    return registrations.offer(new Registrar.Offer(word, presentedDigest, CALLER), RULES, nowNanos);
  }

  private static IpAddress address(String text) {
    IpAddress address = IpAddress.parse(text);
    if (address == null) {
      throw new AssertionError(text);
    }
    return address;
  }

  private void onTime(MemberId... live) {
    others.onHeard(List.of(live), nowNanos);
    registrations.onTime(others, nowNanos);
  }

  private List<String> listedNow() {
    registrations.onTime(others, nowNanos);
    return registrations.listed().stream().map(listed -> listed.backend().name()).toList();
  }

  private List<String> addresses() {
    return registrations.listed().stream().map(l -> l.backend().id().toString()).toList();
  }

  private static Registration word(String name, long incarnation, long sequence) {
    return word(name, incarnation, sequence, "10.0.0.1:3000", "secret");
  }

  private static Registration word(
      String name, long incarnation, long sequence, String address, String secret) {
    return registration(
        name,
        incarnation,
        sequence,
        new Registration.Terms(BackendId.parse(address), 1, LEASE / 1_000_000, secret));
  }

  private static Registration withdrawal(String name, long incarnation, long sequence) {
    return registration(name, incarnation, sequence, null);
  }

  private static Registration registration(
      String name, long incarnation, long sequence, Registration.@Nullable Terms terms) {
    return new Registration(WEB, name, incarnation, sequence, terms);
  }
}
