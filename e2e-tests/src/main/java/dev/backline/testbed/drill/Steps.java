package dev.backline.testbed.drill;

import dev.backline.testbed.drill.Drill.Step;
import dev.backline.testbed.driver.Testbed;
import dev.backline.testbed.driver.TestbedException;
import java.time.Duration;
import java.util.List;

/** Steps that several drills have. */
final class Steps {
  private Steps() {}

  /** Something that is done to one node. */
  interface NodeDeed {
    void to(Testbed testbed, String node) throws TestbedException;
  }

  /** Nodes stand still from the end of the baseline on, for a time, then go on. */
  static List<Step> standStill(Duration time, String... nodes) {
    return List.of(stop(nodes), goOn(time, nodes));
  }

  /** The first of the nodes gives its name to the moment, which spans all. */
  static Step stop(String... nodes) {
    return fault("SIGSTOP", Testbed::pause, nodes);
  }

  static Step goOn(Duration after, String... nodes) {
    return heal(after, "SIGCONT", Testbed::resume, nodes);
  }

  /** Something is done to nodes at the end of the baseline. */
  static Step fault(String text, NodeDeed deed, String... nodes) {
    return new Step(Drills.BASELINE, stage -> stage.fault(nodes[0], text, toEach(nodes, deed)));
  }

  /** It is undone, so long after that. */
  static Step heal(Duration after, String text, NodeDeed deed, String... nodes) {
    return new Step(
        Drills.BASELINE.plus(after), stage -> stage.heal(nodes[0], text, toEach(nodes, deed)));
  }

  private static Stage.Deed toEach(String[] nodes, NodeDeed deed) {
    return testbed -> {
      for (String node : nodes) {
        deed.to(testbed, node);
      }
    };
  }
}
