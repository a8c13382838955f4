package dev.backline.balancer.control;

import static org.assertj.core.api.Assertions.assertThat;

import dev.backline.balancer.balance.BalancePolicy;
import dev.backline.balancer.balance.Eligibility;
import dev.backline.balancer.balance.SelectionPolicy;
import dev.backline.balancer.balance.SlowStart;
import dev.backline.balancer.control.Effect.AlarmLocal;
import dev.backline.balancer.control.Effect.ClearSuspicion;
import dev.backline.balancer.control.Effect.CloseIdle;
import dev.backline.balancer.control.Effect.ProbeAfter;
import dev.backline.balancer.control.Effect.StopProbing;
import dev.backline.balancer.control.Effect.TellVerdict;
import dev.backline.balancer.health.Evidence;
import dev.backline.balancer.health.HealthPolicy;
import dev.backline.balancer.health.ProbeResult;
import dev.backline.balancer.model.AdminState;
import dev.backline.balancer.model.Backend;
import dev.backline.balancer.model.BackendId;
import dev.backline.balancer.model.Cause;
import dev.backline.balancer.model.MemberId;
import dev.backline.balancer.model.PoolName;
import dev.backline.balancer.model.Verdict;
import dev.backline.balancer.route.Route;
import dev.backline.balancer.route.Router;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

final class ControllerTest {
  private static final long MILLI = 1_000_000;
  private static final long SECOND = 1_000 * MILLI;
  private static final PoolName WEB = new PoolName("web");
  private static final PoolName API = new PoolName("api");
  private static final Evidence REFUSED = new Evidence.Transport(Cause.REFUSED, false, 0);
  private static final Evidence BAD = new Evidence.Request("answers 500", 0);

  private final Controller controller = new Controller(new MemberId("balancer-1"), 1);
  private long nowNanos = -5 * SECOND;

  // Membership

  @Test
  void nothingIsThereAtFirst() {
    assertThat(controller.snapshot()).isEqualTo(Snapshot.EMPTY);
    assertThat(controller.nextDeadlineNanos()).isEqualTo(Long.MAX_VALUE);
  }

  @Test
  void listedBackendsAreUnprovenAndProbedAtOnce() {
    configure(WEB);
    List<Effect> effects = list(WEB, "a", "b");
    assertThat(names(effects)).isEqualTo("ProbeAfter a, ProbeAfter b");
    assertThat(effects).contains(new ProbeAfter(WEB, id("a"), 0));
    assertThat(view("a").verdict()).isEqualTo(Verdict.UNPROVEN);
    assertThat(view("a").eligibility()).isEqualTo(Eligibility.NONE);
    assertThat(view("a").lastProbe()).isNull();
  }

  @Test
  void onePassProvesABackendAndBeginsItsSlowStart() {
    configure(WEB);
    list(WEB, "a");
    List<Effect> effects = pass("a");
    assertThat(names(effects)).isEqualTo("ClearSuspicion a, Renew a, UNPROVEN>UP a, ProbeAfter a");
    assertThat(view("a").slowStart()).isEqualTo(new SlowStart(nowNanos, 10 * SECOND));
  }

  @Test
  void listingAgainKeepsWhatIsKnownAndTheNewOrder() {
    up("a", "b");
    BackendView before = view("a");
    list(WEB, "b", "c", "a");
    assertThat(ids()).containsExactly("b", "c", "a");
    assertThat(view("a")).isEqualTo(before);
    assertThat(view("c").verdict()).isEqualTo(Verdict.UNPROVEN);
  }

  @Test
  void listingTheSameChangesNothing() {
    up("a", "b");
    Snapshot before = controller.snapshot();
    assertThat(list(WEB, "a", "b")).isEmpty();
    assertThat(controller.snapshot()).isSameAs(before);
  }

  @Test
  void weightAndNameMayChangeWhileListed() {
    up("a");
    Backend heavier = new Backend(id("a"), "alpha", 7);
    assertThat(apply(new Event.BackendsListed(WEB, List.of(heavier)))).isEmpty();
    assertThat(view("a").backend()).isEqualTo(heavier);
    assertThat(view("a").verdict()).isEqualTo(Verdict.UP);
  }

