package dev.backline.testbed.drill;

import static java.time.Duration.ofMillis;
import static java.time.Duration.ofSeconds;

import dev.backline.testbed.check.AllCalledDown;
import dev.backline.testbed.check.AttemptsCease;
import dev.backline.testbed.check.DownEverywhere;
import dev.backline.testbed.check.EjectedWithoutFlapping;
import dev.backline.testbed.check.FairShare;
import dev.backline.testbed.check.Idle;
import dev.backline.testbed.check.KnowsItIsCutOff;
import dev.backline.testbed.check.LiesBounded;
import dev.backline.testbed.check.LittleUsed;
import dev.backline.testbed.check.LostOnlyInFreeze;
import dev.backline.testbed.check.NoStallMeanwhile;
import dev.backline.testbed.check.NobodyWaited;
import dev.backline.testbed.check.NoneFailed;
import dev.backline.testbed.check.NothingQueued;
import dev.backline.testbed.check.NothingTakenOut;
import dev.backline.testbed.check.OthersServe;
import dev.backline.testbed.check.StatusWatched;
import dev.backline.testbed.check.UsedAgain;
import dev.backline.testbed.check.VictimServed;
import dev.backline.testbed.drill.Drill.Conditions;
import dev.backline.testbed.drill.Drill.Cost;
import dev.backline.testbed.drill.Drill.Step;
import dev.backline.testbed.driver.Setup.ServiceTime;
import dev.backline.testbed.driver.Topology;
import dev.backline.testbed.history.Moment;
import dev.backline.testbed.load.Load;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.util.List;
import java.util.Set;

/**
 * The drills that ask how soon, and how rightly, the balancers know who is well: two of them, one
 * cluster, by default, whose clients know both; three backends that take 100 ms; 150 requests a
 * second, 30 % of them POST. Common checks as in {@link Drills}.
 */
final class HealthDrills {
  private static final String VICTIM = "backend-1";
  private static final String[] BACKENDS = {VICTIM, "backend-2", "backend-3"};
  private static final String BALANCER = "balancer-1";
  private static final Topology TWO_BALANCERS = new Topology(2, 3);

  /** What is usual is the 95th percentile of 128 heads, on each of two event loops of two. */
  private static final int UNTIL_USUAL = 4 * 128 + 88;

  private static final Conditions CONDITIONS =
      new Conditions(new ServiceTime(100, 0), 150, UNTIL_USUAL, Cost.SHORT);
  private static final Duration BASELINE = Drills.BASELINE;

  /** Below the 15 s that an attempt may wait for its head: what hangs so long is late, not lost. */
  private static final Duration HANG = ofSeconds(11);

  /**
   * From a hang to the last attempt on the backend. 3.5 service times: attempts are overdue and
   * nothing is heard of it.
   */
  private static final Duration SUSPECTED = ofMillis(350);

  /** In which ends what is under way: five service times. */
  private static final Duration UNTIL_IDLE = ofMillis(500);

  /** From a hang to its being down everywhere: as long again, in which its probes miss too. */
  private static final Duration DOWN = ofMillis(700);

  /**
   * Which no answer takes here unless it waits for something: 0.1 s of service and the 0.5 s that a
   * machine may stand still which keeps up, the rest is spare; the queue takes 2 s, a hang more.
   */
  private static final Duration PROMPT = ofSeconds(1);

  /** For which a backend is down at least: until the first probe of those that it passes. */
  private static final Duration SHORTEST_OUT = ofMillis(500);

  /**
   * In which a balancer knows that it is cut off: two thirds of the backends are silent ({@link
   * #SUSPECTED}), and the others are asked for 0.5 s at most; as long again until connections are
   * seen to fail where nothing was under way. The same for its return: a quick probe every 0.1 s,
   * and two passes.
   */
  private static final Duration KNOWS_ITSELF = ofMillis(1_700);

  private HealthDrills() {}

  static List<Drill> all() {
    return List.of(
        hang(),
        hangIdle(),
        lying500(),
        twoHang(),
        sickHealth(),
        slow(),
        cutOff(),
        balancerFreeze(),
        starved());
  }

