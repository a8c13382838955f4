package dev.backline.testbed.up;

import dev.backline.testbed.driver.Node;
import dev.backline.testbed.driver.Testbed;
import dev.backline.testbed.driver.TestbedException;
import dev.backline.testbed.history.PoolStatus;
import dev.backline.testbed.history.PoolStatus.BackendStatus;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What each balancer that answers sees, in their order.
 *
 * @param byMember without those that don't answer
 */
record Views(Map<String, PoolStatus> byMember) {
  static final Views NONE = new Views(Map.of());

  /** Asks all that run; one that is paused would only keep us waiting. */
  static Views of(Testbed testbed) {
    Map<String, PoolStatus> views = new LinkedHashMap<>();
    for (Node node : testbed.nodes()) {
      if (node.role() == Node.Role.BALANCER && node.state() == Node.State.RUNNING) {
        try {
          views.put(node.name(), testbed.status(node.name()));
        } catch (TestbedException e) {
          // It was killed or paused meanwhile: the table says so.
          views.remove(node.name());
        }
      }
    }
    return new Views(views);
  }

  /** Without the answers of those that ended or were paused since they gave them. */
  Views ofThoseThatRun(List<Node> nodes) {
    Map<String, PoolStatus> views = new LinkedHashMap<>(byMember);
    for (Node node : nodes) {
      if (node.state() != Node.State.RUNNING) {
        views.remove(node.name());
      }
    }
    return new Views(views);
  }

  Optional<PoolStatus> of(String member) {
    return Optional.ofNullable(byMember.get(member));
  }

  boolean nobodyAnswers() {
    return byMember.isEmpty();
  }

  /** Whether the same balancers answered then and now: else their sums can't be compared. */
  boolean answering(Views later) {
    return byMember.keySet().equals(later.byMember.keySet());
  }

  /** A backend in the eyes of each that lists it. */
  List<BackendStatus> backend(String name) {
    return byMember.values().stream().flatMap(status -> status.backend(name).stream()).toList();
  }

  /** The first view's reason, and each other view that has another health. */
  String why(String backend) {
    List<String> words = new ArrayList<>();
    String health = "";
    for (Map.Entry<String, PoolStatus> view : byMember.entrySet()) {
      Optional<BackendStatus> seen = view.getValue().backend(backend);
      String now = seen.map(BackendStatus::health).orElse("unlisted");
      String reason = seen.map(BackendStatus::reason).orElse("");
      if (words.isEmpty()) {
        health = now;
        words.add(reason);
      } else if (!now.equals(health)) {
        words.add(view.getKey() + ": " + now + ", " + reason);
      }
    }
    return String.join("; ", words);
  }

  /** Which of those that answer a member doesn't hear, in words; empty if it is in no cluster. */
  String unheardBy(PoolStatus status) {
    List<String> unheard = status.inCluster() ? status.unheard(byMember.keySet()) : List.of();
    return unheard.isEmpty() ? "" : "doesn't hear " + String.join(", ", unheard);
  }
}
