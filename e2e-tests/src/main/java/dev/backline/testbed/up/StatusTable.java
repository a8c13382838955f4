package dev.backline.testbed.up;

import dev.backline.testbed.driver.Node;
import dev.backline.testbed.history.PoolStatus;
import dev.backline.testbed.history.PoolStatus.BackendStatus;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.ToLongFunction;

/** The live table: what the testbed knows of its processes beside what the balancers see. */
final class StatusTable {
  private static final String FORMAT = "%-10s %-7s %-16s %-9s %5s %9s %6s %s";
  private static final int MAX_REASON = 60;

  private StatusTable() {}

  /**
   * The table's lines: health and reason of a backend as the first balancer sees them, and what
   * others see otherwise; its figures are those of all balancers together.
   *
   * @param before the views {@code sinceMillis} ago, for the rates
   */
  static List<String> lines(List<Node> nodes, Views views, Views before, long sinceMillis) {
    List<String> lines = new ArrayList<>();
    lines.add(
        FORMAT
            .formatted(
                "NODE", "PROCESS", "ADDRESS", "HEALTH", "REQ/S", "IN FLIGHT", "FAILED", "WHY")
            .stripTrailing());
    for (Node node : nodes) {
      lines.add(
          node.role() == Node.Role.BALANCER
              ? balancer(node, views)
              : backend(node, views, before, sinceMillis));
    }
    return lines;
  }

  private static String balancer(Node node, Views views) {
    Optional<PoolStatus> status = views.of(node.name());
    String state = status.map(PoolStatus::state).orElse("no answer");
    String inFlight = status.map(s -> Long.toString(s.exchangesInFlight())).orElse("");
    String panic = status.filter(PoolStatus::panic).map(s -> "panic: none is eligible").orElse("");
    String why = panic.isEmpty() ? status.map(s -> views.unheardBy(s)).orElse("") : panic;
    return line(node, state, "", inFlight, "", why);
  }

  private static String backend(Node node, Views views, Views before, long sinceMillis) {
    if (views.nobodyAnswers()) {
      return line(node, "?", "", "", "", "");
    }
    List<BackendStatus> seen = views.backend(node.name());
    if (seen.isEmpty()) {
      return line(node, "unlisted", "", "", "", "");
    }
    long now = sum(seen, BackendStatus::attempts);
    long earlier = sum(before.backend(node.name()), BackendStatus::attempts);
    boolean known = sinceMillis > 0 && before.answering(views) && now >= earlier;
    return line(
        node,
        seen.get(0).health(),
        known ? Long.toString(Math.round((now - earlier) * 1000.0 / sinceMillis)) : "",
        Long.toString(sum(seen, BackendStatus::inFlight)),
        Long.toString(sum(seen, BackendStatus::failures)),
        views.why(node.name()));
  }

  private static long sum(List<BackendStatus> seen, ToLongFunction<BackendStatus> figure) {
    return seen.stream().mapToLong(figure).sum();
  }

  private static String line(
      Node node, String health, String rate, String inFlight, String failures, String why) {
    String process = node.state().name().toLowerCase(Locale.ROOT);
    String reason = why.length() > MAX_REASON ? why.substring(0, MAX_REASON - 1) + "…" : why;
    return FORMAT
        .formatted(node.name(), process, node.address(), health, rate, inFlight, failures, reason)
        .stripTrailing();
  }
}
