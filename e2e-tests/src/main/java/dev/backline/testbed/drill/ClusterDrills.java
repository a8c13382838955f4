package dev.backline.testbed.drill;

import static java.time.Duration.ofSeconds;

import dev.backline.testbed.check.AttemptsRetried;
import dev.backline.testbed.check.BackendsServed;
import dev.backline.testbed.check.BalancerServed;
import dev.backline.testbed.check.EndedInOrder;
import dev.backline.testbed.check.FailedOnlyWhereCut;
import dev.backline.testbed.check.FailedPostsWereInFlight;
import dev.backline.testbed.check.LostOnlyWithBalancer;
import dev.backline.testbed.check.MemberHeard;
import dev.backline.testbed.check.MembersAgree;
import dev.backline.testbed.check.NewcomersServe;
import dev.backline.testbed.check.NoneFailed;
import dev.backline.testbed.check.NothingTakenOut;
import dev.backline.testbed.check.OthersGoOnUsing;
import dev.backline.testbed.check.VerdictShared;
import dev.backline.testbed.check.VictimServed;
import dev.backline.testbed.drill.Drill.Step;
import dev.backline.testbed.driver.Testbed;
import dev.backline.testbed.driver.Topology;
import java.time.Duration;
import java.util.List;

/**
 * The drills with two balancers, one cluster, and clients that know the addresses of both. Three
 * backends unless said otherwise, load and common checks as in {@link Drills}.
 */
final class ClusterDrills {
  private static final String FIRST = "balancer-1";
  private static final String SECOND = "balancer-2";
  private static final String THIRD = "balancer-3";
  private static final String VICTIM = "backend-1";
  private static final Topology TWO_BALANCERS = new Topology(2, 3);
  private static final Duration BASELINE = Drills.BASELINE;

  /** The second member looks for itself so rarely that it can only know from the first. */
  private static final Topology SECOND_HARDLY_PROBES = TWO_BALANCERS.probing(SECOND, ofSeconds(60));

  /**
   * Within which members that were parted agree again: a connect that Hazelcast began while they
   * were ends within 2 s, it looks for other members every 2 s, joins within 10 s, and then merges
   * what both have; as much is spare.
   */
  private static final Duration REUNION = ofSeconds(30);

  private ClusterDrills() {}

  static List<Drill> all() {
    return List.of(
        scale(),
        balancerKill(),
        balancerPause(),
        balancerAdd(),
        verdictShared(),
        hangShared(),
        memberPortBlocked(ofSeconds(30)),
        backendCut());
  }

  /**
   * Backends come and go by the number: nothing fails, and those that came served. They go one
   * after the other, 10 s after the first came: the last is gone within three orderly ends of that.
   */
  static Drill scale() {
    List<String> added = List.of("backend-3", "backend-4", "backend-5");
    String victim = added.get(2);
    return new Drill(
        "scale",
        new Topology(2, 2),
        false,
        victim,
        "two backends become five, and two again",
        List.of(
            new Step(
                BASELINE,
                stage -> {
                  stage.fault(victim, "to be added with two others", testbed -> {});
                  for (String each : added) {
                    stage.heal(each, "added", testbed -> testbed.addBackend());
                  }
                }),
            new Step(
                BASELINE.plusSeconds(10),
                stage -> {
                  for (String each : added) {
                    stage.testbed().remove(each);
                  }
                })),
        ofSeconds(16),
        false,
        Drills.with(
            NoneFailed.ofAnyMethod(),
            new NewcomersServe(added),
            new BackendsServed(added, 20),
            new EndedInOrder(ofSeconds(10 + 3 * 23))));
  }

  /** A balancer crashes: its clients lose what was on a connection to it, and nothing else. */
  static Drill balancerKill() {
    return new Drill(
        "balancer-kill",
        TWO_BALANCERS,
        false,
        SECOND,
        SECOND + " is killed (SIGKILL); clients know both addresses",
        List.of(
            new Step(
                BASELINE,
                stage -> stage.fault(SECOND, "SIGKILL", testbed -> testbed.kill(SECOND)))),
        ofSeconds(7),
        false,
        Drills.with(new VictimServed(), new LostOnlyWithBalancer()));
  }

