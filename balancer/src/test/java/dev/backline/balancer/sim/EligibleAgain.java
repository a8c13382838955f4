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
  private final Set<BackendId> done = new LinkedHashSet<>();
  private final Map<BackendId, Long> ejectedNanos = new LinkedHashMap<>();
  private final Map<BackendId, Long> returnedNanos = new LinkedHashMap<>();
  private long healedNanos;

  EligibleAgain(World world) {
    super(world);
    this.boundNanos = new Bounds(world.options).recoverNanos();
  }

  @Override
  void onVerdict(Effect.TellVerdict verdict) {
    BackendId id = verdict.backend().id();
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
    PoolSnapshot pool = world.member.pool();
    if (!world.isHealed() || pool == null) {
      return;
    }
    for (BackendView view : pool.backends()) {
      BackendId id = view.backend().id();
      if (done.contains(id)) {
        continue;
      }
      if (Others.isPreferredByAll(world, id)) {
        done.add(id);
        continue;
      }
      boolean ejected = view.verdict() == Verdict.EJECTED || view.verdict() == Verdict.TRIAL;
      long sinceNanos =
          Math.max(
              healedNanos,
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

  @Override
  boolean isSatisfied() {
    PoolSnapshot pool = world.member.pool();
    return pool != null
        && pool.backends().size() == world.listed().size()
        && pool.backends().stream()
            .allMatch(view -> Others.isPreferredByAll(world, view.backend().id()));
  }
}