  /** A name that resolves to one address twice made the second entry forget the first. */
  @Test
  void backendListedTwiceIsOneAndKeepsWhatIsKnown() {
    up("a", "b");
    assertThat(list(WEB, "a", "b", "a")).isEmpty();
    assertThat(ids()).containsExactly("a", "b");
    assertThat(view("a").verdict()).isEqualTo(Verdict.UP);
    assertThat(list(WEB, "c", "c").stream().filter(ProbeAfter.class::isInstance)).hasSize(1);
  }

  @Test
  void removedBackendIsProbedNoMoreAndItsIdleConnectionsClose() {
    up("a", "b");
    assertThat(names(list(WEB, "b"))).isEqualTo("StopProbing a, CloseIdle a");
    assertThat(ids()).containsExactly("b");
  }

  @Test
  void emptyListIsAnEmptyPool() {
    up("a");
    list(WEB);
    assertThat(ids()).isEmpty();
    assertThat(pool().isPanic()).isFalse();
  }

  @Test
  void whatReturnsAfterItsRemovalIsUnprovenAgain() {
    up("a", "b");
    list(WEB, "b");
    list(WEB, "a", "b");
    assertThat(view("a").verdict()).isEqualTo(Verdict.UNPROVEN);
    assertThat(view("a").slowStart()).isEqualTo(SlowStart.OVER);
  }

  @Test
  void lateEventsForARemovedBackendAreIgnored() {
    up("a", "b");
    list(WEB, "b");
    Snapshot before = controller.snapshot();
    assertThat(fail("a", REFUSED, REFUSED)).isEmpty();
    assertThat(fail("a", BAD, BAD, BAD, BAD, BAD)).isEmpty();
    assertThat(pass("a")).isEmpty();
    assertThat(probe("a", ProbeResult.failed(Cause.REFUSED))).isEmpty();
    assertThat(probe("a", new ProbeResult.Draining())).isEmpty();
    assertThat(wish("a", AdminState.DRAIN)).isEmpty();
    assertThat(controller.snapshot()).isSameAs(before);
  }

  @Test
  void eventsForAnUnknownPoolAreIgnored() {
    assertThat(list(WEB, "a")).isEmpty();
    assertThat(pass("a")).isEmpty();
    assertThat(fail("a", REFUSED)).isEmpty();
    assertThat(wish("a", AdminState.DRAIN)).isEmpty();
    assertThat(controller.snapshot()).isEqualTo(Snapshot.EMPTY);
  }

  // Configuration

  @Test
  void reloadKeepsBackendsAndVerdictsOfPoolsThatStay() {
    up("a", "b");
    fail("b", REFUSED, REFUSED);
    configure(WEB, API);
    assertThat(ids()).containsExactly("a", "b");
    assertThat(view("b").verdict()).isEqualTo(Verdict.REFUSING);
    assertThat(controller.snapshot().pools().keySet()).containsExactly(WEB, API);
  }

  @Test
  void poolThatIsGoneStopsProbing() {
    up("a", "b");
    assertThat(names(configure(API)))
        .isEqualTo("StopProbing a, CloseIdle a, StopProbing b, CloseIdle b");
    assertThat(controller.snapshot().pools().keySet()).containsExactly(API);
  }

  @Test
  void newPolicyHoldsFromTheNextEventOn() {
    up("a");
    apply(
        new Event.ConfigReplaced(
            List.of(
                withHealth(
                    WEB,
                    new HealthPolicy("/up", Duration.ofSeconds(9), Duration.ofSeconds(1), 1, 1))),
            router(WEB)));
    assertThat(pool().policy().health().path()).isEqualTo("/up");
    assertThat(view("a").verdict()).isEqualTo(Verdict.UP);
    probe("a", ProbeResult.of(500, false, MILLI));
    assertThat(view("a").verdict()).as("fall is 1 now").isEqualTo(Verdict.DOWN);
  }

