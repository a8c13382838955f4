package dev.backline.balancer.sim;

import dev.backline.balancer.model.BackendId;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * A member sends a backend no more than so many probes in any second: in a hurry ten ordinary ones
 * and ten quick ones, and what a suspicion, a loop that finds it overdue and another member's word
 * each add.
 */
final class ProbesBounded extends Check {
  private static final int A_SECOND = 2 * 10 + 10;

  private record Place(SimulatedMember member, BackendId backend) {}

  private final Map<Place, Deque<Long>> sent = new LinkedHashMap<>();

  ProbesBounded(World world) {
    super(world);
  }

  @Override
  void onProbing(SimulatedMember member, BackendId backend) {
    Deque<Long> lately = sent.computeIfAbsent(new Place(member, backend), p -> new ArrayDeque<>());
    lately.addLast(nowNanos());
    while (nowNanos() - lately.getFirst() > Agenda.SECOND) {
      lately.removeFirst();
    }
    if (lately.size() > A_SECOND) {
      throw violation(
          "%s sends %s %d probes in a second (expected: <= %d)"
              .formatted(member, world.backend(backend).name(), lately.size(), A_SECOND));
    }
  }
}
