package dev.backline.balancer.model;

/** What became of one attempt. */
public sealed interface Outcome {

  /**
   * A whole head arrived.
   *
   * @param status the final status, 200 to 599
   * @param headNanos from the start of the attempt to its head
   */
  record Answered(int status, long headNanos) implements Outcome {}

  /** No connection: nothing of the request was sent. */
  record ConnectFailed(Cause cause) implements Outcome {}

  /**
   * The connection broke after something may have been sent, and before a head.
   *
   * @param reused whether the connection had carried an exchange before: then this may be no more
   *     than the backend's keep-alive limit, met in the same moment
   */
  record BrokenBeforeHead(Cause cause, boolean reused) implements Outcome {}

  /**
   * A whole head arrived, then the body broke off.
   *
   * @param relayed whether the client has been sent of it
   */
  record BrokenAfterHead(Cause cause, boolean relayed) implements Outcome {}

  /** No head in time. The backend may still be at work on the request. */
  record TimedOut() implements Outcome {}

  /** The client went away. */
  record ClientGone() implements Outcome {}

  /** No backend could be given the request now: none is eligible, or all are full. */
  record Refused() implements Outcome {}
}
