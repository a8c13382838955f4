package dev.backline.balancer.sim;

import dev.backline.balancer.balance.BalancePolicy;
import dev.backline.balancer.balance.SelectionPolicy;
import dev.backline.balancer.balance.SlowStart;
import dev.backline.balancer.control.BackendView;
import dev.backline.balancer.control.Effect;
import dev.backline.balancer.control.Event;
import dev.backline.balancer.control.PoolSnapshot;
import dev.backline.balancer.control.Snapshot;
import dev.backline.balancer.health.Evidence;
import dev.backline.balancer.health.ProbeResult;
import dev.backline.balancer.model.Backend;
import dev.backline.balancer.model.BackendId;
import dev.backline.balancer.model.Cause;
import dev.backline.balancer.model.Outcome;
import dev.backline.balancer.model.PoolName;
import dev.backline.balancer.model.RequestHead;
import dev.backline.balancer.model.Verdict;
import dev.backline.balancer.proxy.LiveBackend;
import dev.backline.balancer.retry.RetryBudget;
import dev.backline.balancer.retry.RetryPolicy;
import dev.backline.balancer.retry.Step;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/** Cores with one decision each that is wrong: real ones, with a wrong one put before them. */
final class WrongCores {
  private WrongCores() {}

  /** Another choice: gets the real one to fall back on. */
  private abstract static class WrongChoice extends Core {
    abstract @Nullable LiveBackend select(
        Choice real,
        List<LiveBackend> candidates,
        RequestHead head,
        List<BackendId> tried,
        long nowNanos);

    @Override
    Choice choice(BalancePolicy policy, RandomGenerator random) {
      Choice real = super.choice(changed(policy), random);
      return new Choice() {
        @Override
        public @Nullable LiveBackend select(
            List<LiveBackend> candidates, RequestHead head, List<BackendId> tried, long nowNanos) {
          return WrongChoice.this.select(real, candidates, head, tried, nowNanos);
        }

        @Override
        public long medianHeadNanos(List<LiveBackend> candidates, long nowNanos) {
          return real.medianHeadNanos(candidates, nowNanos);
        }
      };
    }

    BalancePolicy changed(BalancePolicy policy) {
      return policy;
    }
  }

  /** Other steps after an outcome: {@code null} leaves them to the real ones. */
  private abstract static class WrongSteps extends Core {
    abstract @Nullable Step instead(Outcome outcome, Duration maxWait, long nowNanos);

    RetryPolicy changed(RetryPolicy policy) {
      return policy;
    }

    @Override
    Steps steps(
        RetryPolicy policy, Duration maxWait, RetryBudget budget, RequestHead head, long nowNanos) {
      Steps real = super.steps(changed(policy), maxWait, budget, head, nowNanos);
      return new Steps() {
        @Override
        public Step next(Outcome outcome, boolean replayable, long now) {
          Step step = real.next(outcome, replayable, now);
          Step wrong = instead(outcome, maxWait, now);
          return wrong == null ? step : wrong;
        }

        @Override
        public void onTry(BackendId backend) {
          real.onTry(backend);
        }

        @Override
        public void onReleased() {
          real.onReleased();
        }

        @Override
        public List<BackendId> tried() {
          return real.tried();
        }

        @Override
        public long deadlineNanos() {
          return real.deadlineNanos();
        }

        @Override
        public boolean isAnotherPossible(boolean replayable) {
          return real.isAnotherPossible(replayable);
        }
      };
    }
  }

  /** Another control: other events go in, other effects and snapshots come out. */
  private abstract static class WrongControl extends Core {
    Event in(Event event) {
      return event;
    }

    /** The event is the one that came in. */
    @SuppressWarnings("UnusedVariable")
    List<Effect> out(Event event, List<Effect> effects) {
      return effects;
    }

    BackendView shown(BackendView view) {
      return view;
    }

    @Override
    Control control(RandomGenerator random) {
      Control real = super.control(random);
      return new Control() {
        @Override
        public List<Effect> apply(Event event, long nowNanos) {
          return out(event, real.apply(in(event), nowNanos));
        }

        @Override
        public Snapshot snapshot() {
          Map<PoolName, PoolSnapshot> pools = new LinkedHashMap<>();
          real.snapshot()
              .pools()
              .forEach(
                  (name, pool) -> {
                    List<BackendView> views = new ArrayList<>();
                    pool.backends().forEach(view -> views.add(shown(view)));
                    pools.put(name, new PoolSnapshot(pool.policy(), views));
                  });
          return new Snapshot(real.snapshot().version(), real.snapshot().router(), pools);
        }

        @Override
        public long nextDeadlineNanos() {
          return real.nextDeadlineNanos();
        }
      };
    }
  }

