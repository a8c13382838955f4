package dev.backline.balancer.control;

import static org.assertj.core.api.Assertions.assertThat;

import dev.backline.balancer.health.Evidence;
import dev.backline.balancer.health.Grounds;
import dev.backline.balancer.health.Observation;
import dev.backline.balancer.health.ProbeResult;
import dev.backline.balancer.model.AdminState;
import dev.backline.balancer.model.Backend;
import dev.backline.balancer.model.BackendId;
import dev.backline.balancer.model.Cause;
import dev.backline.balancer.model.MemberId;
import dev.backline.balancer.model.PoolName;
import dev.backline.balancer.model.Verdict;
import dev.backline.balancer.route.Router;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What the other members' observations change here, and what this one tells them. */
class HearsayTest {
  private static final PoolName WEB = new PoolName("web");
  private static final MemberId TWO = new MemberId("balancer-2");
  private static final MemberId THREE = new MemberId("balancer-3");
  private static final long SECOND = 1_000_000_000L;
  private static final Evidence BAD = new Evidence.Request("answers 500", 0);
  private static final Observation REFUSING =
      new Observation(Verdict.REFUSING, Grounds.TRANSPORT, "refused");
  private static final Observation EJECTED =
      new Observation(Verdict.EJECTED, Grounds.REQUEST, "answers 500 too often");

  private final Controller controller = new Controller(new MemberId("balancer-1"), 1);
  private long nowNanos = SECOND;

  @BeforeEach
  void threeBackendsAreUp() {
    apply(new Event.ConfigReplaced(List.of(PoolPolicy.ofDefaults(WEB)), new Router(List.of())));
    apply(new Event.BackendsListed(WEB, List.of(backend("a"), backend("b"), backend("c"))));
    apply(new Event.MembersHeard(List.of(TWO, THREE)));
    for (String name : List.of("a", "b", "c")) {
      pass(name);
    }
  }

  @Test
  void failedConnectionElsewhereMakesSuspectAndIsLookedAtAtOnce() {
    List<Effect> effects = hear(TWO, "a", REFUSING);

    assertThat(view("a").verdict()).isEqualTo(Verdict.SUSPECT);
    assertThat(view("a").reason()).isEqualTo("balancer-2 says: refused");
    assertThat(effects).contains(new Effect.ProbeAfter(WEB, id("a"), 0, true));
  }

  @ParameterizedTest
  @EnumSource(
      value = Grounds.class,
      names = {"TRANSPORT", "SILENCE", "PROBE"})
  void suspicionElsewhereOnWhatItSawItselfMakesSuspect(Grounds grounds) {
    hear(TWO, "a", new Observation(Verdict.SUSPECT, grounds, "x"));
    assertThat(view("a").verdict()).isEqualTo(Verdict.SUSPECT);
  }

  @ParameterizedTest
  @EnumSource(
      value = Grounds.class,
      names = {"HEARSAY", "REQUEST"})
  void hearsayOfHearsayAndOneBadAnswerChangeNothing(Grounds grounds) {
    hear(TWO, "a", new Observation(Verdict.SUSPECT, grounds, "x"));
    assertThat(view("a").verdict()).isEqualTo(Verdict.UP);
  }

  /** A partial partition must not take a backend from the members that can reach it. */
  @Test
  void ownPassBeatsHearsayHoweverOftenItIsRepeated() {
    hear(TWO, "a", REFUSING);
    nowNanos += 5_000_000;
    pass("a");
    assertThat(view("a").verdict()).isEqualTo(Verdict.UP);

    assertThat(hear(TWO, "a", REFUSING)).as("the same again").isEmpty();
    assertThat(view("a").verdict()).isEqualTo(Verdict.UP);
    assertThat(view("a").heard()).containsEntry(TWO, REFUSING);
  }

