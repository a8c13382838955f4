package dev.backline.balancer.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import dev.backline.balancer.health.Grounds;
import dev.backline.balancer.health.Observation;
import dev.backline.balancer.model.BackendId;
import dev.backline.balancer.model.MemberId;
import dev.backline.balancer.model.PoolName;
import dev.backline.balancer.model.Registration;
import dev.backline.balancer.model.Verdict;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** What travels between members: signed, ordered, and read back. */
class RecordsTest {
  private static final String KIND = "observations";
  private static final long SECOND = 1_000_000_000L;

  private final Signer signer = new Signer("stage", "a secret of sixteen bytes");

  private SharedRecord record(long incarnation, long sequence, String... fields) {
    return signer.sign(KIND, "web\na\n3000", "balancer-2", incarnation, sequence, List.of(fields));
  }

  @Test
  void ownSignatureVerifies() {
    assertThat(signer.verifies(KIND, record(1, 1, "UP", "NONE", "x"))).isTrue();
  }

  @Test
  void whatWasChangedOnItsWayDoesNotVerify() {
    SharedRecord r = record(1, 1, "UP", "NONE", "x");
    List<String> fields = r.fields();
    List<SharedRecord> forged =
        List.of(
            new SharedRecord("beats", r.key(), r.owner(), 1, 1, fields, r.mac()),
            new SharedRecord(KIND, "web\nb\n3000", r.owner(), 1, 1, fields, r.mac()),
            new SharedRecord(KIND, r.key(), "balancer-3", 1, 1, fields, r.mac()),
            new SharedRecord(KIND, r.key(), r.owner(), 2, 1, fields, r.mac()),
            new SharedRecord(KIND, r.key(), r.owner(), 1, 2, fields, r.mac()),
            new SharedRecord(KIND, r.key(), r.owner(), 1, 1, List.of("DOWN", "NONE", "x"), r.mac()),
            new SharedRecord(KIND, r.key(), r.owner(), 1, 1, List.of("UP", "NONEx", ""), r.mac()),
            new SharedRecord(KIND, r.key(), r.owner(), 1, 1, List.of(), r.mac()),
            new SharedRecord(KIND, r.key(), r.owner(), 1, 1, fields, ""),
            new SharedRecord(KIND, r.key(), r.owner(), 1, 1, fields, r.mac().substring(1)));
    assertThat(forged).noneMatch(changed -> signer.verifies(KIND, changed));
  }

  @Test
  void signatureCountsForOneKindOneClusterAndOneSecret() {
    SharedRecord r = record(1, 1, "UP", "NONE", "x");
    assertThat(signer.verifies("beats", r)).isFalse();
    assertThat(new Signer("hall", "a secret of sixteen bytes").verifies(KIND, r)).isFalse();
    assertThat(new Signer("stage", "another of sixteen bytes").verifies(KIND, r)).isFalse();
  }

  /** After a split heals, deletes and old values come again. */
  @Test
  void onlyWhatIsNewerIsNews() {
    Ledger ledger = new Ledger();
    assertThat(ledger.take(record(1, 5, "UP", "NONE", "x"))).isTrue();
    assertThat(ledger.take(record(1, 5, "UP", "NONE", "x"))).as("again").isFalse();
    assertThat(ledger.take(record(1, 4, "DOWN", "PROBE", "x"))).as("older").isFalse();
    assertThat(ledger.take(record(1, 6))).as("withdrawn").isTrue();
    assertThat(ledger.take(record(1, 5, "UP", "NONE", "x"))).as("resurrected").isFalse();
    assertThat(ledger.take(record(2, 1, "UP", "NONE", "x"))).as("a new life").isTrue();
    assertThat(ledger.take(record(1, 99, "DOWN", "PROBE", "x"))).as("an old life").isFalse();
    assertThat(ledger.of("balancer-2")).hasSize(1);
    assertThat(ledger.of("balancer-3")).isEmpty();

    ledger.forgetAllBut(Set.of(record(2, 1).mapKey()), List.of());
    assertThat(ledger.of("balancer-2")).as("it stands in the map").hasSize(1);
    ledger.forgetAllBut(Set.of(), List.of(new MemberId("balancer-2")));
    assertThat(ledger.of("balancer-2")).as("its owner is live").hasSize(1);
    ledger.forgetAllBut(Set.of(), List.of());
    assertThat(ledger.of("balancer-2")).isEmpty();
  }