  /** Takes every backend for up, as if its snapshot were as old as the hills. */
  static Core staleEligibility() {
    return new WrongChoice() {
      @Override
      @Nullable LiveBackend select(
          Choice real,
          List<LiveBackend> candidates,
          RequestHead head,
          List<BackendId> tried,
          long nowNanos) {
        List<LiveBackend> believed = new ArrayList<>();
        for (LiveBackend live : candidates) {
          believed.add(new LiveBackend(withVerdict(live.view(), Verdict.UP), live.cell()));
        }
        LiveBackend selected = real.select(believed, head, tried, nowNanos);
        return selected == null ? null : candidates.get(believed.indexOf(selected));
      }
    };
  }

  /** Selects the first that the real one might select. */
  static Core alwaysTheFirst() {
    return new WrongChoice() {
      @Override
      @Nullable LiveBackend select(
          Choice real,
          List<LiveBackend> candidates,
          RequestHead head,
          List<BackendId> tried,
          long nowNanos) {
        for (LiveBackend live : candidates) {
          LiveBackend selected = real.select(List.of(live), head, tried, nowNanos);
          if (selected != null) {
            return selected;
          }
        }
        return null;
      }
    };
  }

  /** Spreads where it should hash. */
  static Core ignoresTheKey() {
    return new WrongChoice() {
      @Override
      BalancePolicy changed(BalancePolicy policy) {
        return new BalancePolicy(
            new SelectionPolicy.PowerOfTwoChoices(), policy.slowStart(), policy.maxInFlight());
      }

      @Override
      @Nullable LiveBackend select(
          Choice real,
          List<LiveBackend> candidates,
          RequestHead head,
          List<BackendId> tried,
          long nowNanos) {
        return real.select(candidates, head, tried, nowNanos);
      }
    };
  }

  /** Forgets where the exchange was before. */
  static Core forgetsTried() {
    return new WrongChoice() {
      @Override
      @Nullable LiveBackend select(
          Choice real,
          List<LiveBackend> candidates,
          RequestHead head,
          List<BackendId> tried,
          long nowNanos) {
        return real.select(candidates, head, List.of(), nowNanos);
      }
    };
  }

  /** Sends whatever broke again, POST too. */
  static Core retriesPost() {
    return new WrongSteps() {
      @Override
      @Nullable Step instead(Outcome outcome, Duration maxWait, long nowNanos) {
        return outcome instanceof Outcome.BrokenBeforeHead ? new Step.TryOn() : null;
      }
    };
  }

  /** Sends whatever timed out again, PUT too. */
  static Core retriesWhatMayRunLate() {
    return new WrongSteps() {
      @Override
      @Nullable Step instead(Outcome outcome, Duration maxWait, long nowNanos) {
        return outcome instanceof Outcome.TimedOut ? new Step.TryOn() : null;
      }
    };
  }

  /** Tries ten times as often. */
  static Core triesTooOften() {
    return new WrongSteps() {
      @Override
      RetryPolicy changed(RetryPolicy policy) {
        return new RetryPolicy(
            10 * policy.attempts(),
            policy.budgetPercent(),
            policy.budgetPerSecond(),
            policy.replayLimitBytes(),
            policy.head(),
            policy.total());
      }

      @Override
      @Nullable Step instead(Outcome outcome, Duration maxWait, long nowNanos) {
        return null;
      }
    };
  }

  /** Grants each wait the whole time again. */
  static Core waitsAnew() {
    return new WrongSteps() {
      @Override
      @Nullable Step instead(Outcome outcome, Duration maxWait, long nowNanos) {
        return outcome instanceof Outcome.Refused && !maxWait.isZero()
            ? new Step.Wait(nowNanos + maxWait.toNanos())
            : null;
      }
    };
  }

  /** Never gives up while nobody can take it. */
  static Core waitsForEver() {
    return new WrongSteps() {
      @Override
      @Nullable Step instead(Outcome outcome, Duration maxWait, long nowNanos) {
        return outcome instanceof Outcome.Refused ? new Step.Wait(Long.MAX_VALUE) : null;
      }
    };
  }

  /** Tries on after an answer that was relayed: the exchange ends twice. */
  static Core answersTwice() {
    return new WrongSteps() {
      @Override
      @Nullable Step instead(Outcome outcome, Duration maxWait, long nowNanos) {
        return outcome instanceof Outcome.Answered ? new Step.TryOn() : null;
      }
    };
  }

  /** Grants every retry. */
  static Core ignoresTheBudget() {
    return new Core() {
      @Override
      RetryBudget budget(RetryPolicy policy) {
        return super.budget(
            new RetryPolicy(
                policy.attempts(),
                100,
                1_000_000,
                policy.replayLimitBytes(),
                policy.head(),
                policy.total()));
      }
    };
  }

