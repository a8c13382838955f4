package dev.backline.testbed.drill;

import dev.backline.testbed.check.Check;
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
    List<Check> checks) {
  public Drill {
    steps = List.copyOf(steps);
    checks = List.copyOf(checks);
  }

  /** Something that is done at a time since the load began. */
  public record Step(Duration at, Action action) {}

  /** What a step does; it returns when it is done. */
  public interface Action {
    void perform(Stage stage) throws TestbedException;
  }

  /** The same drill with a longer load; shorter than its steps need it can't be. */
  public Drill lasting(Duration atLeast) {
    Duration longer = atLeast.compareTo(length) > 0 ? atLeast : length;
    return new Drill(
        name, topology, needsLinkFaults, victim, fault, steps, longer, untilFairShare, checks);
  }
}
