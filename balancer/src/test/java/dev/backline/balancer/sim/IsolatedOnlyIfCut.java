package dev.backline.balancer.sim;

import dev.backline.balancer.control.BackendView;
import dev.backline.balancer.control.PoolSnapshot;
import dev.backline.balancer.health.SelfDoubt;
import dev.backline.balancer.model.Verdict;

/**
 * A member takes itself for isolated only if two thirds of its backends were cut off from it, or
 * struck, at some time, or it could not ask them: not for a failure here and there.
 */
final class IsolatedOnlyIfCut extends Check {
  IsolatedOnlyIfCut(World world) {
    super(world);
  }

  @Override
  void onDoubt(SimulatedMember member) {
    PoolSnapshot pool = member.pool();
    if (member.doubt() != SelfDoubt.State.ISOLATED || pool == null) {
      return;
    }
    int touched = 0;
    int proven = 0;
    for (BackendView view : pool.backends()) {
      if (view.verdict() == Verdict.UNPROVEN) {
        continue; // It came meanwhile.
      }
      proven++;
      SimulatedBackend backend = world.backend(view.backend().id());
      boolean failed =
          world.options.has(Fault.Kind.LOCAL)
              || world.network.wasEverCut(member, backend)
              || world.network.hadEverNoPorts(member, backend)
              || backend.wasEverStruck();
      touched += failed ? 1 : 0;
    }
    if (3 * touched < 2 * proven) {
      throw violation(
          "%s takes itself for isolated, and only %d of %d backends ever failed (expected: most)"
              .formatted(member, touched, proven));
    }
  }
}
