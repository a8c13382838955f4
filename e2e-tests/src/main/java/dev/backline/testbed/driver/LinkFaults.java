package dev.backline.testbed.driver;

import dev.backline.testbed.driver.FirewallRules.Iptables;
import dev.backline.testbed.driver.TestbedException.Cause;
import dev.backline.testbed.http.Address;
import java.nio.file.Path;
import java.time.Duration;
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

  private static final Duration LIMIT = Duration.ofSeconds(10);

  private final Optional<String> whyNot;
  private final Guardian guardian;
  private final Iptables iptables;
  private final FirewallRules firewall;
  private final String chain;
  private final Map<String, List<List<String>>> faults = new LinkedHashMap<>();
  private boolean guarded;

  /**
   * Prepares for a testbed; no rule is made yet.
   *
   * @param whyNot why it may not break links, empty if it may
   */
  LinkFaults(Optional<String> whyNot, Guardian guardian) {
    this(whyNot, guardian, LinkFaults::iptables);
  }

  LinkFaults(Optional<String> whyNot, Guardian guardian, Iptables iptables) {
    this.whyNot = whyNot;
    this.guardian = guardian;
    this.iptables = iptables;
    firewall = new FirewallRules(iptables);
    chain = "backline-" + guardian.pid();
  }

  /** Tries whether this machine lets us; if not, says why in words. */
  static Optional<String> tryOut() {
    String trial = "backline-try-" + ProcessHandle.current().pid();
    try {
      done(List.of("setpriv", "--version"), run(List.of("setpriv", "--version")));
      need(LinkFaults::iptables, "-N", trial);
      try {
        new FirewallRules(LinkFaults::iptables)
            .add(in(trial, between(FIRST_GROUP, new Address("127.0.0.1", 1))));
      } finally {
        need(LinkFaults::iptables, "-F", trial);
        need(LinkFaults::iptables, "-X", trial);
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
    haveChain();
    List<List<String>> inChain = in(chain, rules);
    faults.put(fault, inChain);
    try {
      firewall.add(inChain);
    } catch (TestbedException e) {
      endAfter(e, fault);
      throw e;
    }
  }

  /** A fault that couldn't be begun is over, or, if that fails too, can still be ended. */
  private void endAfter(TestbedException failure, String fault) {
    try {
      end(fault);
    } catch (TestbedException again) {
      failure.addSuppressed(again);
    }
  }

  /** If it fails, it can be tried again. */
  private void end(String fault) throws TestbedException {
    List<List<String>> rules = faults.get(fault);
    if (rules == null) {
      throw new TestbedException(Cause.WRONG_COMMAND, "not cut off: balancer " + fault);
    }
    firewall.remove(rules);
    faults.remove(fault);
  }

  /** Makes what isn't there of it: an earlier try may have failed half way. */
  private void haveChain() throws TestbedException {
    if (!guarded) {
      guardian.guardChain(chain);
      guarded = true;
    }
    if (iptables.run(List.of("-S", chain)).code() != 0) {
      need(iptables, "-N", chain);
    }
    if (iptables.run(List.of("-C", "OUTPUT", "-j", chain)).code() != 0) {
      need(iptables, "-I", "OUTPUT", "-j", chain);
    }
  }

  private static List<List<String>> in(String chain, List<List<String>> rules) {
    return rules.stream().map(rule -> with(List.of(chain), rule)).toList();
  }

  private static void need(Iptables iptables, String... arguments) throws TestbedException {
    done(with(List.of("iptables"), List.of(arguments)), iptables.run(List.of(arguments)));
  }

  private static Program.Ended iptables(List<String> arguments) throws TestbedException {
    return run(with(List.of("iptables", "-w", "5"), arguments));
  }

  private static Program.Ended run(List<String> command) throws TestbedException {
    return Program.run(command, Path.of("."), Map.of(), LIMIT);
  }

  private static void done(List<String> command, Program.Ended ended) throws TestbedException {
    if (ended.code() != 0) {
      String why = ended.code() == Program.NOT_THERE ? "not there" : ended.errors().strip();
      throw new TestbedException(String.join(" ", command) + " failed: " + why);
    }
  }

  private static List<String> with(List<String> first, List<String> then) {
    List<String> all = new ArrayList<>(first);
    all.addAll(then);
    return List.copyOf(all);
  }
}
