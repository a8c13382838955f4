package dev.backline.testbed.driver;

import java.util.ArrayList;
import java.util.List;

/**
 * Rules of a firewall that come and go together, whatever command fails in between.
 *
 * @param iptables runs the command of that name
 */
public record FirewallRules(Iptables iptables) {
  /** Exit code for a rule that isn't there; others are failures. */
  private static final int ABSENT = 1;

  /** The command {@code iptables}, here or in another network namespace. Blocks. */
  public interface Iptables {
    Program.Ended run(List<String> arguments) throws TestbedException;
  }

  /**
   * Adds all rules, or none: what was added before a failure is taken away again.
   *
   * @param rules a chain and a rule for it, each
   */
  public void add(List<List<String>> rules) throws TestbedException {
    try {
      for (List<String> rule : rules) {
        change("-A", rule);
      }
    } catch (TestbedException e) {
      try {
        remove(rules);
      } catch (TestbedException again) {
        e.addSuppressed(again);
      }
      throw e;
    }
  }

  /** Deletes each rule until none is left; fails after it has tried all. */
  public void remove(List<List<String>> rules) throws TestbedException {
    List<TestbedException> failed = new ArrayList<>();
    for (List<String> rule : rules) {
      try {
        while (change("-D", rule)) {
          // There may be one more of the kind.
        }
      } catch (TestbedException e) {
        failed.add(e);
      }
    }
    if (!failed.isEmpty()) {
      throw failed.get(0);
    }
  }

  /** Whether it was there; to delete one that isn't is no failure. */
  private boolean change(String how, List<String> rule) throws TestbedException {
    List<String> arguments = new ArrayList<>(List.of(how));
    arguments.addAll(rule);
    Program.Ended ended = iptables.run(arguments);
    if (ended.code() == ABSENT && how.equals("-D")) {
      return false;
    }
    if (ended.code() != 0) {
      throw new TestbedException(
          "iptables %s: %s".formatted(String.join(" ", arguments), ended.errors().strip()));
    }
    return true;
  }
}
