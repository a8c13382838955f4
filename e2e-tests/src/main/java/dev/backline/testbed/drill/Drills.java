package dev.backline.testbed.drill;

import static java.time.Duration.ofMillis;
import static java.time.Duration.ofSeconds;

import dev.backline.testbed.check.AccessLogAgrees;
import dev.backline.testbed.check.AttemptsRetried;
import dev.backline.testbed.check.Check;
import dev.backline.testbed.check.CleanBaseline;
import dev.backline.testbed.check.EndedInOrder;
import dev.backline.testbed.check.EveryRequestAccounted;
import dev.backline.testbed.check.FailedPostsWereInFlight;
import dev.backline.testbed.check.FairShare;
import dev.backline.testbed.check.MachineKeptUp;
import dev.backline.testbed.check.NewcomersServe;
import dev.backline.testbed.check.NoneFailed;
import dev.backline.testbed.check.PostsRunOnce;
import dev.backline.testbed.check.SickAnswersBounded;
import dev.backline.testbed.check.VictimAvoided;
import dev.backline.testbed.check.VictimServed;
import dev.backline.testbed.drill.Drill.Step;
import dev.backline.testbed.driver.Testbed;
import dev.backline.testbed.driver.Topology;
import dev.backline.testbed.history.Moment;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The drills. In those here one balancer and three backends serve 200 requests a second, 30 % of
 * them POST, in 20 to 100 ms; backend-1 is the victim unless said otherwise. All ask that no POST
 * ran twice, that every request is accounted for, and that client, access log and ledgers agree.
 */
public final class Drills {
  private static final String VICTIM = "backend-1";
  private static final String ADDED = "backend-4";
  private static final Topology ONE_BALANCER = new Topology(1, 3);
  static final Duration BASELINE = ofSeconds(2);

  private Drills() {}

  public static List<Drill> all() {
    List<Drill> all =
        new ArrayList<>(
            List.of(kill(), stop(), pause(), restart(), err500(), add(), remove(), balancerStop()));
    all.addAll(ClusterDrills.all());
    all.addAll(HealthDrills.all());
    return List.copyOf(all);
  }

  public static Optional<Drill> named(String name) {
    return all().stream().filter(drill -> drill.name().equals(name)).findFirst();
  }

  /** A crash: no GET fails, of the POSTs only what was on the victim, something was retried. */
  static Drill kill() {
    return new Drill(
        "kill",
        ONE_BALANCER,
        false,
        VICTIM,
        VICTIM + " is killed (SIGKILL) and stays away",
        List.of(Steps.fault("SIGKILL", Testbed::kill, VICTIM)),
        ofSeconds(7),
        false,
        with(
            new VictimServed(),
            new AttemptsRetried(),
            NoneFailed.ofIdempotentMethods(),
            new FailedPostsWereInFlight()));
  }

  /** A planned end: no request of any method fails. */
  static Drill stop() {
    return new Drill(
        "stop",
        ONE_BALANCER,
        false,
        VICTIM,
        VICTIM + " is told to stop (SIGTERM), drains and ends",
        List.of(Steps.fault("SIGTERM", Testbed::stop, VICTIM)),
        ofSeconds(7),
        false,
        with(new VictimServed(), NoneFailed.ofAnyMethod(), new EndedInOrder(ofSeconds(23))));
  }

  /**
   * A hang: what is on the victim is slow, not lost, when it goes on within the 15 s that an
   * attempt may wait for its head. Nobody who comes later than the bound is sent there: at most 1.2
   * s until the next probe (1 s and 20 % of jitter), 0.5 s until it counts as failed, 0.3 s for the
   * way of that news to the event loops of a busy machine.
   */
  static Drill pause() {
    Duration bound = ofMillis(1200).plusMillis(500).plusMillis(300);
    return new Drill(
        "pause",
        ONE_BALANCER,
        false,
        VICTIM,
        VICTIM + " stands still (SIGSTOP) for 5 s, then goes on",
        Steps.standStill(ofSeconds(5), VICTIM),
        ofSeconds(9),
        true,
        with(
            new VictimServed(),
            NoneFailed.ofAnyMethod(),
            new VictimAvoided(Moment.Kind.FAULT, bound.toNanos() / 1000),
            new FairShare()));
  }

