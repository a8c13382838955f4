package dev.backline.testbed.drill;

import dev.backline.testbed.driver.Node;
import dev.backline.testbed.driver.Testbed;
import dev.backline.testbed.driver.TestbedException;
import java.util.List;

/** What the balancers of a testbed say of each other. */
final class Members {
  private Members() {}

  static List<String> of(Testbed testbed) {
    return testbed.nodes().stream()
        .filter(node -> node.role() == Node.Role.BALANCER)
        .map(Node::name)
        .toList();
  }

  /** Whether each hears all; one alone has nobody to hear. */
  static boolean hearEachOther(Testbed testbed) throws TestbedException {
    List<String> members = of(testbed);
    if (members.size() == 1) {
      return true;
    }
    for (String member : members) {
      if (!testbed.status(member).unheard(members).isEmpty()) {
        return false;
      }
    }
    return true;
  }
}