  /** A pool that was probed once a minute stayed so for a minute after it was reloaded. */
  @Test
  void newHealthPolicyIsTriedAtItsOwnPace() {
    configure(withHealth(WEB, interval(60)));
    list(WEB, "a");
    pass("a");
    List<Effect> effects = configure(withHealth(WEB, interval(1)));
    assertThat(names(effects)).isEqualTo("ProbeAfter a");
    ProbeAfter probe = (ProbeAfter) effects.get(0);
    assertThat(probe.delayNanos()).isBetween(800 * MILLI, 1_200 * MILLI);
    assertThat(configure(withHealth(WEB, interval(1)))).isEmpty();
  }

  @Test
  void routesAreReplacedWithThePools() {
    configure(WEB);
    Router router = router(API);
    apply(new Event.ConfigReplaced(List.of(PoolPolicy.ofDefaults(WEB)), router));
    assertThat(controller.snapshot().router()).isSameAs(router);
  }

  // Snapshots

  @Test
  void versionGrowsByOneWithEachChangeAndOnlyThen() {
    configure(WEB);
    assertThat(controller.snapshot().version()).isEqualTo(1);
    list(WEB, "a", "b");
    assertThat(controller.snapshot().version()).isEqualTo(2);
    pass("a");
    assertThat(controller.snapshot().version()).isEqualTo(3);
    pass("a");
    fail("a", new Evidence.Local(Cause.NO_DESCRIPTORS));
    fail("a", BAD);
    apply(new Event.TimePassed());
    wish("a", AdminState.READY);
    list(WEB, "a", "b");
    assertThat(controller.snapshot().version()).isEqualTo(3);
  }

  /** The same file read again made a new router, and so a new snapshot. */
  @Test
  void reloadOfTheSameConfigurationChangesNothing() {
    up("a");
    Snapshot before = controller.snapshot();
    assertThat(configure(WEB)).isEmpty();
    assertThat(controller.snapshot()).isSameAs(before);
  }

  @Test
  void unchangedPoolsStayTheSameObjects() {
    up("a");
    configure(WEB, API);
    apply(new Event.BackendsListed(API, List.of(backend("z"))));
    PoolSnapshot api = controller.snapshot().pools().get(API);
    fail("a", REFUSED);
    assertThat(controller.snapshot().pools().get(API)).isSameAs(api);
    PoolSnapshot web = pool();
    apply(new Event.ProbeFinished(API, id("z"), new ProbeResult.Passed(200, 1), nowNanos));
    assertThat(pool()).isSameAs(web);
    assertThat(controller.snapshot().pools().get(API)).isNotSameAs(api);
  }

  @Test
  void oldSnapshotsNeverChange() {
    up("a", "b");
    Snapshot old = controller.snapshot();
    String before = old.toString();
    fail("a", REFUSED, REFUSED);
    list(WEB, "c");
    assertThat(old.toString()).isEqualTo(before);
  }

  // Health

  @Test
  void suspicionProbesAtOnceAndAPassClearsIt() {
    up("a", "b");
    assertThat(names(fail("a", REFUSED))).isEqualTo("UP>SUSPECT a, ProbeAfter a");
    assertThat(view("a").eligibility()).isEqualTo(Eligibility.SUSPECT);
    assertThat(view("a").reason()).isEqualTo("refused");
    assertThat(names(pass("a")))
        .isEqualTo("ClearSuspicion a, SUSPECT>UP a, FreeAbandoned a, ProbeAfter a");
  }

  /**
   * A slot that a timed-out attempt or a client that left holds is given back when the backend is
   * heard. Without that a backend which looked a little busier than the others got no exchange any
   * more, was never heard, and stayed so for ever (seeds 8 and 364).
   */
  @Test
  void everyPassTellsThatABackendInServiceIsHeard() {
    up("a", "b");
    assertThat(names(pass("a"))).isEqualTo("ClearSuspicion a, FreeAbandoned a, ProbeAfter a");
    fail("a", BAD, BAD, BAD, BAD, BAD);
    assertThat(names(pass("a")))
        .as("ejected")
        .isEqualTo("ClearSuspicion a, FreeAbandoned a, ProbeAfter a");
    nowNanos += SECOND;
    apply(new Event.TimePassed());
    assertThat(names(pass("a")))
        .as("on trial")
        .isEqualTo("ClearSuspicion a, FreeAbandoned a, ProbeAfter a");
    fail("b", REFUSED, REFUSED);
    assertThat(names(pass("b"))).as("still out").isEqualTo("ProbeAfter b");
  }

