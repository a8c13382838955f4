package dev.backline.balancer.retry;

/** What an exchange does next. */
public sealed interface Step {

  /** Select a backend that is not among {@link Attempts#tried}, and send the request there. */
  record TryOn() implements Step {}

  /**
   * Wait in the pool's queue until a backend can take it, at most until then.
   *
   * @param deadlineNanos on the monotonic clock
   */
  record Wait(long deadlineNanos) implements Step {}

  /** Send the answer to the client. */
  record Relay() implements Step {}

  /**
   * The answer was begun and can't be completed: break the client's stream where it sees it. Never
   * end it as if it were whole.
   */
  record CutOff() implements Step {}

  /**
   * Answer by ourselves, and stop.
   *
   * @param status 502, 503 or 504; 499 (in the log only) when the client has gone
   * @param maybeExecuted whether a backend may have executed the request
   */
  record GiveUp(int status, boolean maybeExecuted) implements Step {}
}
