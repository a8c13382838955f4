package dev.backline.balancer.retry;

import dev.backline.balancer.model.BackendId;
import dev.backline.balancer.model.Outcome;
import dev.backline.balancer.model.Outcome.Answered;
import dev.backline.balancer.model.Outcome.BrokenAfterHead;
import dev.backline.balancer.model.Outcome.BrokenBeforeHead;
import dev.backline.balancer.model.Outcome.ClientGone;
import dev.backline.balancer.model.Outcome.ConnectFailed;
import dev.backline.balancer.model.Outcome.Refused;
import dev.backline.balancer.model.Outcome.TimedOut;
import dev.backline.balancer.model.RequestHead;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/**
 * Decides what an exchange does after each outcome, by what is known of the old attempt.
 *
 * <ul>
 *   <li>Nothing was sent (connect failed, nobody could take it): another backend at once, any
 *       method; when all were tried, wait.
 *   <li>Broken by the backend before the client was sent of its answer: another backend if the
 *       method is idempotent (RFC 9110, 9.2.2) and the body can be sent again.
 *   <li>Silent until the time was over: another backend if the method is safe; the old one may
 *       still run it, and a PUT that runs late could overwrite a newer one.
 *   <li>Anything else: give up and say that it may have been executed.
 * </ul>
 *
 * <p>So a request that isn't idempotent is never sent twice. One object serves one exchange, on its
 * event loop.
 */
public final class Attempts {
  private final RetryPolicy policy;
  private final RetryBudget budget;
  private final boolean safe;
  private final boolean idempotent;
  private final long deadlineNanos;
  private final long queueNanos;
  private final List<BackendId> tried = new ArrayList<>(3);

  private long waitedSinceNanos;
  private boolean waited;
  private int sent;

  /**
   * Begins an exchange, and counts its request in the budget.
   *
   * @param maxWait how long it may wait for a backend, all waits together
   */
  public Attempts(
      RetryPolicy policy, Duration maxWait, RetryBudget budget, RequestHead head, long nowNanos) {
    this.policy = policy;
    this.budget = budget;
    this.safe = head.isSafe();
    this.idempotent = head.isIdempotent();
    this.deadlineNanos = nowNanos + policy.total().toNanos();
    this.queueNanos = maxWait.toNanos();
    budget.onRequest(nowNanos);
  }

  /** Returns the backends that this exchange doesn't select again. */
  public List<BackendId> tried() {
    return Collections.unmodifiableList(tried);
  }

  /** Returns when the exchange must have its head, on the monotonic clock. */
  public long deadlineNanos() {
    return deadlineNanos;
  }

  /** Notes that the request goes to this backend now. */
  public void onTry(BackendId backend) {
    tried.add(backend);
  }

  /** Notes that the wait is over because a backend may be there again: none counts as tried. */
  public void onReleased() {
    tried.clear();
  }

  /**
   * Returns whether another backend could be asked if the answer of the attempt under way broke
   * off: then it is worth to hold a short one until it is whole.
   *
   * @param replayable as in {@link #next}
   */
  public boolean isAnotherPossible(boolean replayable) {
    return idempotent && replayable && sent + 1 < policy.attempts();
  }

  /**
   * Returns what to do after an attempt.
   *
   * @param replayable whether the request's body, if it has one, can be sent again from its start
   */
  public Step next(Outcome outcome, boolean replayable, long nowNanos) {
    if (outcome instanceof Answered) {
      return new Step.Relay();
    }
    if (outcome instanceof ConnectFailed) {
      return nowNanos < deadlineNanos ? new Step.TryOn() : new Step.GiveUp(504, sent > 0);
    }
    if (outcome instanceof Refused) {
      return waitOrGiveUp(nowNanos);
    }
    sent++;
    if (outcome instanceof BrokenBeforeHead) {
      return again(idempotent && replayable, 502, nowNanos);
    }
    if (outcome instanceof TimedOut) {
      return again(safe && replayable, 504, nowNanos);
    }
    if (outcome instanceof BrokenAfterHead broken) {
      return broken.relayed() ? new Step.CutOff() : again(idempotent && replayable, 502, nowNanos);
    }
    if (outcome instanceof ClientGone) {
      return new Step.GiveUp(499, true);
    }
    throw new AssertionError(outcome);
  }

  private Step again(boolean allowed, int status, long nowNanos) {
    boolean another = allowed && sent < policy.attempts() && nowNanos < deadlineNanos;
    return another && budget.tryTake(nowNanos) ? new Step.TryOn() : new Step.GiveUp(status, true);
  }

  /** All waits of an exchange together last no longer than one. */
  private Step waitOrGiveUp(long nowNanos) {
    if (!waited) {
      waited = true;
      waitedSinceNanos = nowNanos;
    }
    long untilNanos = Math.min(waitedSinceNanos + queueNanos, deadlineNanos);
    return nowNanos < untilNanos ? new Step.Wait(untilNanos) : new Step.GiveUp(503, sent > 0);
  }
}
