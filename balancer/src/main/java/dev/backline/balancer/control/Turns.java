package dev.backline.balancer.control;

import dev.backline.balancer.balance.SlowStart;
import dev.backline.balancer.health.HealthTracker;
import dev.backline.balancer.health.ProbeResult;
import dev.backline.balancer.model.BackendId;
import dev.backline.balancer.model.Verdict;
import java.util.function.Consumer;
import java.util.function.Predicate;
import java.util.random.RandomGenerator;

/**
 * What follows when the verdicts on a pool's backends turn, or don't, at one moment.
 *
 * @param isMine whether it is this member's turn to probe a backend
 * @param nowNanos on the member's monotonic clock
 */
record Turns(
    PoolPolicy policy,
    Predicate<BackendId> isMine,
    RandomGenerator random,
    long nowNanos,
    Consumer<Effect> effects) {
  private static final long RETURN_SLOW_START_NANOS = 2_000_000_000L;

  /** Carries on from what the verdict was before. */
  void after(BackendState state, Verdict before) {
    Verdict after = state.tracker.verdict();
    if (after == before) {
      return;
    }
    BackendId id = state.backend.id();
    if (after == Verdict.UP || (after == Verdict.TRIAL && before.isOut())) {
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
   * A backend that is silent is probed quickly, and event loops tell when they hear it.
   *
   * @param wasNews whether that would have been news before
   */
  void whileSilent(BackendState state, boolean wasNews) {
    if (!wasNews && state.tracker.isHeardNews()) {
      effects.accept(new Effect.ReportHeard(policy.name(), state.backend.id()));
    }
    if (state.tracker.tryProbeQuickly(nowNanos)) {
      probeQuickly(state);
    }
  }

  void probeQuickly(BackendState state) {
    long timeoutNanos = state.tracker.quickTimeoutNanos();
    effects.accept(new Effect.ProbeQuickly(policy.name(), state.backend.id(), timeoutNanos));
  }

  /**
   * An answer is heard by event loops too. A pass is a sign of life, and clears what event loops
   * suspect.
   */
  void onProbe(BackendState state, Verdict before, ProbeResult result) {
    if (!(result instanceof ProbeResult.Failed failed) || failed.cause() == null) {
      effects.accept(new Effect.NoteHeard(policy.name(), state.backend.id()));
    }
    if (isGoodNews(state, before, result) && state.tracker.verdict() == before) {
      effects.accept(new Effect.ClearSuspicion(policy.name(), state.backend.id()));
    }
  }

  /**
   * Of the abandoned slots an ordinary probe that passes frees half: where the health request is
   * answered and others hang, the backend must not look idle; and one that hung for a moment must
   * not look busy for long.
   */
  void freeAbandoned(BackendState state, Verdict before, ProbeResult result) {
    if (isGoodNews(state, before, result)) {
      effects.accept(new Effect.FreeAbandoned(policy.name(), state.backend.id()));
    }
  }

  private static boolean isGoodNews(BackendState state, Verdict before, ProbeResult result) {
    Verdict now = state.tracker.verdict();
    return result instanceof ProbeResult.Passed
        && !before.isOut()
        && !now.isOut()
        && now != Verdict.SUSPECT;
  }

  void probeInTurn(BackendState state) {
    state.mine = isMine.test(state.backend.id());
    long delayNanos = state.tracker.probeDelayNanos(random, state.mine, nowNanos);
    boolean urgent = state.tracker.verdict() == Verdict.SUSPECT;
    effects.accept(new Effect.ProbeAfter(policy.name(), state.backend.id(), delayNanos, urgent));
  }

  /** The others are no longer the same: what becomes this member's turn is probed from now on. */
  void assign(BackendState state) {
    if (!state.mine && isMine.test(state.backend.id())) {
      probeInTurn(state);
    }
  }

  void probeNow(BackendState state) {
    long delayNanos = state.tracker.lookDelayNanos(nowNanos);
    effects.accept(new Effect.ProbeAfter(policy.name(), state.backend.id(), delayNanos, true));
  }

  /** Where all are probed: not all in the same moment. */
  void probeSoon(BackendState state) {
    long delayNanos = random.nextLong(HealthTracker.HURRIED_PROBE_NANOS);
    effects.accept(new Effect.ProbeAfter(policy.name(), state.backend.id(), delayNanos));
  }

  /** Not by a look that was wanted before: what is out is out for as long as its turn takes. */
  void probeNewlyOut(BackendState state, Verdict before) {
    if (!before.isOut() && state.tracker.verdict().isOut()) {
      probeInTurn(state);
    }
  }

  void probeNewSuspect(BackendState state, Verdict before) {
    if (before != Verdict.SUSPECT && state.tracker.verdict() == Verdict.SUSPECT) {
      probeNow(state);
    }
  }
}