  @Test
  void ownFailedLookAfterHearsayPutsItDown() {
    hear(TWO, "a", REFUSING);
    probe("a", ProbeResult.failed(Cause.REFUSED));
    probe("a", ProbeResult.failed(Cause.REFUSED));
    assertThat(view("a").verdict()).isEqualTo(Verdict.REFUSING);
  }

  @Test
  void hearsayNeverBringsABackendBackButIsLookedAt() {
    probe("a", ProbeResult.failed(Cause.REFUSED));
    probe("a", ProbeResult.failed(Cause.REFUSED));

    nowNanos += SECOND / 2;

    List<Effect> effects = hear(TWO, "a", new Observation(Verdict.UP, Grounds.NONE, "passes: 200"));

    assertThat(view("a").verdict()).isEqualTo(Verdict.REFUSING);
    assertThat(effects).contains(new Effect.ProbeAfter(WEB, id("a"), 0, true));
  }

  @Test
  void whatHasJustGoneDownIsLookedAtAfterHalfASecondWhoeverSaysThatItIsWell() {
    probe("a", ProbeResult.failed(Cause.REFUSED));
    probe("a", ProbeResult.failed(Cause.REFUSED));
    nowNanos += SECOND / 10;

    List<Effect> effects = hear(TWO, "a", new Observation(Verdict.UP, Grounds.NONE, "passes: 200"));

    assertThat(effects).contains(new Effect.ProbeAfter(WEB, id("a"), 4 * SECOND / 10, true));
  }

  @Test
  void drainElsewhereIsLookedAt() {
    List<Effect> effects =
        hear(TWO, "a", new Observation(Verdict.DRAINING, Grounds.PROBE, "announces its stop"));
    assertThat(effects).contains(new Effect.ProbeAfter(WEB, id("a"), 0, true));
    assertThat(view("a").verdict()).isEqualTo(Verdict.UP);
  }

  /** Else a backend that only one member can't reach would be suspected for ever. */
  @Test
  void sameHearsayInOtherWordsSuspectsOnce() {
    hear(TWO, "a", REFUSING);
    pass("a");
    assertThat(view("a").verdict()).isEqualTo(Verdict.UP);

    hear(TWO, "a", new Observation(Verdict.REFUSING, Grounds.TRANSPORT, "no route"));

    assertThat(view("a").verdict()).isEqualTo(Verdict.UP);
    assertThat(view("a").heard().values()).extracting(Observation::reason).contains("no route");
  }

  @Test
  void ejectionElsewhereCountsWhenTwoAgree() {
    hear(TWO, "a", EJECTED);
    assertThat(view("a").verdict()).isEqualTo(Verdict.UP);

    List<Effect> effects = hear(THREE, "a", EJECTED);

    assertThat(view("a").verdict()).isEqualTo(Verdict.EJECTED);
    String why = "2 members say: answers 500 too often";
    assertThat(view("a").reason()).isEqualTo(why);
    Observation told = new Observation(Verdict.EJECTED, Grounds.HEARSAY, why);
    assertThat(effects).contains(new Effect.ShareObservation(WEB, id("a"), told));
  }

  /** One against one: one of them may be at fault itself. */
  @Test
  void ejectionByOneWhereThisMemberSeesItWellIsATieAndIsLookedAt() {
    List<Effect> effects = hear(TWO, "a", EJECTED);
    assertThat(view("a").verdict()).isEqualTo(Verdict.UP);
    assertThat(effects).containsExactly(new Effect.ProbeAfter(WEB, id("a"), 0, true));
    pass("a");
    assertThat(view("a").verdict()).isEqualTo(Verdict.UP);
    assertThat(view("a").heard()).as("what they disagree on is shown").containsEntry(TWO, EJECTED);
  }

  /** What it was told before must not take its own word away. */
  @Test
  void ejectionByTheOneThatMadeItSuspectIsATie() {
    hear(TWO, "a", new Observation(Verdict.SUSPECT, Grounds.SILENCE, "silent"));
    assertThat(view("a").verdict()).isEqualTo(Verdict.SUSPECT);

    hear(TWO, "a", EJECTED);

    assertThat(view("a").verdict()).isEqualTo(Verdict.SUSPECT);
  }

