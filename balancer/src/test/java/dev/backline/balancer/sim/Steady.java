package dev.backline.balancer.sim;

import dev.backline.balancer.balance.SelectionPolicy;
import dev.backline.balancer.control.BackendView;
import dev.backline.balancer.control.Effect;
import dev.backline.balancer.control.PoolSnapshot;
import dev.backline.balancer.model.Verdict;
import dev.backline.balancer.proxy.LiveBackend;
import org.jspecify.annotations.Nullable;

/** A check that looks at the pool only once it is healed, whole, warm, and stays so. */
abstract class Steady extends Check {
  private static final double SLOW_FACTOR = 2;
  private static final long QUICK_NANOS = 10 * Agenda.MILLI;

  private final boolean latencyCounts;
  private long healedNanos;
  private boolean steady;
  private boolean done;
  private int suspicions;

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

  /** A kept connection that the backend closed makes it suspect for an instant, again and again. */
  @Override
  void onVerdict(SimulatedMember member, Effect.TellVerdict verdict) {
    if (isInstant(verdict.from()) && isInstant(verdict.to())) {
      suspicions++;
    } else {
      steady = false;
    }
  }

  /** Returns how often somebody was suspect since the pool is steady. */
  final int suspicions() {
    return suspicions;
  }

  @Override
  void onTick() {
    if (done || !world.isHealed()) {
      return;
    }
    if (steady) {
      // When most were slow, nobody looked so until the first of them got better.
      steady = !latencyCounts || !isAnybodySlow();
    } else if (isWarm()) {
      steady = true;
      suspicions = 0;
      begin();
    }
  }

  @Override
  boolean isSatisfied() {
    return done || !concerns(world.policy().balance().selection());
  }

  /** What was sent to a backend before it went takes slots until its time is over. */
  private long oldestAttemptNanos() {
    return world.options.policies().stream()
        .mapToLong(policy -> policy.retry().head().toNanos())
        .max()
        .orElseThrow();
  }

  /** A backend that was slow or hung counts as slow until that is forgotten. */
  private boolean isAnybodySlow() {
    for (SimulatedLoop loop : world.loops()) {
      for (LiveBackend backend : loop.published().backends()) {
        long headNanos = backend.headNanos(nowNanos());
        if (headNanos >= SLOW_FACTOR * Math.max(loop.medianHeadNanos(), QUICK_NANOS)) {
          return true;
        }
      }
    }
    return false;
  }

  private static boolean isInstant(Verdict verdict) {
    return verdict == Verdict.UP || verdict == Verdict.SUSPECT;
  }

  private boolean isWarm() {
    boolean early = nowNanos() - healedNanos < oldestAttemptNanos();
    if (early || (latencyCounts && isAnybodySlow())) {
      return false;
    }
    return world.members().stream().map(SimulatedMember::pool).allMatch(this::isWarm);
  }

  private boolean isWarm(@Nullable PoolSnapshot pool) {
    if (pool == null) {
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
