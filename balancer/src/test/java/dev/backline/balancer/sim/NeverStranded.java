package dev.backline.balancer.sim;

import dev.backline.balancer.balance.Eligibility;
import dev.backline.balancer.control.BackendView;
import dev.backline.balancer.control.PoolSnapshot;
import dev.backline.balancer.model.AdminState;

/** Somebody may be selected wherever a backend has been well for long enough to be seen. */
final class NeverStranded extends Check {
  private final long boundNanos;

  NeverStranded(World world) {
    super(world);
    this.boundNanos = new Bounds(world.options).recoverNanos();
  }

  @Override
  void onTick() {
    PoolSnapshot pool = world.member.pool();
    if (pool == null || !world.network.isLocallyWell()) {
      return;
    }
    long longestNanos = -1;
    String name = "";
    for (BackendView view : pool.backends()) {
      if (view.eligibility() != Eligibility.NONE) {
        return;
      }
      SimulatedBackend backend = world.backend(view.backend().id());
      if (backend.isWell() && view.admin() == AdminState.READY && world.isReady(backend)) {
        long wellNanos = nowNanos() - world.steadySinceNanos(backend);
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