  @Test
  void suspicionIsProbedWithoutDelay() {
    up("a");
    assertThat(fail("a", REFUSED)).contains(new ProbeAfter(WEB, id("a"), 0, true));
    pass("a");
    nowNanos += SECOND / 10;
    assertThat(fail("a", new Evidence.Request("answers 500", 20)))
        .contains(new ProbeAfter(WEB, id("a"), 0, true));
  }

  /** Where a suspicion comes with each request, and each probe clears it. */
  @Test
  void probesForSuspicionsAreTenASecondAtMost() {
    up("a");
    fail("a", REFUSED);
    pass("a");
    nowNanos += 10 * MILLI;
    assertThat(fail("a", REFUSED)).contains(new ProbeAfter(WEB, id("a"), 90 * MILLI, true));
    pass("a");
    nowNanos += 10 * MILLI;
    assertThat(fail("a", REFUSED)).contains(new ProbeAfter(WEB, id("a"), 80 * MILLI, true));
  }

  /**
   * Its health page is well, and its connections break: probes alone would bring it back for ever.
   */
  @Test
  void backendThatBreaksConnectionsReturnsOnTrialAndForLongerEachTime() {
    up("a", "b");
    Evidence reset = new Evidence.Transport(Cause.RESET, false, 0);
    fail("a", reset, reset);
    assertThat(view("a").verdict()).isEqualTo(Verdict.DOWN);
    pass("a");
    pass("a");
    assertThat(view("a").verdict()).isEqualTo(Verdict.TRIAL);
    fail("a", reset);
    assertThat(view("a").verdict()).isEqualTo(Verdict.EJECTED);
    assertThat(view("a").reason()).isEqualTo("reset too often");
  }

  /**
   * A look that was still to come would bring back what breaks only connections, ten times a
   * second.
   */
  @Test
  void whatGoesDownIsProbedAfterHalfASecondWhateverWasWantedBefore() {
    up("a", "b");
    List<Effect> effects = fail("a", REFUSED, REFUSED);
    assertThat(effects).contains(new Effect.ProbeAfter(WEB, id("a"), 500_000_000, false));
  }

  @Test
  void downClosesIdleConnectionsAndIsTold() {
    up("a", "b");
    List<Effect> effects = fail("a", REFUSED, REFUSED);
    assertThat(names(effects))
        .isEqualTo("UP>SUSPECT a, ProbeAfter a, CloseIdle a, SUSPECT>REFUSING a, ProbeAfter a");
    assertThat(effects)
        .contains(new TellVerdict(WEB, backend("a"), Verdict.SUSPECT, Verdict.REFUSING, "refused"));
  }

  @Test
  void drainOfABackendItselfTakesNoNewExchangesAndReturnsAfterRise() {
    up("a", "b");
    assertThat(names(probe("a", new ProbeResult.Draining())))
        .isEqualTo("CloseIdle a, UP>DRAINING a, ProbeAfter a");
    assertThat(view("a").eligibility()).isEqualTo(Eligibility.NONE);
    pass("a");
    assertThat(view("a").verdict()).isEqualTo(Verdict.DRAINING);
    pass("a");
    assertThat(view("a").verdict()).isEqualTo(Verdict.UP);
  }

  @Test
  void everyProbeIsFollowedByExactlyOneMore() {
    up("a", "b");
    for (ProbeResult result :
        List.of(
            new ProbeResult.Passed(200, 1),
            new ProbeResult.Draining(),
            ProbeResult.of(500, false, 1),
            ProbeResult.failed(Cause.REFUSED),
            ProbeResult.failed(Cause.TIMEOUT),
            ProbeResult.failed(Cause.NO_DESCRIPTORS))) {
      for (int i = 0; i < 3; i++) {
        assertThat(probe("a", result).stream().filter(ProbeAfter.class::isInstance)).hasSize(1);
      }
    }
  }

