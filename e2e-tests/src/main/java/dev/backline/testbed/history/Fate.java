package dev.backline.testbed.history;

/** What became of one request, as the client that sent it saw it. Each request has exactly one. */
public enum Fate {
  /** A whole answer came, its body as long as it said; the status is another matter. */
  ANSWERED,
  /** The connection was refused: nothing was sent. */
  REFUSED,
  /** The connection could not be made for another reason, or not in time: nothing was sent. */
  NOT_CONNECTED,
  /** The connection ended after the request was handed to it and before a whole head came back. */
  BROKEN_BEFORE_HEAD,
  /** The head came, the connection ended before the whole body did. */
  BROKEN_IN_BODY,
  /** No whole answer within the client's patience. */
  TIMED_OUT,
  /** What came back is not an HTTP/1.1 answer. */
  MALFORMED,
  /** A whole answer came, to somebody else's request. */
  FOREIGN,
  /** The load's own bound on open requests was reached: the service was silent for very long. */
  UNSENT
}
