package dev.backline.balancer.sim;

import dev.backline.balancer.balance.BalancePolicy;
import dev.backline.balancer.balance.Selector;
import dev.backline.balancer.control.Controller;
import dev.backline.balancer.control.Effect;
import dev.backline.balancer.control.Event;
import dev.backline.balancer.control.Snapshot;
import dev.backline.balancer.health.Evidence;
import dev.backline.balancer.health.SilenceWatch;
import dev.backline.balancer.incident.Incident;
import dev.backline.balancer.incident.Recorder;
import dev.backline.balancer.model.BackendId;
import dev.backline.balancer.model.MemberId;
import dev.backline.balancer.model.Outcome;
import dev.backline.balancer.model.RequestHead;
import dev.backline.balancer.proxy.LiveBackend;
import dev.backline.balancer.retry.Attempts;
import dev.backline.balancer.retry.RetryBudget;
import dev.backline.balancer.retry.RetryPolicy;
import dev.backline.balancer.retry.Step;
import java.time.Duration;
import java.util.List;
import java.util.function.LongUnaryOperator;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * The decisions that a run is about: the real ones, unless a test puts a wrong one in place of one
 * of them, to see it caught.
 */
class Core {
  static final Core REAL = new Core();

  /** See {@link Controller}. */
  interface Control {
    List<Effect> apply(Event event, long nowNanos);

    Snapshot snapshot();

    long nextDeadlineNanos();

    /**
     * Returns what was decided so far, and on what; {@code null} where a test decides otherwise.
     */
    default @Nullable Incident incident(Incident.Header header) {
      return null;
    }
  }

  /** See {@link Selector}. */
  interface Choice {
    @Nullable LiveBackend select(
        List<LiveBackend> candidates, RequestHead head, List<BackendId> tried, long nowNanos);

    long medianHeadNanos(List<LiveBackend> candidates, long nowNanos);
  }

  /** See {@link Attempts}. */
  interface Steps {
    Step next(Outcome outcome, boolean replayable, long nowNanos);

    void onTry(BackendId backend);

    void onReleased();

    List<BackendId> tried();

    long deadlineNanos();

    boolean isAnotherPossible(boolean replayable);
  }

  Control control(MemberId own, long seed) {
    Controller controller = new Controller(own, seed);
    Recorder recorder = new Recorder(controller);
    return new Control() {
      @Override
      public List<Effect> apply(Event event, long nowNanos) {
        return recorder.apply(event, nowNanos);
      }

      @Override
      public Incident incident(Incident.Header header) {
        return recorder.recording(header).incident();
      }

      @Override
      public Snapshot snapshot() {
        return controller.snapshot();
      }

      @Override
      public long nextDeadlineNanos() {
        return controller.nextDeadlineNanos();
      }
    };
  }

  Choice choice(BalancePolicy policy, RandomGenerator random) {
    Selector selector = new Selector(policy, random);
    return new Choice() {
      @Override
      public @Nullable LiveBackend select(
          List<LiveBackend> candidates, RequestHead head, List<BackendId> tried, long nowNanos) {
        return selector.select(candidates, head, tried, nowNanos);
      }

      @Override
      public long medianHeadNanos(List<LiveBackend> candidates, long nowNanos) {
        return selector.medianHeadNanos(candidates, nowNanos);
      }
    };
  }

  RetryBudget budget(RetryPolicy policy) {
    return new RetryBudget(policy);
  }

  Steps steps(
      RetryPolicy policy, Duration maxWait, RetryBudget budget, RequestHead head, long nowNanos) {
    Attempts attempts = new Attempts(policy, maxWait, budget, head, nowNanos);
    return new Steps() {
      @Override
      public Step next(Outcome outcome, boolean replayable, long now) {
        return attempts.next(outcome, replayable, now);
      }

      @Override
      public void onTry(BackendId backend) {
        attempts.onTry(backend);
      }

      @Override
      public void onReleased() {
        attempts.onReleased();
      }

      @Override
      public List<BackendId> tried() {
        return attempts.tried();
      }

      @Override
      public long deadlineNanos() {
        return attempts.deadlineNanos();
      }

      @Override
      public boolean isAnotherPossible(boolean replayable) {
        return attempts.isAnotherPossible(replayable);
      }
    };
  }

  List<SilenceWatch.Finding> look(
      SilenceWatch watch, SilenceWatch.Facts facts, LongUnaryOperator stalledSince, long nowNanos) {
    return watch.onTick(facts, stalledSince, nowNanos);
  }

  @Nullable Evidence evidence(Outcome outcome, long cleanBefore) {
    return Evidence.of(outcome, cleanBefore);
  }
}