  /**
   * A balancer stands still and goes on: requests on it are late, not lost, and it blames nobody
   * for the time that it slept through.
   */
  static Drill balancerPause() {
    return new Drill(
        "balancer-pause",
        TWO_BALANCERS,
        false,
        SECOND,
        SECOND + " stands still (SIGSTOP) for 3 s, then goes on",
        Steps.standStill(ofSeconds(3), SECOND),
        ofSeconds(12),
        false,
        Drills.with(new VictimServed(), NoneFailed.ofAnyMethod(), new NothingTakenOut()));
  }

  /** A balancer joins: nothing fails, and clients that learn its address are served by it. */
  static Drill balancerAdd() {
    return new Drill(
        "balancer-add",
        TWO_BALANCERS,
        false,
        THIRD,
        THIRD + " joins; clients learn its address",
        List.of(
            new Step(
                BASELINE,
                stage -> {
                  stage.fault(THIRD, "to be added", testbed -> {});
                  stage.heal(THIRD, "added", testbed -> testbed.addBalancer());
                  stage.loadNewest();
                  stage.awaitAllHeard(REUNION);
                  stage.letPass(ofSeconds(4));
                })),
        ofSeconds(7),
        false,
        Drills.with(
            NoneFailed.ofAnyMethod(), new BalancerServed(THIRD, 20), new MemberHeard(THIRD)));
  }

  /** A crash that one member sees is known to the other. */
  static Drill verdictShared() {
    return new Drill(
        "verdict-shared",
        SECOND_HARDLY_PROBES,
        false,
        VICTIM,
        VICTIM + " is killed (SIGKILL); " + SECOND + " probes every 60 s only",
        List.of(Steps.fault("SIGKILL", Testbed::kill, VICTIM)),
        ofSeconds(7),
        false,
        Drills.with(
            new VictimServed(),
            new AttemptsRetried(),
            NoneFailed.ofIdempotentMethods(),
            new FailedPostsWereInFlight(),
            new VerdictShared(FIRST)));
  }

  /**
   * A hang that one member's probes see is known to the other, whose own attempts wait for answers
   * for longer than that: it can't know otherwise.
   */
  static Drill hangShared() {
    return new Drill(
        "hang-shared",
        SECOND_HARDLY_PROBES,
        false,
        VICTIM,
        VICTIM + " stands still (SIGSTOP) for 5 s; " + SECOND + " probes every 60 s only",
        Steps.standStill(ofSeconds(5), VICTIM),
        ofSeconds(9),
        false,
        Drills.with(new VictimServed(), NoneFailed.ofAnyMethod(), new VerdictShared(FIRST)));
  }

  /** Members that can't hear each other serve on, each by what it sees, and agree again after. */
  static Drill memberPortBlocked(Duration blocked) {
    return new Drill(
        "member-port-blocked",
        TWO_BALANCERS,
        true,
        SECOND,
        SECOND + "'s member port is blocked for " + blocked.toSeconds() + " s",
        List.of(
            new Step(
                BASELINE,
                stage -> stage.fault(SECOND, "isolated", testbed -> testbed.isolate(SECOND))),
            new Step(
                BASELINE.plus(blocked),
                stage -> {
                  stage.heal(SECOND, "rejoined", testbed -> testbed.rejoin(SECOND));
                  stage.awaitAllHeard(REUNION);
                })),
        BASELINE.plus(blocked).plusSeconds(5),
        false,
        Drills.with(
            new VictimServed(),
            NoneFailed.ofAnyMethod(),
            new NothingTakenOut(),
            new MembersAgree(REUNION)));
  }

  /**
   * A backend that one member can't reach stays in use by the other: what it hears makes it look,
   * and what it sees itself decides. A look is a probe of 0.5 s at most, and as much is spare.
   */
  static Drill backendCut() {
    return new Drill(
        "backend-cut",
        TWO_BALANCERS,
        true,
        VICTIM,
        VICTIM + " and " + SECOND + " can't reach each other for 6 s",
        List.of(
            new Step(
                BASELINE,
                stage -> stage.fault(VICTIM, "cut off", testbed -> testbed.cut(SECOND, VICTIM))),
            new Step(
                BASELINE.plusSeconds(6),
                stage -> stage.heal(VICTIM, "mended", testbed -> testbed.mend(SECOND, VICTIM)))),
        ofSeconds(11),
        false,
        Drills.with(
            new VictimServed(),
            NoneFailed.ofIdempotentMethods(),
            new FailedOnlyWhereCut(SECOND),
            new OthersGoOnUsing(SECOND, ofSeconds(1))));
  }
}