  @Test
  void localFailuresChangeNoVerdict() {
    up("a", "b");
    Snapshot before = controller.snapshot();
    for (Cause cause : Cause.values()) {
      if (cause.isLocal()) {
        for (int i = 0; i < 10; i++) {
          nowNanos += SECOND;
          assertThat(fail("a", new Evidence.Local(cause))).containsExactly(new AlarmLocal(cause));
          nowNanos += SECOND;
          assertThat(names(probe("a", ProbeResult.failed(cause))))
              .isEqualTo("AlarmLocal, ProbeAfter a");
        }
      }
    }
    assertThat(controller.snapshot()).isSameAs(before);
  }

  /** Where no port is left every attempt fails so: hundreds of lines a second told nobody more. */
  @Test
  void localFailureIsAlarmedOnceASecondForEachCause() {
    up("a", "b");
    Evidence noPort = new Evidence.Local(Cause.NO_LOCAL_ADDRESS);
    assertThat(names(fail("a", noPort, noPort))).isEqualTo("AlarmLocal");
    assertThat(fail("b", noPort)).isEmpty();
    assertThat(names(fail("b", new Evidence.Local(Cause.NO_BUFFERS)))).isEqualTo("AlarmLocal");
    nowNanos += SECOND;
    assertThat(names(fail("b", noPort))).isEqualTo("AlarmLocal");
  }

  @Test
  void localFailureOfAProbeOfARemovedBackendIsStillAlarmed() {
    up("a", "b");
    list(WEB, "b");
    assertThat(probe("a", ProbeResult.failed(Cause.NO_BUFFERS)))
        .containsExactly(new AlarmLocal(Cause.NO_BUFFERS));
  }

  @Test
  void outlierIsEjectedThenTriedThenUpAgain() {
    up("a", "b");
    assertThat(names(fail("a", BAD, BAD, BAD, BAD, BAD))).isEqualTo("UP>EJECTED a");
    assertThat(view("a").reason()).isEqualTo("answers 500 too often");
    assertThat(view("a").eligibility()).isEqualTo(Eligibility.LAST_RESORT);
    assertThat(controller.nextDeadlineNanos()).isEqualTo(nowNanos + SECOND);
    nowNanos += SECOND;
    assertThat(names(apply(new Event.TimePassed()))).isEqualTo("EJECTED>TRIAL a");
    nowNanos += SECOND;
    assertThat(names(apply(new Event.TimePassed()))).isEqualTo("ClearSuspicion a, TRIAL>UP a");
    assertThat(controller.nextDeadlineNanos()).isEqualTo(Long.MAX_VALUE);
  }

  /** Was: it waited for the next probe in turn, suspected for up to 1.2 s. */
  @Test
  void ejectionThatEndsInDoubtIsProbedAtOnce() {
    up("a", "b");
    fail("a", BAD, BAD, BAD, BAD, BAD);
    fail("a", REFUSED);
    nowNanos += SECOND;
    assertThat(names(apply(new Event.TimePassed()))).isEqualTo("EJECTED>SUSPECT a, ProbeAfter a");
  }

  @Test
  void lastEligibleBackendIsNeverEjected() {
    up("a", "b");
    fail("b", REFUSED, REFUSED);
    fail("a", BAD, BAD, BAD, BAD, BAD, BAD);
    assertThat(view("a").verdict()).isEqualTo(Verdict.UP);
  }

  /** A drained backend is up, but gets no exchanges: it is no reason to eject the other one. */
  @Test
  void lastReadyBackendIsNeverEjectedThoughADrainedOneIsWell() {
    up("a", "b");
    wish("b", AdminState.DRAIN);
    fail("a", BAD, BAD, BAD, BAD, BAD, BAD);
    assertThat(view("a").verdict()).isEqualTo(Verdict.UP);
    wish("b", AdminState.READY);
    fail("a", BAD);
    assertThat(view("a").verdict()).isEqualTo(Verdict.EJECTED);
  }

