package dev.backline.testbed.driver;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.backline.testbed.http.Address;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** Faults of links on a firewall that fails when it is told to. */
class FirewallRulesTest {
  private static final Address BACKEND = new Address("127.0.0.11", 3000);
  private static final List<List<String>> RULES =
      List.of(List.of("OUTPUT", "a"), List.of("OUTPUT", "b"), List.of("INPUT", "c"));
  private final Firewall firewall = new Firewall();
  private final FirewallRules rules = new FirewallRules(firewall);

  @Test
  void rulesComeAndGo() throws TestbedException {
    rules.add(RULES);
    assertThat(firewall.present).containsExactly("OUTPUT a", "OUTPUT b", "INPUT c");

    rules.remove(RULES);
    assertThat(firewall.present).isEmpty();
  }

  @Test
  void whatWasAddedBeforeAFailureIsTakenAway() {
    firewall.failures.add("-A OUTPUT b");

    assertThatThrownBy(() -> rules.add(RULES)).hasMessage("iptables -A OUTPUT b: busy");
    assertThat(firewall.present).isEmpty();
  }

  @Test
  void whatIsThereTwiceGoesAndWhatIsGoneIsNoFailure() throws TestbedException {
    firewall.present.addAll(List.of("OUTPUT a", "OUTPUT a", "INPUT c"));

    rules.remove(RULES);

    assertThat(firewall.present).isEmpty();
  }

  @Test
  void ruleThatCannotBeDeletedKeepsNoOther() throws TestbedException {
    rules.add(RULES);
    firewall.failures.add("-D OUTPUT a");

    assertThatThrownBy(() -> rules.remove(RULES)).hasMessage("iptables -D OUTPUT a: busy");
    assertThat(firewall.present).containsExactly("OUTPUT a");

    rules.remove(RULES);
    assertThat(firewall.present).isEmpty();
  }

  @Test
  void faultThatCouldNotBeEndedIsEndedLater() throws TestbedException {
    try (Guardian guardian = Guardian.start()) {
      LinkFaults links = new LinkFaults(Optional.empty(), guardian, firewall);
      links.cut(1, BACKEND);
      firewall.failNext("-D");

      assertThatThrownBy(() -> links.mend(1, BACKEND)).hasMessageEndingWith("busy");
      links.mend(1, BACKEND);

      assertThat(firewall.present).containsExactly("OUTPUT -j backline-" + guardian.pid());
      assertThatThrownBy(() -> links.mend(1, BACKEND)).hasMessageContaining("not cut off");
    }
  }

  @Test
  void faultThatCouldNotBeBegunIsOverAndMayBeginAgain() throws TestbedException {
    try (Guardian guardian = Guardian.start()) {
      LinkFaults links = new LinkFaults(Optional.empty(), guardian, firewall);
      firewall.failNext("-I");
      assertThatThrownBy(() -> links.cut(1, BACKEND)).hasMessageEndingWith("busy");
      firewall.failNext("-A");
      assertThatThrownBy(() -> links.cut(1, BACKEND)).hasMessageEndingWith("busy");

      links.cut(1, BACKEND);

      assertThat(firewall.present).hasSize(4);
      assertThatThrownBy(() -> links.cut(1, BACKEND)).hasMessageContaining("cut off already");
    }
  }

  @Test
  void faultThatCouldNeitherBeginNorEndIsEndedLater() throws TestbedException {
    try (Guardian guardian = Guardian.start()) {
      LinkFaults links = new LinkFaults(Optional.empty(), guardian, firewall);
      links.cut(2, BACKEND);
      links.mend(2, BACKEND);
      firewall.failAfter("-A", 1);
      // Each rule is tried twice: to undo what was begun, and to end it.
      for (int tries = 0; tries < 2 * 3; tries++) {
        firewall.failNext("-D");
      }
      assertThatThrownBy(() -> links.cut(1, BACKEND)).hasMessageEndingWith("busy");
      assertThat(firewall.present).hasSize(2);

      links.mend(1, BACKEND);

      assertThat(firewall.present).hasSize(1);
    }
  }

  /** Knows the rules that are there; a command that is listed as a failure fails once. */
  private static final class Firewall implements FirewallRules.Iptables {
    private static final Program.Ended DONE = new Program.Ended(0, "", "");
    private static final Program.Ended ABSENT = new Program.Ended(1, "", "no such rule");
    private static final Program.Ended BUSY = new Program.Ended(4, "", "busy");
    final List<String> present = new ArrayList<>();
    final List<String> failures = new ArrayList<>();
    private final List<String> chains = new ArrayList<>();
    private int sparedOfNext;

    void failNext(String command) {
      failures.add(command);
    }

    void failAfter(String command, int spared) {
      sparedOfNext = spared;
      failures.add(command);
    }

    @Override
    public Program.Ended run(List<String> arguments) {
      String command = arguments.get(0);
      String rule = String.join(" ", arguments.subList(1, arguments.size()));
      if (fails(command, rule)) {
        return BUSY;
      }
      return switch (command) {
        case "-A", "-I" -> present.add(rule) ? DONE : BUSY;
        case "-D" -> present.remove(rule) ? DONE : ABSENT;
        case "-C" -> present.contains(rule) ? DONE : ABSENT;
        case "-S" -> chains.contains(rule) ? DONE : ABSENT;
        case "-N" -> !chains.contains(rule) && chains.add(rule) ? DONE : ABSENT;
        default -> throw new AssertionError(arguments);
      };
    }

    private boolean fails(String command, String rule) {
      if (failures.remove(command + " " + rule)) {
        return true;
      }
      if (failures.contains(command) && sparedOfNext-- <= 0) {
        sparedOfNext = 0;
        return failures.remove(command);
      }
      return false;
    }
  }
}