  @Test
  void ejectionByTheOnlyOneThatHasLookedLatelyCounts() {
    nowNanos += 3 * SECOND;
    hear(TWO, "a", EJECTED);
    assertThat(view("a").verdict()).isEqualTo(Verdict.EJECTED);
    assertThat(view("a").reason()).isEqualTo("balancer-2 says: answers 500 too often");
  }

  /** It has not looked since, but it has not had the time either. */
  @Test
  void whoHasJustStoodStillIsNotOutvotedAndLooks() {
    nowNanos += 4 * SECOND;
    apply(new Event.Stalled(4 * SECOND));
    assertThat(hear(TWO, "a", EJECTED)).contains(new Effect.ProbeAfter(WEB, id("a"), 0, true));
    assertThat(view("a").verdict()).isEqualTo(Verdict.UP);
  }

  @Test
  void ownLookCountsForThreeSeconds() {
    nowNanos += 3 * SECOND - 1;
    assertThat(hear(TWO, "a", EJECTED)).contains(new Effect.ProbeAfter(WEB, id("a"), 0, true));
    assertThat(view("a").verdict()).isEqualTo(Verdict.UP);
  }

  @Test
  void ejectionByOneIsATieWhereAnotherOneSeesItWell() {
    hear(THREE, "a", new Observation(Verdict.UP, Grounds.NONE, "passes: 200"));
    nowNanos += 3 * SECOND;
    List<Effect> effects = hear(TWO, "a", EJECTED);
    assertThat(view("a").verdict()).isEqualTo(Verdict.UP);
    assertThat(effects).containsExactly(new Effect.ProbeAfter(WEB, id("a"), 0, true));
  }

  @Test
  void ejectionByOneIsOutvotedByTwo() {
    hear(THREE, "a", new Observation(Verdict.UP, Grounds.NONE, "passes: 200"));
    assertThat(hear(TWO, "a", EJECTED)).isEmpty();
    assertThat(view("a").verdict()).isEqualTo(Verdict.UP);
  }

  @Test
  void whatThisMemberKnowsIsWorseStays() {
    probe("a", ProbeResult.failed(Cause.REFUSED));
    probe("a", ProbeResult.failed(Cause.REFUSED));
    hear(TWO, "a", EJECTED);
    hear(THREE, "a", EJECTED);
    assertThat(view("a").verdict()).isEqualTo(Verdict.REFUSING);
  }

  @Test
  void oneMemberAloneNeverEjectsMoreThanHalf() {
    nowNanos += 3 * SECOND;
    for (String name : List.of("a", "b", "c")) {
      hear(TWO, name, EJECTED);
    }
    assertThat(List.of(view("a").verdict(), view("b").verdict(), view("c").verdict()))
        .containsExactly(Verdict.EJECTED, Verdict.UP, Verdict.UP);
  }

  @Test
  void ejectionThatIsOnlyHearsayElsewhereDoesNotCount() {
    Observation hearsay =
        new Observation(Verdict.EJECTED, Grounds.HEARSAY, "2 members say: answers 500 too often");
    hear(TWO, "a", EJECTED);
    hear(THREE, "a", hearsay);
    assertThat(view("a").verdict()).isEqualTo(Verdict.UP);
  }

  @Test
  void memberThatIsSilentDoesNotCount() {
    hear(TWO, "a", EJECTED);
    apply(new Event.MembersHeard(List.of(THREE)));
    assertThat(view("a").heard()).isEmpty();

    hear(THREE, "a", EJECTED);

    assertThat(view("a").verdict()).isEqualTo(Verdict.UP);
  }

  @Test
  void agreementNeverEjectsMoreThanHalf() {
    for (String name : List.of("a", "b", "c")) {
      hear(TWO, name, EJECTED);
      hear(THREE, name, EJECTED);
    }
    assertThat(List.of(view("a").verdict(), view("b").verdict(), view("c").verdict()))
        .containsExactly(Verdict.EJECTED, Verdict.UP, Verdict.UP);
  }