  @Test
  void halfOfThePoolIsEjectedAtMost() {
    up("a", "b", "c", "d", "e");
    for (String name : List.of("a", "b", "c")) {
      fail(name, BAD, BAD, BAD, BAD, BAD);
      nowNanos += 5 * SECOND / 10;
    }
    assertThat(List.of(view("a").verdict(), view("b").verdict(), view("c").verdict()))
        .containsExactly(Verdict.EJECTED, Verdict.EJECTED, Verdict.UP);
  }

  @Test
  void whenMostFailTogetherNobodyIsEjectedAndThoseJustEjectedComeBack() {
    up("a", "b", "c");
    fail("a", BAD, BAD, BAD, BAD, BAD);
    assertThat(view("a").verdict()).isEqualTo(Verdict.EJECTED);
    nowNanos += SECOND / 2;
    assertThat(names(fail("b", BAD, BAD, BAD, BAD, BAD)))
        .isEqualTo("ClearSuspicion a, EJECTED>UP a");
    assertThat(view("b").verdict()).isEqualTo(Verdict.UP);
  }

  /** The pardon was for the whole pool, also for one that had been out for long on its own. */
  @Test
  void oneThatWasEjectedLongBeforeIsNotPardonedWithTheOthers() {
    up("a", "b", "c", "d");
    for (int round = 0; round < 3; round++) {
      fail("a", BAD, BAD, BAD, BAD, BAD);
      nowNanos = Math.min(controller.nextDeadlineNanos(), nowNanos + 60 * SECOND);
      if (round < 2) {
        apply(new Event.TimePassed());
      } else {
        nowNanos -= SECOND;
      }
    }
    assertThat(view("a").verdict()).isEqualTo(Verdict.EJECTED);
    for (String name : List.of("b", "c", "d")) {
      fail(name, BAD, BAD, BAD, BAD, BAD);
    }
    assertThat(view("a").verdict()).isEqualTo(Verdict.EJECTED);
    assertThat(view("b").verdict()).isEqualTo(Verdict.UP);
    assertThat(view("d").verdict()).isEqualTo(Verdict.UP);
  }

  @Test
  void timeThatPassesTooEarlyDoesNothing() {
    up("a", "b");
    fail("a", BAD, BAD, BAD, BAD, BAD);
    nowNanos = controller.nextDeadlineNanos() - 1;
    assertThat(apply(new Event.TimePassed())).isEmpty();
  }

  // Slow start

  @Test
  void returnAfterDownIsShorterThanTheFirstStart() {
    up("a", "b");
    fail("a", REFUSED, REFUSED);
    nowNanos += 60 * SECOND;
    pass("a");
    pass("a");
    assertThat(view("a").slowStart()).isEqualTo(new SlowStart(nowNanos, 2 * SECOND));
  }

  @Test
  void slowStartIsNeverLongerThanConfigured() {
    configure(
        new PoolPolicy(
            WEB,
            new BalancePolicy(new SelectionPolicy.RoundRobin(), Duration.ofMillis(300), 9),
            HealthPolicy.DEFAULT,
            PoolPolicy.ofDefaults(WEB).retry(),
            PoolPolicy.ofDefaults(WEB).queue(),
            PoolPolicy.ofDefaults(WEB).connection()));
    list(WEB, "a");
    pass("a");
    assertThat(view("a").slowStart().durationNanos()).isEqualTo(300 * MILLI);
    fail("a", REFUSED, REFUSED);
    pass("a");
    pass("a");
    assertThat(view("a").slowStart().durationNanos()).isEqualTo(300 * MILLI);
  }

  /** A suspicion that was cleared gave a backend in slow start its whole weight at once. */
  @Test
  void suspicionDoesNotCutASlowStartShort() {
    up("a", "b");
    SlowStart begun = view("a").slowStart();
    nowNanos += SECOND;
    fail("a", REFUSED);
    pass("a");
    assertThat(view("a").verdict()).isEqualTo(Verdict.UP);
    assertThat(view("a").slowStart()).isEqualTo(begun);
    fail("a", BAD, BAD, BAD, BAD, BAD);
    nowNanos += 2 * SECOND;
    apply(new Event.TimePassed());
    nowNanos += 2 * SECOND;
    apply(new Event.TimePassed());
    assertThat(view("a").verdict()).isEqualTo(Verdict.UP);
    assertThat(view("a").slowStart()).isEqualTo(begun);
  }