  /** Takes failures of this member for the backends'. */
  static Core blamesBackendsForLocalFailures() {
    return new Core() {
      @Override
      @Nullable Evidence evidence(Outcome outcome, long cleanBefore) {
        Evidence evidence = super.evidence(outcome, cleanBefore);
        return evidence instanceof Evidence.Local
            ? new Evidence.Transport(Cause.REFUSED, false)
            : evidence;
      }
    };
  }

  /** Hears of no failure. */
  static Core blamesBackendsForItsStandstills() {
    return new WrongControl() {
      @Override
      Event in(Event event) {
        return event instanceof Event.Stalled ? new Event.TimePassed() : event;
      }
    };
  }

  static Core hearsNoFailures() {
    return new WrongControl() {
      @Override
      Event in(Event event) {
        if (event instanceof Event.ProbeFinished probe) {
          return new Event.ProbeFinished(
              probe.pool(), probe.backend(), new ProbeResult.Passed(200, 1), probe.startNanos());
        }
        return event instanceof Event.AttemptsFailed ? new Event.TimePassed() : event;
      }
    };
  }

  /** Takes every pass for a refusal once half of them have come. */
  static Core refusesAll() {
    return new WrongControl() {
      private int passes;

      @Override
      Event in(Event event) {
        if (event instanceof Event.ProbeFinished probe && ++passes > 10) {
          return new Event.ProbeFinished(
              probe.pool(), probe.backend(), ProbeResult.failed(Cause.REFUSED), probe.startNanos());
        }
        return event;
      }
    };
  }

  /** What was out once stays out. */
  static Core neverForgetsDown() {
    return new WrongControl() {
      private final Set<BackendId> out = new LinkedHashSet<>();

      @Override
      Event in(Event event) {
        boolean passes =
            event instanceof Event.ProbeFinished probe
                && probe.result() instanceof ProbeResult.Passed
                && out.contains(probe.backend());
        if (passes && event instanceof Event.ProbeFinished probe) {
          return new Event.ProbeFinished(
              probe.pool(), probe.backend(), ProbeResult.failed(Cause.CLOSED), probe.startNanos());
        }
        return event;
      }

      @Override
      List<Effect> out(Event event, List<Effect> effects) {
        for (Effect effect : effects) {
          if (effect instanceof Effect.TellVerdict tell
              && (tell.to() == Verdict.DOWN || tell.to() == Verdict.REFUSING)) {
            out.add(tell.backend().id());
          }
        }
        return effects;
      }
    };
  }

  /** Never clears what event loops suspect. */
  static Core neverClearsSuspicion() {
    return new WrongControl() {
      @Override
      List<Effect> out(Event event, List<Effect> effects) {
        return effects.stream()
            .filter(effect -> !(effect instanceof Effect.ClearSuspicion))
            .toList();
      }
    };
  }

  /** Gives slots that were abandoned never back for a pass: so it was once. */
  static Core neverHearsPasses() {
    return new WrongControl() {
      @Override
      List<Effect> out(Event event, List<Effect> effects) {
        return effects.stream()
            .filter(effect -> !(effect instanceof Effect.FreeAbandoned))
            .toList();
      }
    };
  }

  /** Ejects whoever answers badly, without a look at the others. */
  static Core ejectsAll() {
    return new WrongControl() {
      private final Set<BackendId> out = new LinkedHashSet<>();

      @Override
      List<Effect> out(Event event, List<Effect> effects) {
        if (event instanceof Event.AttemptsFailed failed
            && failed.evidence().get(0) instanceof Evidence.Request) {
          out.add(failed.backend());
          List<Effect> more = new ArrayList<>(effects);
          more.add(
              new Effect.TellVerdict(
                  failed.pool(),
                  new Backend(failed.backend(), "b", 1),
                  Verdict.UP,
                  Verdict.EJECTED,
                  "answers badly"));
          return more;
        }
        return effects;
      }

      @Override
      BackendView shown(BackendView view) {
        return out.contains(view.backend().id()) ? withVerdict(view, Verdict.EJECTED) : view;
      }
    };
  }

  /** Gives those who come back their whole weight. */
  static Core startsAtOnce() {
    return new WrongControl() {
      @Override
      BackendView shown(BackendView view) {
        return new BackendView(
            view.backend(),
            view.admin(),
            view.verdict(),
            view.reason(),
            view.sinceNanos(),
            SlowStart.OVER,
            view.lastProbe(),
            view.unlisted(),
            view.heard());
      }
    };
  }

  private static BackendView withVerdict(BackendView view, Verdict verdict) {
    return new BackendView(
        view.backend(),
        view.admin(),
        verdict,
        view.reason(),
        view.sinceNanos(),
        view.slowStart(),
        view.lastProbe(),
        view.unlisted(),
        view.heard());
  }
}
