package dev.backline.balancer.control;

import dev.backline.balancer.balance.SlowStart;
import dev.backline.balancer.health.HealthTracker;
import dev.backline.balancer.model.BackendId;
import dev.backline.balancer.model.Verdict;
import java.util.function.Consumer;
import java.util.random.RandomGenerator;

/**
 * What follows when the verdicts on a pool's backends turn, or don't, at one moment.
 *
 * @param nowNanos on the member's monotonic clock
 */
record Turns(PoolPolicy policy, RandomGenerator random, long nowNanos, Consumer<Effect> effects) {
  private static final long RETURN_SLOW_START_NANOS = 2_000_000_000L;

  /** Carries on from what the verdict was before. */
  void after(BackendState state, Verdict before) {
    Verdict after = state.tracker.verdict();
    if (after == before) {
      return;
    }
    BackendId id = state.backend.id();
    if (after == Verdict.UP) {
      state.slowStart = slowStart(state, before);
      effects.accept(new Effect.ClearSuspicion(policy.name(), id));
      if (before.isOut()) {
        effects.accept(new Effect.Renew(policy.name(), id));
      }
    }
    if (after == Verdict.DRAINING || after == Verdict.REFUSING || after == Verdict.DOWN) {
      effects.accept(new Effect.CloseIdle(policy.name(), id));
    }
    String reason = state.tracker.reason();
    effects.accept(new Effect.TellVerdict(policy.name(), state.backend, before, after, reason));
  }

  /** A backend that was never out goes on with the slow start that it is in. */
  private SlowStart slowStart(BackendState state, Verdict before) {
    long longest = policy.balance().slowStart().toNanos();
    return switch (before) {
      case UNPROVEN -> new SlowStart(nowNanos, longest);
      case DOWN, REFUSING, DRAINING ->
          new SlowStart(nowNanos, Math.min(longest, RETURN_SLOW_START_NANOS));
      case UP, SUSPECT, EJECTED, TRIAL -> state.slowStart;
    };
  }

  /**
   * A pass is a sign of life, and clears what event loops suspect. Of the abandoned slots it frees
   * half: where the health request is answered and others hang, the backend must not look idle; and
   * one that hung for a moment must not look busy for long.
   */
  void onPass(BackendState state, Verdict before) {
    Verdict now = state.tracker.verdict();
    if (before.isOut() || now.isOut() || now == Verdict.SUSPECT) {
      return;
    }
    if (now == before) {
      effects.accept(new Effect.ClearSuspicion(policy.name(), state.backend.id()));
    }
    effects.accept(new Effect.FreeAbandoned(policy.name(), state.backend.id()));
  }

  void probeInTurn(BackendState state) {
    long delayNanos = state.tracker.probeDelayNanos(random, nowNanos);
    effects.accept(new Effect.ProbeAfter(policy.name(), state.backend.id(), delayNanos));
  }

  void probeNow(BackendState state) {
    effects.accept(new Effect.ProbeAfter(policy.name(), state.backend.id(), 0));
  }

  /** Where all are probed: not all in the same moment. */
  void probeSoon(BackendState state) {
    long delayNanos = random.nextLong(HealthTracker.HURRIED_PROBE_NANOS);
    effects.accept(new Effect.ProbeAfter(policy.name(), state.backend.id(), delayNanos));
  }

  void probeNewSuspect(BackendState state, Verdict before) {
    if (before != Verdict.SUSPECT && state.tracker.verdict() == Verdict.SUSPECT) {
      probeNow(state);
    }
  }
}