  // Operators

  @Test
  void operatorsWishIsKeptThroughListingsReloadsAndVerdicts() {
    up("a", "b");
    assertThat(wish("a", AdminState.DRAIN)).isEmpty();
    assertThat(view("a").eligibility()).isEqualTo(Eligibility.NONE);
    list(WEB, "b", "a");
    configure(WEB, API);
    fail("a", REFUSED, REFUSED);
    pass("a");
    pass("a");
    assertThat(view("a").verdict()).isEqualTo(Verdict.UP);
    assertThat(view("a").admin()).isEqualTo(AdminState.DRAIN);
    assertThat(view("a").eligibility()).isEqualTo(Eligibility.NONE);
    wish("a", AdminState.READY);
    assertThat(view("a").eligibility()).isEqualTo(Eligibility.PREFERRED);
  }

  @Test
  void drainedBackendIsStillProbed() {
    up("a", "b");
    wish("a", AdminState.MAINTENANCE);
    assertThat(names(pass("a"))).isEqualTo("ClearSuspicion a, FreeAbandoned a, ProbeAfter a");
  }

  // Panic

  @Test
  void poolInWhichOnlyKnownBadOnesAcceptIsInPanic() {
    up("a", "b");
    probe("a", ProbeResult.failed(Cause.TIMEOUT));
    probe("a", ProbeResult.failed(Cause.TIMEOUT));
    assertThat(pool().isPanic()).isFalse();
    fail("b", REFUSED, REFUSED);
    assertThat(pool().isPanic()).isTrue();
    fail("a", REFUSED);
    assertThat(view("a").verdict()).isEqualTo(Verdict.REFUSING);
    assertThat(pool().isPanic()).as("nobody accepts").isFalse();
  }

  // Completeness

  @Test
  void everyEventAndEffectIsKnownHere() {
    assertThat(Event.class.getPermittedSubclasses())
        .containsExactlyInAnyOrder(
            Event.ConfigReplaced.class,
            Event.BackendsListed.class,
            Event.NameAnswered.class,
            Event.RegistrationOffered.class,
            Event.RegistrationsHeard.class,
            Event.EvidenceSeen.class,
            Event.ProbeFinished.class,
            Event.QuickProbeFinished.class,
            Event.ObservationHeard.class,
            Event.ObservationWithdrawn.class,
            Event.MembersHeard.class,
            Event.MemberLeft.class,
            Event.MembersRecalled.class,
            Event.Stalled.class,
            Event.AdminCommanded.class,
            Event.TimePassed.class);
    assertThat(Effect.class.getPermittedSubclasses())
        .containsExactlyInAnyOrder(
            ProbeAfter.class,
            StopProbing.class,
            CloseIdle.class,
            Effect.ProbeQuickly.class,
            Effect.NoteHeard.class,
            Effect.ReportHeard.class,
            Effect.TellDoubt.class,
            ClearSuspicion.class,
            Effect.FreeAbandoned.class,
            Effect.Renew.class,
            Effect.ShareObservation.class,
            Effect.WithdrawObservation.class,
            Effect.AnswerOffer.class,
            Effect.ShareRegistration.class,
            Effect.Keep.class,
            Effect.TellRegistration.class,
            TellVerdict.class,
            AlarmLocal.class);
    assertThat(Effect.Keep.class.getPermittedSubclasses())
        .containsExactlyInAnyOrder(Effect.KeepRegistrations.class, Effect.KeepMembers.class);
    assertThat(AdminCommand.class.getPermittedSubclasses())
        .containsExactly(AdminCommand.SetState.class);
  }

  private void up(String... names) {
    configure(WEB);
    list(WEB, names);
    for (String name : names) {
      pass(name);
    }
  }

  private List<Effect> configure(PoolName... names) {
    List<PoolPolicy> policies = new ArrayList<>();
    for (PoolName name : names) {
      policies.add(PoolPolicy.ofDefaults(name));
    }
    return apply(new Event.ConfigReplaced(policies, router(names[0])));
  }

