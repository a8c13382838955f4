package dev.backline.balancer.sim;

import dev.backline.balancer.control.BackendView;
import dev.backline.balancer.control.Effect;
import dev.backline.balancer.control.PoolSnapshot;
import dev.backline.balancer.health.SelfDoubt;
import dev.backline.balancer.model.Verdict;
import java.util.HashMap;
import java.util.Map;

/**
 * A member that knows that it is cut off takes nobody out for it: neither while it is, nor for what
 * it began meanwhile, which fails after it is whole again.
 */
final class CutOffTakesNobodyOut extends Check {
  private static final long STILL_FAILING_NANOS = Agenda.SECOND / 2;

  private final Map<SimulatedMember, Long> isolatedNanos = new HashMap<>();

  CutOffTakesNobodyOut(World world) {
    super(world);
  }

  @Override
  void onDoubt(SimulatedMember member) {
    if (member.doubt() == SelfDoubt.State.ISOLATED) {
      isolatedNanos.put(member, Long.MAX_VALUE);
    } else if (member.doubt() == SelfDoubt.State.BELIEVES) {
      isolatedNanos.remove(member); // The others don't reach them either.
    } else {
      isolatedNanos.computeIfPresent(
          member, (known, until) -> until == Long.MAX_VALUE ? nowNanos() : until);
    }
  }

  @Override
  void onVerdict(SimulatedMember member, Effect.TellVerdict verdict) {
    boolean out = verdict.to() == Verdict.DOWN || verdict.to() == Verdict.REFUSING;
    Long untilNanos = isolatedNanos.get(member);
    SimulatedBackend backend = world.backend(verdict.backend().id());
    if (out
        && untilNanos != null
        && nowNanos() - STILL_FAILING_NANOS < untilNanos
        && !backend.wasEverStruck()) {
      throw violation(
          "%s calls %s %s for \"%s\", though it is cut off or was so lately (expected: SUSPECT)"
              .formatted(member, backend.name(), verdict.to(), verdict.reason()));
    }
  }

  /** Who went out before the member knew it is taken back as soon as it does. */
  @Override
  void onTick() {
    for (Map.Entry<SimulatedMember, Long> each : isolatedNanos.entrySet()) {
      SimulatedMember member = each.getKey();
      PoolSnapshot pool = member.pool();
      if (each.getValue() != Long.MAX_VALUE || member.isDead() || pool == null) {
        continue;
      }
      for (BackendView view : pool.backends()) {
        SimulatedBackend backend = world.backend(view.backend().id());
        boolean out = view.verdict() == Verdict.DOWN || view.verdict() == Verdict.REFUSING;
        if (out && !backend.wasEverStruck() && world.network.isCut(member, backend)) {
          throw violation(
              "%s is %s on %s, which says that it is cut off (expected: SUSPECT)"
                  .formatted(backend.name(), view.verdict(), member));
        }
      }
    }
  }
}