  /**
   * A hang under load: nobody who comes later than {@link #SUSPECTED} is sent there, and soon all
   * know. Back again, it is used within 1 s: its probes are 0.5 s apart at most, and 0.1 s after a
   * first pass; the rest is for its first request, as it begins with a tenth of its share.
   */
  static Drill hang() {
    return new Drill(
        "hang",
        TWO_BALANCERS,
        false,
        VICTIM,
        VICTIM + " stands still (SIGSTOP) for 11 s, then goes on",
        Steps.standStill(HANG, VICTIM),
        BASELINE.plus(HANG).plusSeconds(2),
        true,
        Drills.with(
            new VictimServed(),
            new NoStallMeanwhile(DOWN),
            NoneFailed.ofAnyMethod(),
            new AttemptsCease(Set.of(VICTIM), SUSPECTED),
            new DownEverywhere(DOWN),
            new UsedAgain(ofSeconds(1)),
            new FairShare()),
        CONDITIONS);
  }

  /**
   * The same with no request, as at night: probes alone must find it. The next is 1.2 s away at
   * most; 0.8 s are left for two to be missed, 0.1 s apart.
   */
  static Drill hangIdle() {
    return new Drill(
        "hang-idle",
        TWO_BALANCERS,
        false,
        VICTIM,
        VICTIM + " stands still (SIGSTOP) for 11 s; the traffic had ended before",
        List.of(
            new Step(BASELINE.minus(UNTIL_IDLE), Stage::stopLoad),
            Steps.stop(VICTIM),
            Steps.goOn(HANG, VICTIM)),
        BASELINE,
        false,
        Drills.with(
            new VictimServed(),
            NoneFailed.ofAnyMethod(),
            new Idle(),
            new NoStallMeanwhile(ofSeconds(2)),
            new DownEverywhere(ofSeconds(2))),
        CONDITIONS.costing(Cost.LONG_IN_CONTAINERS));
  }

  /** A backend whose health is a lie: its answers eject it, and trials are few. */
  static Drill lying500() {
    Duration lying = ofSeconds(60);
    JsonObject sick = JsonObject.of("status", 500, "percent", 100, "health", false);
    return new Drill(
        "lying500",
        TWO_BALANCERS,
        false,
        VICTIM,
        VICTIM + " answers 500 to everything but its health request for 60 s",
        List.of(
            Steps.fault("answers 500", (on, node) -> on.setFault(node, "status", sick), VICTIM),
            Steps.heal(lying, "well again", (on, node) -> on.clearFault(node, "status"), VICTIM)),
        BASELINE.plus(lying).plusSeconds(3),
        false,
        Drills.with(new VictimServed(), new LiesBounded(), new EjectedWithoutFlapping()),
        CONDITIONS.costing(Cost.LONG));
  }

  /** Most of the pool hangs: the last one carries all, and nobody waits for the others. */
  static Drill twoHang() {
    String[] hanging = {VICTIM, "backend-2"};
    return new Drill(
        "two-hang",
        TWO_BALANCERS,
        false,
        VICTIM,
        "backend-1 and backend-2 stand still (SIGSTOP) for 11 s, then go on",
        Steps.standStill(HANG, hanging),
        BASELINE.plus(HANG).plusSeconds(4),
        false,
        Drills.with(
            new VictimServed(),
            new NoStallMeanwhile(DOWN),
            NoneFailed.ofAnyMethod(),
            new AttemptsCease(Set.of(hanging), DOWN),
            new NobodyWaited(DOWN, PROMPT)),
        CONDITIONS.costing(Cost.LONG_IN_CONTAINERS));
  }

  /** Health requests that fail while all traffic is well: where nobody is better, all are used. */
  static Drill sickHealth() {
    JsonObject down = JsonObject.of("says", "down");
    return new Drill(
        "sick-health",
        TWO_BALANCERS,
        false,
        VICTIM,
        "all backends answer 503 to their health request, and only to it, for 10 s",
        List.of(
            Steps.fault(
                "and all others: unhealthy, they say",
                (on, node) -> on.setFault(node, "health", down),
                BACKENDS),
            Steps.heal(
                ofSeconds(10),
                "and all others: healthy",
                (on, node) -> on.clearFault(node, "health"),
                BACKENDS)),
        BASELINE.plusSeconds(14),
        false,
        Drills.with(
            new VictimServed(),
            new AllCalledDown(),
            NoneFailed.ofAnyMethod(),
            new NobodyWaited(Duration.ZERO, PROMPT),
            new NothingQueued()),
        CONDITIONS.costing(Cost.LONG_IN_CONTAINERS));
  }