  private List<Effect> configure(PoolPolicy policy) {
    return apply(new Event.ConfigReplaced(List.of(policy), router(policy.name())));
  }

  private static Router router(PoolName pool) {
    return new Router(List.of(new Route("*", "/", pool)));
  }

  private static PoolPolicy withHealth(PoolName name, HealthPolicy health) {
    PoolPolicy policy = PoolPolicy.ofDefaults(name);
    return new PoolPolicy(
        name, policy.balance(), health, policy.retry(), policy.queue(), policy.connection());
  }

  private static HealthPolicy interval(int seconds) {
    return new HealthPolicy("/health", Duration.ofSeconds(seconds), Duration.ofMillis(500), 2, 2);
  }

  private List<Effect> list(PoolName pool, String... names) {
    List<Backend> backends = new ArrayList<>();
    for (String name : names) {
      backends.add(backend(name));
    }
    return apply(new Event.BackendsListed(pool, backends));
  }

  private List<Effect> fail(String name, Evidence... evidence) {
    return apply(new Event.EvidenceSeen(WEB, id(name), List.of(evidence)));
  }

  private List<Effect> pass(String name) {
    return probe(name, new ProbeResult.Passed(200, MILLI));
  }

  private List<Effect> probe(String name, ProbeResult result) {
    return apply(new Event.ProbeFinished(WEB, id(name), result, nowNanos));
  }

  private List<Effect> wish(String name, AdminState state) {
    return apply(new Event.AdminCommanded(new AdminCommand.SetState(WEB, id(name), state)));
  }

  private List<Effect> apply(Event event) {
    return controller.apply(event, nowNanos);
  }

  private PoolSnapshot pool() {
    PoolSnapshot pool = controller.snapshot().pools().get(WEB);
    if (pool == null) {
      throw new AssertionError(controller.snapshot());
    }
    return pool;
  }

  private List<String> ids() {
    return pool().backends().stream().map(view -> view.backend().id().host()).toList();
  }

  private BackendView view(String name) {
    for (BackendView view : pool().backends()) {
      if (view.backend().id().equals(id(name))) {
        return view;
      }
    }
    throw new AssertionError(name + " is not listed: " + ids());
  }

  private static BackendId id(String name) {
    return new BackendId(name, 3000);
  }

  private static Backend backend(String name) {
    return new Backend(id(name), name, 1);
  }

  /** Returns effects in their order, in short. */
  private static String names(List<Effect> effects) {
    List<String> names = new ArrayList<>();
    for (Effect effect : effects) {
      if (effect instanceof TellVerdict tell) {
        names.add(tell.from() + ">" + tell.to() + " " + tell.backend().id().host());
      } else if (effect instanceof ProbeAfter probe) {
        names.add("ProbeAfter " + probe.backend().host());
      } else if (effect instanceof StopProbing stop) {
        names.add("StopProbing " + stop.backend().host());
      } else if (effect instanceof CloseIdle close) {
        names.add("CloseIdle " + close.backend().host());
      } else if (effect instanceof ClearSuspicion clear) {
        names.add("ClearSuspicion " + clear.backend().host());
      } else if (effect instanceof Effect.FreeAbandoned free) {
        names.add("FreeAbandoned " + free.backend().host());
      } else if (effect instanceof Effect.Renew renew) {
        names.add("Renew " + renew.backend().host());
      } else if (effect instanceof Effect.ProbeQuickly probe) {
        names.add(
            "ProbeQuickly " + probe.backend().host() + " " + probe.timeoutNanos() / 1_000_000);
      } else if (effect instanceof Effect.ReportHeard report) {
        names.add("ReportHeard " + report.backend().host());
      } else if (effect instanceof AlarmLocal) {
        names.add("AlarmLocal");
      } else if (!(effect instanceof Effect.ShareObservation) // HearsayTest has those.
          && !(effect instanceof Effect.NoteHeard) // SilenceTest has it.
          && !(effect instanceof Effect.TellDoubt) // DoubtTest has it.
          && !(effect instanceof Effect.WithdrawObservation)) {
        throw new AssertionError(effect);
      }
    }
    return String.join(", ", names);
  }
}
