package dev.backline.testbed.up;

import static org.assertj.core.api.Assertions.assertThat;

import dev.backline.testbed.driver.Node;
import dev.backline.testbed.driver.Node.Role;
import dev.backline.testbed.driver.Node.State;
import dev.backline.testbed.history.PoolStatus;
import dev.backline.testbed.history.PoolStatus.BackendStatus;
import dev.backline.testbed.http.Address;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class StatusTableTest {
  private static final List<Node> NODES =
      List.of(
          new Node("balancer-1", Role.BALANCER, new Address("127.0.0.1", 8080), State.RUNNING, 1),
          new Node("backend-1", Role.BACKEND, new Address("127.0.0.11", 3000), State.RUNNING, 2),
          new Node("backend-2", Role.BACKEND, new Address("127.0.0.12", 3000), State.ENDED, 3));

  @Test
  void tableTellsOfEachNodeItsProcessAndTheBalancersView() {
    Views before = alone(status(100, "up", "passes: 200"));
    Views now = alone(status(150, "down", "refused"));

    assertThat(StatusTable.lines(NODES, now, before, 500))
        .containsExactly(
            "NODE       PROCESS ADDRESS          HEALTH    REQ/S IN FLIGHT FAILED WHY",
            "balancer-1 running 127.0.0.1:8080   ready                   7",
            "backend-1  running 127.0.0.11:3000  up          100         3      0 passes: 200",
            "backend-2  ended   127.0.0.12:3000  down        100         3      0 refused");
  }

  @Test
  void silentBalancerIsShownAsSuch() {
    assertThat(StatusTable.lines(NODES, Views.NONE, Views.NONE, 0))
        .anySatisfy(line -> assertThat(line).startsWith("balancer-1").endsWith("no answer"))
        .anySatisfy(line -> assertThat(line).startsWith("backend-1").endsWith("?"));
  }

  @Test
  void changesAreToldOnce() {
    StateChanges changes = new StateChanges();

    assertThat(changes.lines(NODES, alone(status(1, "up", "passes: 200"))))
        .containsExactly(
            "balancer-1: running, ready",
            "backend-1: running, up (passes: 200)",
            "backend-2: ended, up (passes: 200)");
    assertThat(changes.lines(NODES, alone(status(9, "up", "passes: 200")))).isEmpty();
    assertThat(changes.lines(NODES, alone(status(9, "down", "refused"))))
        .containsExactly("backend-2: ended, up (passes: 200) -> ended, down (refused)");
    assertThat(changes.lines(NODES.subList(0, 2), alone(status(9, "down", "refused"))))
        .containsExactly("backend-2: removed");
  }

  @Test
  void balancersThatDisagreeAreShownAndTheirFiguresAddUp() {
    Map<String, PoolStatus> seen = new LinkedHashMap<>();
    seen.put("balancer-1", status(150, "up", "passes: 200"));
    seen.put("balancer-2", status(50, "down", "connect timeout"));
    Views before = new Views(seen);
    List<Node> nodes = new ArrayList<>(NODES);
    nodes.add(
        1, new Node("balancer-2", Role.BALANCER, new Address("127.0.0.2", 8080), State.RUNNING, 4));

    assertThat(StatusTable.lines(nodes, new Views(seen), before, 500))
        .contains(
            "balancer-2 running 127.0.0.2:8080   ready                   7",
            "backend-1  running 127.0.0.11:3000  up            0         6      0 passes: 200",
            "backend-2  ended   127.0.0.12:3000  up            0         6      0"
                + " passes: 200; balancer-2: down, connect timeout");
  }

  @Test
  void memberThatIsNotHeardIsNamed() {
    Views views =
        new Views(
            Map.of(
                "balancer-1", status(1, "up", ""),
                "balancer-2", status(1, "up", ""),
                "balancer-3", status(1, "up", "")));

    assertThat(StatusTable.lines(NODES, views, Views.NONE, 0))
        .anySatisfy(
            line -> assertThat(line).startsWith("balancer-1").endsWith("doesn't hear balancer-3"));
  }

  @Test
  void memberKilledAfterItAnsweredIsNotShownAsReady() {
    List<Node> killed =
        List.of(
            new Node("balancer-1", Role.BALANCER, new Address("127.0.0.1", 8080), State.ENDED, 4));
    Views answers = alone(status(1, "up", ""));

    assertThat(new StateChanges().lines(killed, answers.ofThoseThatRun(killed)))
        .containsExactly("balancer-1: ended, no answer");
  }

  private static Views alone(PoolStatus status) {
    return new Views(Map.of("balancer-1", status));
  }

  private static PoolStatus status(long attempts, String secondHealth, String secondReason) {
    return new PoolStatus(
        "balancer-1",
        "ready",
        3,
        7,
        0,
        false,
        true,
        List.of("balancer-2"),
        List.of(
            backend("backend-1", attempts, "up", "passes: 200"),
            backend("backend-2", attempts, secondHealth, secondReason)));
  }

  private static BackendStatus backend(String name, long attempts, String health, String reason) {
    return new BackendStatus(
        name, "127.0.0.1:1", 1, "ready", health, true, reason, 10, 3, attempts, 0, "200");
  }
}
