package dev.backline.balancer.health;

import dev.backline.balancer.model.Cause;
import dev.backline.balancer.model.Outcome;
import dev.backline.balancer.model.Outcome.Answered;
import dev.backline.balancer.model.Outcome.BrokenAfterHead;
import dev.backline.balancer.model.Outcome.BrokenBeforeHead;
import dev.backline.balancer.model.Outcome.ConnectFailed;
import dev.backline.balancer.model.Outcome.TimedOut;
import org.jspecify.annotations.Nullable;

/** Something seen that speaks for or against a backend, by class: each has its own effect. */
public sealed interface Evidence {
  /** RFC 5842, 7.2. */
  int LOOP_DETECTED = 508;

  /**
   * A connection failed, or broke before a head.
   *
   * @param cause how
   * @param stale whether it may be no more than the end of a kept connection, met by a request: it
   *     makes suspect, but never down
   * @param cleanBefore clean answers since the bad one before it
   */
  record Transport(Cause cause, boolean stale, long cleanBefore) implements Evidence {}

  /** Attempts wait for longer than usual: no evidence yet, but a reason to look. */
  record Overdue(long nanos) implements Evidence {}

  /**
   * Attempts are overdue, and not a byte has been heard.
   *
   * @param nanos for which the oldest waits
   * @param limitNanos after which it was overdue
   */
  record Silence(long nanos, long limitNanos) implements Evidence {}

  /** A byte came from a backend of which the controller wanted to know that. */
  record Heard() implements Evidence {}

  /**
   * A probe came back.
   *
   * @param startNanos when it was sent: what it says is as old as that
   */
  record Probe(ProbeResult result, long startNanos) implements Evidence {}

  /**
   * A quick probe came back: one that was sent beside the others because nothing is heard.
   *
   * @param startNanos when it was sent
   */
  record QuickProbe(ProbeResult result, long startNanos) implements Evidence {}

  /**
   * A request was answered badly.
   *
   * @param words how, for people
   * @param cleanBefore clean answers since the bad one before it
   */
  record Request(String words, long cleanBefore) implements Evidence {}

  /** This member itself failed: evidence against no backend. */
  record Local(Cause cause) implements Evidence {}

  /**
   * Returns whether an answer with this status counts against its backend. That a request came in a
   * ring does not: a client can say so.
   */
  static boolean isServerError(int status) {
    return status >= 500 && status != LOOP_DETECTED;
  }

  /**
   * Returns what an outcome says about the backend of the attempt, or {@code null} if nothing bad.
   *
   * @param cleanBefore clean answers since the last bad one of this backend
   */
  static @Nullable Evidence of(Outcome outcome, long cleanBefore) {
    if (outcome instanceof ConnectFailed failed) {
      return ofCause(failed.cause(), false, cleanBefore);
    }
    if (outcome instanceof BrokenBeforeHead broken) {
      return ofCause(broken.cause(), broken.reused(), cleanBefore);
    }
    if (outcome instanceof BrokenAfterHead broken) {
      return broken.cause().isLocal()
          ? new Local(broken.cause())
          : new Request("truncated answer", cleanBefore);
    }
    if (outcome instanceof TimedOut) {
      return new Request("no head in time", cleanBefore);
    }
    if (outcome instanceof Answered answered && isServerError(answered.status())) {
      return new Request("answers " + answered.status(), cleanBefore);
    }
    return null;
  }

  private static Evidence ofCause(Cause cause, boolean stale, long cleanBefore) {
    return cause.isLocal() ? new Local(cause) : new Transport(cause, stale, cleanBefore);
  }
}