  @Test
  void observationsAreReadAsTheyWereWritten() {
    for (Verdict verdict : Verdict.values()) {
      for (Grounds grounds : Grounds.values()) {
        Observation written = new Observation(verdict, grounds, "why, \"so\"\n");
        assertThat(ClusterCodec.observation(ClusterCodec.fields(written))).isEqualTo(written);
      }
    }
    BackendId six = new BackendId("::1", 3000);
    ClusterCodec.Subject subject = ClusterCodec.subject(ClusterCodec.key(new PoolName("web"), six));
    assertThat(subject).isEqualTo(new ClusterCodec.Subject(new PoolName("web"), six));
  }

  @Test
  void registrationsAreReadAsTheyWereWritten() {
    Registration.Terms terms =
        new Registration.Terms(new BackendId("fd00::5", 3000), 3, 10_000, "digest");
    for (Registration written :
        List.of(
            new Registration(new PoolName("web"), "a", 7, 9, terms),
            new Registration(new PoolName("web"), "a", 7, 10, null))) {
      SharedRecord record = registration(ClusterCodec.key(written), written);
      assertThat(ClusterCodec.registration(record)).isEqualTo(written);
    }
  }

  @Test
  void registrationsThatThisVersionCannotReadAreLeftAlone() {
    Registration.Terms terms = new Registration.Terms(new BackendId("h", 1), 3, 10_000, "d");
    Registration written = new Registration(new PoolName("web"), "a", 7, 9, terms);
    assertThat(ClusterCodec.registration(registration("web", written))).isNull();
    assertThat(ClusterCodec.registration(registration("web\na b", written))).isNull();
    for (List<String> fields :
        List.of(
            List.of("h:1", "3", "10000"),
            List.of("h", "3", "10000", "d"),
            List.of("h:1", "0", "10000", "d"),
            List.of("h:1", "3", "soon", "d"))) {
      SharedRecord record = signer.sign("registrations", "web\na", "balancer-2", 7, 9, fields);
      assertThat(ClusterCodec.registration(record)).as("%s", fields).isNull();
    }
  }

  private SharedRecord registration(String key, Registration word) {
    return signer.sign(
        "registrations",
        key,
        "balancer-2",
        word.incarnation(),
        word.sequence(),
        ClusterCodec.fields(word));
  }

  @Test
  void ledgerForgetsWhatStandsNowhereAnyMore() {
    Ledger ledger = new Ledger();
    SharedRecord known = record(1, 5, "UP", "NONE", "x");
    ledger.take(known);
    ledger.forgetAllBut(Set.of(known.mapKey()), List.of());
    assertThat(ledger.take(known)).isFalse();
    ledger.forgetAllBut(Set.of(), List.of());
    assertThat(ledger.take(known)).isTrue();
  }

  @Test
  void wordsOfALaterVersionAreLeftAlone() {
    assertThat(ClusterCodec.observation(List.of("ASLEEP", "NONE", ""))).isNull();
    assertThat(ClusterCodec.observation(List.of("UP", "DREAM", ""))).isNull();
    assertThat(ClusterCodec.observation(List.of("UP"))).isNull();
    assertThat(ClusterCodec.observation(List.of("UP", "NONE", "x", "more"))).isNotNull();
    assertThat(ClusterCodec.subject("web\na")).isNull();
    assertThat(ClusterCodec.subject("web\na\nport")).isNull();
    assertThat(ClusterCodec.subject("")).isNull();
  }

  @Test
  void memberIsLiveUntilItWasSilentForThreeSeconds() {
    Liveness liveness = new Liveness();
    MemberId two = new MemberId("balancer-2");
    MemberId three = new MemberId("balancer-3");
    assertThat(liveness.onHeard(three, 1, 0)).as("new").isTrue();
    assertThat(liveness.onHeard(two, 1, SECOND)).isTrue();
    assertThat(liveness.onHeard(three, 1, SECOND)).as("known").isFalse();
    assertThat(liveness.live(4 * SECOND - 1)).containsExactly(two, three);
    assertThat(liveness.live(4 * SECOND)).isEmpty();
    assertThat(liveness.onHeard(two, 1, 5 * SECOND)).as("back").isTrue();
    liveness.onGone(two);
    assertThat(liveness.live(5 * SECOND)).isEmpty();
    assertThat(liveness.onHeard(two, 1, 5 * SECOND)).as("not for good").isTrue();

    liveness.onLeft(two, 1);
    assertThat(liveness.live(5 * SECOND)).isEmpty();
    assertThat(liveness.onHeard(two, 1, 5 * SECOND)).as("came on another way").isFalse();
    assertThat(liveness.live(5 * SECOND)).isEmpty();
    assertThat(liveness.onHeard(two, 2, 6 * SECOND)).as("another life").isTrue();
    assertThat(liveness.live(6 * SECOND)).containsExactly(two);
  }
}
