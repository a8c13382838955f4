package dev.backline.balancer.sim;

import dev.backline.balancer.control.BackendView;
import dev.backline.balancer.control.Effect;
import dev.backline.balancer.control.PoolSnapshot;
import dev.backline.balancer.model.BackendId;
import dev.backline.balancer.model.Verdict;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;

/**
 * When all faults are over, every listed backend is preferred again by every loop: within the time
 * that probes need, or that its ejection lasts.
 */
final class EligibleAgain extends Check {
  private static final long LONGEST_EJECTION_NANOS =
      Bounds.LONGEST_EJECTION_NANOS + Bounds.TRIAL_NANOS;

  private final long boundNanos;

  private record Place(SimulatedMember member, BackendId backend) {}

  private final Set<Place> done = new LinkedHashSet<>();
  private final Map<Place, Long> ejectedNanos = new LinkedHashMap<>();
  private final Map<Place, Long> returnedNanos = new LinkedHashMap<>();
  private long healedNanos;

  EligibleAgain(World world) {
    super(world);
    // Who comes back by name comes with its next answer.
    long listedNanos = world.options.named() ? World.LOOK_UP_NANOS : 0;
    this.boundNanos = listedNanos + new Bounds(world.options).recoverNanos();
  }

  @Override
  void onVerdict(SimulatedMember member, Effect.TellVerdict verdict) {
    Place id = new Place(member, verdict.backend().id());
    if (verdict.to() == Verdict.EJECTED) {
      ejectedNanos.put(id, nowNanos());
    }
    if (verdict.from() == Verdict.EJECTED || verdict.from() == Verdict.TRIAL) {
      returnedNanos.put(id, nowNanos());
    }
  }

  @Override
  void onHealed() {
    healedNanos = nowNanos();
  }

  @Override
  void onTick() {
    if (world.isHealed()) {
      world.members().forEach(this::look);
    }
  }

  private void look(SimulatedMember member) {
    PoolSnapshot pool = member.pool();
    if (pool == null) {
      return;
    }
    for (BackendView view : pool.backends()) {
      Place id = new Place(member, view.backend().id());
      if (done.contains(id) || !world.listed().contains(world.backend(id.backend()))) {
        continue;
      }
      if (Others.isPreferredByAll(member, id.backend())) {
        done.add(id);
        continue;
      }
      boolean ejected = view.verdict() == Verdict.EJECTED || view.verdict() == Verdict.TRIAL;
      long sinceNanos =
          Math.max(
              Math.max(healedNanos, Math.max(member.beganNanos(), listedNanos(member, id))),
              ejected
                  ? ejectedNanos.getOrDefault(id, healedNanos) + LONGEST_EJECTION_NANOS
                  : returnedNanos.getOrDefault(id, healedNanos));
      if (nowNanos() - sinceNanos > boundNanos) {
        throw violation(
            "%s is well since %d ms and not eligible: %s %s, %s (expected: <= %d ms%s)"
                .formatted(
                    view.backend().name(),
                    millis(nowNanos() - healedNanos),
                    view.admin(),
                    view.verdict(),
                    view.reason(),
                    millis(boundNanos),
                    ejected ? " after its ejection" : ""));
      }
    }
  }

  /** Who registers is listed when that is heard, and anew with each of its lives. */
  private long listedNanos(SimulatedMember member, Place place) {
    return world.options.registered() ? member.listedNanos(place.backend()) : 0;
  }

  @Override
  boolean isSatisfied() {
    return world.members().stream().allMatch(this::isWell);
  }

  private boolean isWell(SimulatedMember member) {
    PoolSnapshot pool = member.pool();
    return pool != null
        && pool.backends().size() == world.listed().size()
        && pool.backends().stream()
            .allMatch(view -> Others.isPreferredByAll(member, view.backend().id()));
  }
}
