package dev.backline.testbed.docker;

import dev.backline.testbed.driver.FirewallRules;
import dev.backline.testbed.driver.Program;
import dev.backline.testbed.driver.TestbedException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Links of one container that carry nothing: rules in its own network namespace, so that nobody
 * else's are touched and they go away with it. Only root of the engine's machine can make them.
 */
final class Links {
  private static final Duration LIMIT = Duration.ofSeconds(10);
  private static final String MEMBER_PORT = "5701";

  private Links() {}

  /** Why this process can't break links of a container; empty if it can. */
  static Optional<String> whyNot(long pid) throws TestbedException {
    return iptables(pid, List.of("-S")).code() == 0
        ? Optional.empty()
        : Optional.of(
            "links of containers can't be broken (expected: root on the engine's machine, with"
                + " nsenter and iptables)");
  }

  /** Has all packets to and from an address vanish. */
  static void cut(long pid, String address) throws TestbedException {
    rules(pid).add(toAndFrom(address));
  }

  static void mend(long pid, String address) throws TestbedException {
    rules(pid).remove(toAndFrom(address));
  }

  /** Has all packets between members vanish. */
  static void isolate(long pid) throws TestbedException {
    rules(pid).add(ofMembers());
  }

  static void rejoin(long pid) throws TestbedException {
    rules(pid).remove(ofMembers());
  }

  private static List<List<String>> toAndFrom(String address) {
    return List.of(
        List.of("OUTPUT", "-d", address, "-j", "DROP"),
        List.of("INPUT", "-s", address, "-j", "DROP"));
  }

  private static List<List<String>> ofMembers() {
    List<List<String>> rules = new ArrayList<>();
    for (String chain : List.of("OUTPUT", "INPUT")) {
      for (String port : List.of("--dport", "--sport")) {
        rules.add(List.of(chain, "-p", "tcp", port, MEMBER_PORT, "-j", "DROP"));
      }
    }
    return rules;
  }

  private static FirewallRules rules(long pid) {
    return new FirewallRules(arguments -> iptables(pid, arguments));
  }

  private static Program.Ended iptables(long pid, List<String> arguments) throws TestbedException {
    List<String> command =
        new ArrayList<>(
            List.of("nsenter", "--target", Long.toString(pid), "--net", "iptables", "--wait"));
    command.addAll(arguments);
    return Program.run(command, Path.of("."), Map.of(), LIMIT);
  }
}
