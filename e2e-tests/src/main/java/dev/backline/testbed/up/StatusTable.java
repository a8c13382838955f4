package dev.backline.testbed.up;

import dev.backline.testbed.driver.Node;
import dev.backline.testbed.history.PoolStatus;
import dev.backline.testbed.history.PoolStatus.BackendStatus;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** The live table: what the testbed knows of its processes beside what the balancer sees. */
final class StatusTable {
  private static final String FORMAT = "%-11s %-8s %-16s %-10s %9s %9s %9s  %s";
  private static final int MAX_REASON = 40;

  private StatusTable() {}

  /**
   * The table's lines.
   *
   * @param status empty if the balancer doesn't answer
   * @param before the status {@code sinceMillis} ago, for the rates
   */
  static List<String> lines(
      List<Node> nodes,
      Optional<PoolStatus> status,
      Optional<PoolStatus> before,
      long sinceMillis) {
    List<String> lines = new ArrayList<>();
    lines.add(
        FORMAT
            .formatted(
                "NODE", "PROCESS", "ADDRESS", "HEALTH", "REQ/S", "IN FLIGHT", "FAILURES", "WHY")
            .stripTrailing());
    for (Node node : nodes) {
      lines.add(
          node.role() == Node.Role.BALANCER
              ? balancer(node, status)
              : backend(node, status, before, sinceMillis));
    }
    return lines;
  }

  private static String balancer(Node node, Optional<PoolStatus> status) {
    String state = status.map(PoolStatus::state).orElse("no answer");
    String inFlight = status.map(s -> Long.toString(s.exchangesInFlight())).orElse("");
    String why = status.filter(PoolStatus::panic).map(s -> "panic: none is eligible").orElse("");
    return line(node, state, "", inFlight, "", why);
  }

  private static String backend(
      Node node, Optional<PoolStatus> status, Optional<PoolStatus> before, long sinceMillis) {
    Optional<BackendStatus> now = status.flatMap(s -> find(s, node.name()));
    if (now.isEmpty()) {
      return line(node, status.isEmpty() ? "?" : "unlisted", "", "", "", "");
    }
    BackendStatus seen = now.get();
    Optional<BackendStatus> earlier = before.flatMap(s -> find(s, node.name()));
    String rate =
        earlier
            .filter(e -> sinceMillis > 0 && seen.attempts() >= e.attempts())
            .map(e -> Math.round((seen.attempts() - e.attempts()) * 1000.0 / sinceMillis))
            .map(r -> Long.toString(r))
            .orElse("");
    return line(
        node,
        seen.health(),
        rate,
        Long.toString(seen.inFlight()),
        Long.toString(seen.failures()),
        seen.reason());
  }

  private static String line(
      Node node, String health, String rate, String inFlight, String failures, String why) {
    String process = node.state().name().toLowerCase(Locale.ROOT);
    String reason = why.length() > MAX_REASON ? why.substring(0, MAX_REASON - 1) + "…" : why;
    return FORMAT
        .formatted(node.name(), process, node.address(), health, rate, inFlight, failures, reason)
        .stripTrailing();
  }

  static Optional<BackendStatus> find(PoolStatus status, String name) {
    return status.backends().stream().filter(b -> b.name().equals(name)).findFirst();
  }
}
