package dev.backline.testbed.drill;

import dev.backline.testbed.check.Check;
import dev.backline.testbed.driver.Setup.ServiceTime;
import dev.backline.testbed.driver.TestbedException;
import dev.backline.testbed.driver.Topology;
import java.time.Duration;
import java.util.List;

/**
 * A scenario: what is broken when, and what must hold.
 *
 * @param topology which nodes it begins with
 * @param needsLinkFaults whether it breaks links, so that it is skipped where those can't be broken
 * @param victim the process that the fault befalls
 * @param fault in words, for people
 * @param steps in the order of their times
 * @param length of the load, at least
 * @param untilFairShare whether the load goes on, 15 s after the heal at most, until the victim has
 *     its fair share again
 * @param conditions under which it runs
 */
public record Drill(
    String name,
    Topology topology,
    boolean needsLinkFaults,
    String victim,
    String fault,
    List<Step> steps,
    Duration length,
    boolean untilFairShare,
    List<Check> checks,
    Conditions conditions) {
  public Drill {
    steps = List.copyOf(steps);
    checks = List.copyOf(checks);
  }

  /** Under the usual conditions. */
  public Drill(
      String name,
      Topology topology,
      boolean needsLinkFaults,
      String victim,
      String fault,
      List<Step> steps,
      Duration length,
      boolean untilFairShare,
      List<Check> checks) {
    this(
        name,
        topology,
        needsLinkFaults,
        victim,
        fault,
        steps,
        length,
        untilFairShare,
        checks,
        Conditions.USUAL);
  }

  /**
   * What is the same for several drills.
   *
   * @param serviceTime of the backends, while nothing is wrong with them
   * @param rate requests a second, unless somebody wants another
   * @param settled the warm-up lasts until of so many requests in a row nearly all took as long as
   *     they should
   * @param cost where it is left out when time is short
   */
  public record Conditions(ServiceTime serviceTime, int rate, int settled, Cost cost) {
    static final Conditions USUAL = new Conditions(ServiceTime.OF_DRILLS, 200, 200, Cost.SHORT);

    Conditions atRate(int other) {
      return new Conditions(serviceTime, other, settled, cost);
    }

    Conditions costing(Cost other) {
      return new Conditions(serviceTime, rate, settled, other);
    }

    /** Returns whether it takes so long that it is left out on every driver. */
    public boolean takesLong() {
      return cost == Cost.LONG;
    }
  }

  /** How much time a drill is worth in every build. */
  public enum Cost {
    /** It runs on every driver. */
    SHORT,
    /** In containers it would show little more than with processes. */
    LONG_IN_CONTAINERS,
    /** It takes over a minute. */
    LONG
  }

  /** Something that is done at a time since the load began. */
  public record Step(Duration at, Action action) {}

  /** What a step does; it returns when it is done. */
  public interface Action {
    void perform(Stage stage) throws TestbedException;
  }

  /** The same drill with a longer load; shorter than its steps need it can't be. */
  public Drill lasting(Duration atLeast) {
    return with(atLeast.compareTo(length) > 0 ? atLeast : length, conditions);
  }

  /** The same drill with more or fewer requests a second. */
  public Drill atRate(int rate) {
    return under(conditions.atRate(rate));
  }

  Drill under(Conditions others) {
    return with(length, others);
  }

  private Drill with(Duration otherLength, Conditions others) {
    return new Drill(
        name,
        topology,
        needsLinkFaults,
        victim,
        fault,
        steps,
        otherLength,
        untilFairShare,
        checks,
        others);
  }
}
