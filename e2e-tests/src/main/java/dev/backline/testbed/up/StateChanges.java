package dev.backline.testbed.up;

import dev.backline.testbed.driver.Node;
import dev.backline.testbed.history.PoolStatus;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** A line for each change, for where a live table can't be shown. Remembers the last states. */
final class StateChanges {
  private Map<String, String> states = new LinkedHashMap<>();

  /** The changes since the last call, all states at the first. */
  List<String> lines(List<Node> nodes, Views views) {
    Map<String, String> now = new LinkedHashMap<>();
    for (Node node : nodes) {
      now.put(node.name(), state(node, views));
    }
    List<String> lines = new ArrayList<>();
    now.forEach(
        (name, state) -> {
          String before = states.get(name);
          if (before == null) {
            lines.add(name + ": " + state);
          } else if (!before.equals(state)) {
            lines.add(name + ": " + before + " -> " + state);
          }
        });
    for (String name : states.keySet()) {
      if (!now.containsKey(name)) {
        lines.add(name + ": removed");
      }
    }
    states = now;
    return lines;
  }

  private static String state(Node node, Views views) {
    String process = node.state().name().toLowerCase(Locale.ROOT);
    String seen =
        node.role() == Node.Role.BALANCER
            ? views.of(node.name()).map(PoolStatus::state).orElse("no answer")
            : views.backend(node.name()).stream()
                .findFirst()
                .map(b -> b.health() + " (" + views.why(node.name()) + ")")
                .orElse("unlisted");
    return process + ", " + seen;
  }
}
