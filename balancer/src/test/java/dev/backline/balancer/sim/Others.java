package dev.backline.balancer.sim;

import dev.backline.balancer.balance.Eligibility;
import dev.backline.balancer.model.BackendId;
import dev.backline.balancer.proxy.LiveBackend;
import java.util.List;

/** Whether somebody else could have been selected, by what a loop had before it. */
final class Others {
  private Others() {}

  static boolean isAnotherEligible(
      SimulatedLoop loop, LiveBackend selected, List<BackendId> tried) {
    int maxInFlight = loop.published().policy().balance().maxInFlight();
    for (LiveBackend other : loop.published().backends()) {
      boolean free = other.inFlight() < maxInFlight && !tried.contains(other.id());
      if (free && !other.id().equals(selected.id()) && isEligible(other)) {
        return true;
      }
    }
    return false;
  }

  /** Returns whether one that was not suspect could have been selected. */
  static boolean isAnotherPreferred(
      SimulatedLoop loop, LiveBackend selected, List<BackendId> tried) {
    int maxInFlight = loop.published().policy().balance().maxInFlight();
    return loop.published().backends().stream()
        .anyMatch(
            other ->
                !other.id().equals(selected.id())
                    && other.eligibility() == Eligibility.PREFERRED
                    && other.inFlight() < maxInFlight
                    && !tried.contains(other.id()));
  }

  static boolean isAnyFull(SimulatedLoop loop) {
    int maxInFlight = loop.published().policy().balance().maxInFlight();
    return loop.published().backends().stream().anyMatch(b -> b.inFlight() >= maxInFlight);
  }

  private static boolean isEligible(LiveBackend other) {
    return switch (other.eligibility()) {
      case PREFERRED, SUSPECT -> true;
      case TRIAL -> other.inFlight() == 0;
      case LAST_RESORT, NONE -> false;
    };
  }

  /** Returns whether every loop sees it as one of the best. */
  static boolean isPreferredByAll(World world, BackendId id) {
    return world.members().stream().allMatch(member -> isPreferredByAll(member, id));
  }

  static boolean isPreferredByAll(SimulatedMember member, BackendId id) {
    for (SimulatedLoop loop : member.loops()) {
      LiveBackend live = loop.live(id);
      if (live == null || live.eligibility() != Eligibility.PREFERRED) {
        return false;
      }
    }
    return true;
  }
}
