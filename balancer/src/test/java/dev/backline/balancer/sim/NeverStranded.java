package dev.backline.balancer.sim;

import dev.backline.balancer.balance.Eligibility;
import dev.backline.balancer.control.BackendView;
import dev.backline.balancer.control.PoolSnapshot;
import dev.backline.balancer.model.AdminState;
import dev.backline.balancer.model.Verdict;

/** Somebody may be selected wherever a backend has been well for long enough to be seen. */
final class NeverStranded extends Check {
  private final long boundNanos;

  NeverStranded(World world) {
    super(world);
    this.boundNanos = new Bounds(world.options).recoverNanos();
  }

  @Override
  void onTick() {
    world.members().forEach(this::look);
  }

  private void look(SimulatedMember member) {
    PoolSnapshot pool = member.pool();
    if (pool == null || member.thread.standsStill()) {
      return;
    }
    long longestNanos = -1;
    String name = "";
    for (BackendView view : pool.backends()) {
      if (view.eligibility() != Eligibility.NONE) {
        return;
      }
      SimulatedBackend backend = world.backend(view.backend().id());
      if (backend.isWell()
          && !world.network.isCut(member, backend)
          && world.network.isLocallyWell(member, backend)
          && view.admin() == AdminState.READY
          && world.isReady(backend)) {
        // Who starts while names aren't answered learns of it later.
        long listedNanos = view.verdict() == Verdict.UNPROVEN ? view.sinceNanos() : Long.MIN_VALUE;
        long wellNanos =
            nowNanos() - Math.max(world.steadySinceNanos(member, backend), listedNanos);
        if (wellNanos > longestNanos) {
          longestNanos = wellNanos;
          name = backend.name() + " " + view.verdict();
        }
      }
    }
    if (longestNanos > boundNanos) {
      throw violation(
          "nobody is eligible, but %s has been well for %d ms (expected: <= %d ms)"
              .formatted(name, millis(longestNanos), millis(boundNanos)));
    }
  }
}
