package dev.backline.balancer.sim;

import dev.backline.balancer.control.BackendView;
import dev.backline.balancer.control.PoolSnapshot;
import dev.backline.balancer.health.Observation;
import dev.backline.balancer.model.BackendId;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * When all faults are over, every member knows what every other makes of each backend, and nothing
 * that a member said in an earlier life, or of what it no longer lists.
 */
final class MembersAgree extends Check {
  MembersAgree(World world) {
    super(world);
  }

  @Override
  boolean isSatisfied() {
    return disagreement() == null;
  }

  private @Nullable String disagreement() {
    for (SimulatedMember member : world.members()) {
      PoolSnapshot pool = member.pool();
      if (pool == null) {
        return member + " has no pool";
      }
      for (BackendView view : pool.backends()) {
        String disagreement = disagreement(member, view);
        if (disagreement != null) {
          return disagreement;
        }
      }
    }
    return null;
  }

  private @Nullable String disagreement(SimulatedMember member, BackendView view) {
    BackendId id = view.backend().id();
    for (SimulatedMember other : world.members()) {
      if (other == member) {
        continue;
      }
      Observation heard = view.heard().get(other.name());
      BackendView there = other.view(id);
      boolean same =
          heard == null ? there == null : there != null && heard.verdict() == there.verdict();
      if (!same) {
        return "%s thinks that %s says %s of %s, which says %s"
            .formatted(
                member,
                other,
                heard == null ? "nothing" : heard.verdict(),
                view.backend().name(),
                there == null ? "nothing" : there.verdict());
      }
    }
    return strangers(member, view.heard());
  }

  private @Nullable String strangers(SimulatedMember member, Map<?, Observation> heard) {
    return heard.size() >= world.members().size()
        ? member + " hears of members that aren't there: " + heard.keySet()
        : null;
  }
}
