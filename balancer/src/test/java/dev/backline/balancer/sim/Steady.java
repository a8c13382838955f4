package dev.backline.balancer.sim;

import dev.backline.balancer.balance.SelectionPolicy;
import dev.backline.balancer.control.BackendView;
import dev.backline.balancer.control.Effect;
import dev.backline.balancer.control.PoolSnapshot;

/** A check that looks at the pool only once it is healed, whole, warm, and stays so. */
abstract class Steady extends Check {
  // Times to head are forgotten within ten seconds.
  private static final long FORGET_NANOS = 10_100 * Agenda.MILLI;

  private final boolean latencyCounts;
  private long healedNanos;
  private boolean steady;
  private boolean done;

  Steady(World world, boolean latencyCounts) {
    super(world);
    this.latencyCounts = latencyCounts;
  }

  /** Begins to look, or begins anew. */
  abstract void begin();

  /** Returns whether the check has something to say about this way to select. */
  abstract boolean concerns(SelectionPolicy selection);

  final boolean isSteady() {
    return steady && !done;
  }

  final void done() {
    done = true;
  }

  @Override
  void onHealed() {
    healedNanos = nowNanos();
  }

  @Override
  void onVerdict(Effect.TellVerdict verdict) {
    steady = false;
  }

  @Override
  void onTick() {
    if (!steady && !done && world.isHealed() && isWarm()) {
      steady = true;
      begin();
    }
  }

  @Override
  boolean isSatisfied() {
    return done || !concerns(world.policy().balance().selection());
  }

  private boolean isWarm() {
    PoolSnapshot pool = world.member.pool();
    if (pool == null || (latencyCounts && nowNanos() - healedNanos < FORGET_NANOS)) {
      return false;
    }
    for (BackendView view : pool.backends()) {
      if (view.slowStart().factor(nowNanos()) < 1
          || !Others.isPreferredByAll(world, view.backend().id())) {
        return false;
      }
    }
    return true;
  }
}
