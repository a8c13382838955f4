package dev.backline.balancer.sim;

import dev.backline.balancer.control.BackendView;
import dev.backline.balancer.control.Effect;
import dev.backline.balancer.control.PoolSnapshot;
import dev.backline.balancer.model.AdminState;
import dev.backline.balancer.model.Verdict;

/**
 * At most half of the ready backends are out for their answers, and never the last that is
 * eligible.
 */
final class EjectionBounded extends Check {
  EjectionBounded(World world) {
    super(world);
  }

  @Override
  void onVerdict(SimulatedMember member, Effect.TellVerdict verdict) {
    PoolSnapshot pool = member.pool();
    if (verdict.to() != Verdict.EJECTED || pool == null) {
      return;
    }
    int ready = 0;
    int out = 0;
    int eligible = 0;
    for (BackendView view : pool.backends()) {
      if (view.admin() == AdminState.READY) {
        ready++;
        switch (view.verdict()) {
          case EJECTED, TRIAL -> out++;
          case UP, SUSPECT -> eligible++;
          case UNPROVEN, DOWN, REFUSING, DRAINING -> {}
        }
      }
    }
    if (eligible == 0 || 2 * out > ready) {
      throw violation(
          "%s is ejected: %d of %d ready ones are out, %d eligible (expected: half, and one)"
              .formatted(verdict.backend().name(), out, ready, eligible));
    }
  }
}