  @Test
  void ejectionElsewhereChangesNothingForOneThatIsDrainedHere() {
    apply(new Event.AdminCommanded(new AdminCommand.SetState(WEB, id("a"), AdminState.DRAIN)));
    hear(TWO, "a", EJECTED);
    hear(THREE, "a", EJECTED);
    assertThat(view("a").verdict()).isEqualTo(Verdict.UP);
  }

  @Test
  void whatIsWithdrawnOrUnknownIsForgotten() {
    hear(TWO, "a", EJECTED);
    apply(new Event.ObservationWithdrawn(TWO, WEB, id("a")));
    assertThat(view("a").heard()).isEmpty();
    assertThat(hear(TWO, "z", REFUSING)).isEmpty();
    assertThat(apply(new Event.ObservationHeard(TWO, new PoolName("no"), id("a"), REFUSING, true)))
        .isEmpty();
  }

  @Test
  void othersAreToldOfEachChangeOnce() {
    List<Observation> told = new ArrayList<>();
    for (Effect effect :
        apply(
            new Event.EvidenceSeen(
                WEB, id("a"), List.of(new Evidence.Transport(Cause.REFUSED, false, 0))))) {
      if (effect instanceof Effect.ShareObservation share) {
        told.add(share.observation());
      }
    }
    assertThat(told)
        .containsExactly(new Observation(Verdict.SUSPECT, Grounds.TRANSPORT, "refused"));
    assertThat(apply(new Event.TimePassed())).isEmpty();
  }

  @Test
  void othersAreToldOnWhatAnEjectionStands() {
    List<Effect> effects =
        apply(new Event.EvidenceSeen(WEB, id("a"), List.of(BAD, BAD, BAD, BAD, BAD)));
    assertThat(effects).contains(new Effect.ShareObservation(WEB, id("a"), EJECTED));
  }

  /** Nor is the trial that follows it said on as if it stood on what was seen here. */
  @Test
  void trialAfterHearsayStandsOnHearsay() {
    nowNanos += 3 * SECOND;
    hear(TWO, "a", EJECTED);
    nowNanos += 2 * SECOND;
    List<Effect> effects = apply(new Event.TimePassed());
    assertThat(view("a").verdict()).isEqualTo(Verdict.TRIAL);
    assertThat(effects)
        .filteredOn(Effect.ShareObservation.class::isInstance)
        .map(effect -> ((Effect.ShareObservation) effect).observation().grounds())
        .containsExactly(Grounds.HEARSAY);
  }

  @Test
  void othersAreToldWhatIsNoLongerListed() {
    List<Effect> effects =
        apply(new Event.BackendsListed(WEB, List.of(backend("b"), backend("c"))));
    assertThat(effects).contains(new Effect.WithdrawObservation(WEB, id("a")));
  }

  private List<Effect> hear(MemberId member, String name, Observation observation) {
    return apply(new Event.ObservationHeard(member, WEB, id(name), observation, true));
  }

  private void pass(String name) {
    probe(name, new ProbeResult.Passed(200, 1_000_000));
  }

  private void probe(String name, ProbeResult result) {
    apply(new Event.ProbeFinished(WEB, id(name), result, nowNanos));
  }

  private List<Effect> apply(Event event) {
    return controller.apply(event, nowNanos);
  }

  private BackendView view(String name) {
    PoolSnapshot pool = controller.snapshot().pools().get(WEB);
    if (pool == null) {
      throw new AssertionError(controller.snapshot());
    }
    return pool.backends().stream()
        .filter(view -> view.backend().id().equals(id(name)))
        .findFirst()
        .orElseThrow();
  }

  private static BackendId id(String name) {
    return new BackendId(name, 3000);
  }

  private static Backend backend(String name) {
    return new Backend(id(name), name, 1);
  }
}
