package dev.backline.testbed.driver;

import dev.backline.testbed.driver.TestbedException.Cause;
import dev.backline.testbed.http.Address;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Breaks the links of single balancers, by rules of this machine's firewall: each balancer runs
 * under a group of its own, by which its packets are told from the others'. Needs root, iptables
 * and setpriv.
 *
 * <p>All rules stand in one chain of the testbed's, which is made with the first fault; the
 * guardian takes it away, whatever killed the testbed. Used by one thread at a time.
 */
final class LinkFaults {
  private static final int FIRST_GROUP = 47_000;

  private final Optional<String> whyNot;
  private final Guardian guardian;
  private final String chain;
  private final Map<String, List<List<String>>> faults = new LinkedHashMap<>();
  private boolean chainMade;

  /**
   * Prepares for a testbed; no rule is made yet.
   *
   * @param whyNot why it may not break links, empty if it may
   */
  LinkFaults(Optional<String> whyNot, Guardian guardian) {
    this.whyNot = whyNot;
    this.guardian = guardian;
    chain = "backline-" + guardian.pid();
  }

  /** Tries whether this machine lets us; if not, says why in words. */
  static Optional<String> tryOut() {
    String trial = "backline-try-" + ProcessHandle.current().pid();
    try {
      run(List.of("setpriv", "--version"));
      iptables("-N", trial);
      try {
        for (List<String> rule : between(FIRST_GROUP, new Address("127.0.0.1", 1))) {
          iptables(with(List.of("-A", trial), rule));
        }
      } finally {
        iptables("-F", trial);
        iptables("-X", trial);
      }
      return Optional.empty();
    } catch (TestbedException e) {
      return Optional.of("links can't be broken here: " + e.getMessage());
    }
  }

  Optional<String> whyNot() {
    return whyNot;
  }

  /** The command of the n-th balancer, under its group. */
  List<String> ofBalancer(int n, List<String> command) {
    if (whyNot.isPresent()) {
      return command;
    }
    String group = Integer.toString(FIRST_GROUP + n);
    return with(List.of("setpriv", "--regid", group, "--clear-groups", "--"), command);
  }

  /** Has packets of the n-th balancer to an address vanish, and what comes back from there. */
  void cut(int n, Address from) throws TestbedException {
    begin(n + " to " + from, between(FIRST_GROUP + n, from));
  }

  void mend(int n, Address from) throws TestbedException {
    end(n + " to " + from);
  }

  /** Cuts the n-th balancer, which listens for members at {@code own}, off from the others. */
  void isolate(int n, Address own, List<Address> others) throws TestbedException {
    List<List<String>> rules = new ArrayList<>();
    rules.add(with(to(own), List.of("-j", "DROP")));
    rules.add(with(from(own), List.of("-j", "DROP")));
    for (Address other : others) {
      rules.addAll(between(FIRST_GROUP + n, other));
    }
    begin(n + " alone", rules);
  }

  void rejoin(int n) throws TestbedException {
    end(n + " alone");
  }

  /**
   * Only the sender of a packet has a group; what comes back is known by a mark on the connection.
   */
  static List<List<String>> between(int group, Address address) {
    String mark = Integer.toString(group);
    List<String> marked = List.of("-m", "connmark", "--mark", mark, "-j", "DROP");
    return List.of(
        with(
            to(address),
            List.of("-m", "owner", "--gid-owner", mark, "-j", "CONNMARK", "--set-mark", mark)),
        with(to(address), marked),
        with(from(address), marked));
  }

  private static List<String> to(Address address) {
    return List.of("-p", "tcp", "-d", address.host(), "--dport", Integer.toString(address.port()));
  }

  private static List<String> from(Address address) {
    return List.of("-p", "tcp", "-s", address.host(), "--sport", Integer.toString(address.port()));
  }

  private void begin(String fault, List<List<String>> rules) throws TestbedException {
    if (whyNot.isPresent()) {
      throw new TestbedException(Cause.WRONG_COMMAND, whyNot.get());
    }
    if (faults.containsKey(fault)) {
      throw new TestbedException(Cause.WRONG_COMMAND, "cut off already: balancer " + fault);
    }
    makeChain();
    faults.put(fault, rules);
    for (List<String> rule : rules) {
      iptables(with(List.of("-A", chain), rule));
    }
  }

  private void end(String fault) throws TestbedException {
    List<List<String>> rules = faults.remove(fault);
    if (rules == null) {
      throw new TestbedException(Cause.WRONG_COMMAND, "not cut off: balancer " + fault);
    }
    for (List<String> rule : rules) {
      iptables(with(List.of("-D", chain), rule));
    }
  }

  private void makeChain() throws TestbedException {
    if (!chainMade) {
      guardian.guardChain(chain);
      iptables("-N", chain);
      iptables("-I", "OUTPUT", "-j", chain);
      chainMade = true;
    }
  }

  private static void iptables(String... arguments) throws TestbedException {
    iptables(List.of(arguments));
  }

  private static void iptables(List<String> arguments) throws TestbedException {
    run(with(List.of("iptables", "-w", "5"), arguments));
  }

  private static void run(List<String> command) throws TestbedException {
    String what = String.join(" ", command);
    try {
      Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
      process.getOutputStream().close();
      String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      if (process.waitFor() != 0) {
        throw new TestbedException(what + " failed: " + said.strip());
      }
    } catch (IOException e) {
      throw new TestbedException(what + " failed", e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new TestbedException("interrupted while waiting for " + what, e);
    }
  }

  private static List<String> with(List<String> first, List<String> then) {
    List<String> all = new ArrayList<>(first);
    all.addAll(then);
    return List.copyOf(all);
  }
}