  /** A crash and a new start on the same address: as {@link #kill}, and it gets its share again. */
  static Drill restart() {
    return new Drill(
        "restart",
        ONE_BALANCER,
        false,
        VICTIM,
        VICTIM + " is killed (SIGKILL) and started again 2 s later",
        List.of(
            Steps.fault("SIGKILL", Testbed::kill, VICTIM),
            Steps.heal(ofSeconds(2), "started", Testbed::start, VICTIM)),
        ofSeconds(7),
        true,
        with(
            new VictimServed(),
            new AttemptsRetried(),
            NoneFailed.ofIdempotentMethods(),
            new FailedPostsWereInFlight(),
            new FairShare()));
  }

  /** A sick application: what fails is bounded as {@link SickAnswersBounded} derives. */
  static Drill err500() {
    JsonObject sick = JsonObject.of("status", 500, "percent", 100, "health", true);
    return new Drill(
        "err500",
        ONE_BALANCER,
        false,
        VICTIM,
        VICTIM + " answers 500 to everything for 5 s, its health request included",
        List.of(
            Steps.fault("answers 500", (on, node) -> on.setFault(node, "status", sick), VICTIM),
            Steps.heal(
                ofSeconds(5), "well again", (on, node) -> on.clearFault(node, "status"), VICTIM)),
        ofSeconds(9),
        true,
        with(new VictimServed(), new SickAnswersBounded(), new FairShare()));
  }

  /** A backend joins: nothing fails, and it gets its share. */
  static Drill add() {
    return new Drill(
        "add",
        ONE_BALANCER,
        false,
        ADDED,
        ADDED + " is started and added to the configuration",
        List.of(
            new Step(
                BASELINE,
                stage -> {
                  stage.fault(ADDED, "to be added", testbed -> {});
                  stage.heal(ADDED, "added", testbed -> testbed.addBackend());
                })),
        ofSeconds(7),
        true,
        with(NoneFailed.ofAnyMethod(), new NewcomersServe(List.of(ADDED)), new FairShare()));
  }

  /**
   * A backend leaves: nothing fails, and no request that began 0.1 s after the balancer's answer
   * goes to it: the answer comes when the snapshot has the change, the rest is the way from the
   * client.
   */
  static Drill remove() {
    return new Drill(
        "remove",
        ONE_BALANCER,
        false,
        VICTIM,
        VICTIM + " is removed from the configuration, then stopped",
        List.of(Steps.fault("removed", Testbed::remove, VICTIM)),
        ofSeconds(7),
        false,
        with(
            new VictimServed(),
            NoneFailed.ofAnyMethod(),
            new VictimAvoided(Moment.Kind.UNLISTED, ofMillis(100).toNanos() / 1000),
            new EndedInOrder(ofSeconds(23))));
  }

  /**
   * The balancer's own end: its clients go elsewhere when it says that it isn't ready, asked every
   * 100 ms as a front would. Nothing fails, and it ends within the 2 s of unreadiness, 20 s for
   * what is in flight, and 1 s for a JVM to go.
   */
  static Drill balancerStop() {
    String balancer = "balancer-1";
    return new Drill(
        "balancer-stop",
        ONE_BALANCER,
        false,
        balancer,
        balancer + " is told to stop (SIGTERM); clients leave when it isn't ready",
        List.of(
            new Step(
                BASELINE,
                stage -> {
                  stage.fault(balancer, "SIGTERM", testbed -> testbed.askToStop(balancer));
                  stage.awaitUnready(balancer);
                  stage.stopLoad();
                  stage.testbed().awaitEnd(balancer);
                })),
        ofSeconds(2),
        false,
        with(NoneFailed.ofAnyMethod(), new EndedInOrder(ofSeconds(23))));
  }

  /** These checks between those that every drill has. */
  static List<Check> with(Check... own) {
    List<Check> checks = new ArrayList<>(List.of(new MachineKeptUp()));
    checks.addAll(withoutTheMachine(own));
    return checks;
  }

  /** The same where the machine isn't to keep up: whoever starves it can't ask that. */
  static List<Check> withoutTheMachine(Check... own) {
    List<Check> checks = new ArrayList<>(List.of(new CleanBaseline()));
    checks.addAll(List.of(own));
    checks.add(new PostsRunOnce());
    checks.add(new EveryRequestAccounted());
    checks.add(new AccessLogAgrees());
    return checks;
  }
}