  /**
   * A backend that is slow and well: load and latency move the traffic. Ten times as slow, it
   * should get a tenth of another's share or less, which is under 5 % of all; as much is spare. 3
   * s: it takes 1 s for the first late answer, and some of them until they are believed.
   */
  static Drill slow() {
    ServiceTime usual = CONDITIONS.serviceTime();
    ServiceTime tenfold = new ServiceTime(10 * usual.millis(), 0);
    return new Drill(
        "slow",
        TWO_BALANCERS,
        false,
        VICTIM,
        VICTIM + " takes 1,000 ms instead of 100 ms for 15 s",
        List.of(
            Steps.fault(
                "takes 1,000 ms",
                (on, node) -> on.setFault(node, "delay", tenfold.parameters()),
                VICTIM),
            Steps.heal(
                ofSeconds(15),
                "takes 100 ms",
                (on, node) -> on.setFault(node, "delay", usual.parameters()),
                VICTIM)),
        BASELINE.plusSeconds(18),
        false,
        Drills.with(new VictimServed(), NoneFailed.ofAnyMethod(), new LittleUsed(10, ofSeconds(3))),
        CONDITIONS.costing(Cost.LONG_IN_CONTAINERS));
  }

  /**
   * All at once is me: a balancer that reaches no backend any more, while the other does, takes
   * none out and isn't ready, so that whoever asks sends nobody there.
   */
  static Drill cutOff() {
    String cutOff = "balancer-2";
    return new Drill(
        "cut-off",
        TWO_BALANCERS,
        true,
        VICTIM,
        cutOff + " reaches no backend for 8 s",
        List.of(
            Steps.fault("cut off", (on, node) -> on.cut(cutOff, node), BACKENDS),
            Steps.heal(ofSeconds(8), "mended", (on, node) -> on.mend(cutOff, node), BACKENDS)),
        BASELINE.plusSeconds(14),
        false,
        Drills.with(
            new VictimServed(),
            new OthersServe(cutOff),
            new NothingTakenOut(cutOff, KNOWS_ITSELF),
            new KnowsItIsCutOff(cutOff, KNOWS_ITSELF)),
        CONDITIONS.costing(Cost.LONG_IN_CONTAINERS));
  }

  /**
   * A balancer stands still for longer than anybody waits for it: its clients lose what they gave
   * up, and it blames no backend for the time that it slept through.
   */
  static Drill balancerFreeze() {
    Duration freeze = ofSeconds(30);
    return new Drill(
        "balancer-freeze",
        TWO_BALANCERS,
        false,
        BALANCER,
        BALANCER + " stands still (SIGSTOP) for 30 s, then goes on",
        Steps.standStill(freeze, BALANCER),
        BASELINE.plus(freeze).plusSeconds(10),
        false,
        Drills.with(
            new VictimServed(),
            new LostOnlyInFreeze(Load.Plan.PATIENCE_OF_DRILLS, BACKENDS.length * 256 + 1_000),
            new StatusWatched(Moment.Kind.HEAL, SHORTEST_OUT),
            new NothingTakenOut()),
        CONDITIONS.costing(Cost.LONG));
  }

  /**
   * The machine has no time to run the balancers: they blame no backend for it. That all else is
   * slow is no promise either way, so whether the machine kept up isn't asked.
   */
  static Drill starved() {
    Duration starving = ofSeconds(60);
    return new Drill(
        "starved",
        TWO_BALANCERS,
        false,
        "machine",
        "4 busy loops take the machine's processors for 60 s",
        List.of(
            new Step(BASELINE, stage -> stage.starve(4)),
            new Step(BASELINE.plus(starving), Stage::feed)),
        BASELINE.plus(starving).plusSeconds(5),
        false,
        Drills.withoutTheMachine(
            new StatusWatched(Moment.Kind.FAULT, SHORTEST_OUT), new NothingTakenOut()),
        CONDITIONS.costing(Cost.LONG));
  }
}
