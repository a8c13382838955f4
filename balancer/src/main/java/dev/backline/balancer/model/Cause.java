package dev.backline.balancer.model;

/**
 * Why an attempt or a probe failed below HTTP.
 *
 * <p>One function of the data plane makes it from an exception; everything else decides by it.
 */
public enum Cause {
  /** The address answered that nobody listens (ECONNREFUSED). */
  REFUSED("refused", Blame.CONNECT),
  /** No way to the address (ENETUNREACH, EHOSTUNREACH, EHOSTDOWN). */
  UNREACHABLE("unreachable", Blame.CONNECT),
  /** No answer to the connect in time. */
  CONNECT_TIMEOUT("connect timeout", Blame.CONNECT),
  /** The name of the backend has no address. */
  UNRESOLVED("unknown host", Blame.CONNECT),
  /** The connection was reset (ECONNRESET, EPIPE). */
  RESET("reset", Blame.CONNECTION),
  /** The connection ended where it should not. */
  CLOSED("closed", Blame.CONNECTION),
  /** What came back is not HTTP, or breaks its framing. */
  BAD_ANSWER("bad answer", Blame.CONNECTION),
  /** It answers with TLS where plain HTTP was expected. */
  ANSWERS_TLS("answers TLS", Blame.CONNECTION),
  /** Nothing came in time. */
  TIMEOUT("timeout", Blame.CONNECTION),
  /** No file descriptor left here (EMFILE, ENFILE). */
  NO_DESCRIPTORS("no file descriptors left here", Blame.LOCAL),
  /** No local port left, or the local address isn't there (EADDRNOTAVAIL, EADDRINUSE). */
  NO_LOCAL_ADDRESS("no local address or port left here", Blame.LOCAL),
  /** No buffer space or memory here (ENOBUFS, ENOMEM, EAGAIN). */
  NO_BUFFERS("no buffer space here", Blame.LOCAL),
  /** This machine forbids it (EPERM, EACCES). */
  FORBIDDEN("forbidden on this machine", Blame.LOCAL),
  /** Anything that isn't known to be the backend's doing. */
  UNKNOWN_LOCAL("unknown failure here", Blame.LOCAL);

  private enum Blame {
    CONNECT,
    CONNECTION,
    LOCAL
  }

  private final String words;
  private final Blame blame;

  Cause(String words, Blame blame) {
    this.words = words;
    this.blame = blame;
  }

  /** Returns the cause in words that a person can act on. */
  public String words() {
    return words;
  }

  /** Returns whether this member itself is at fault: never evidence against a backend. */
  public boolean isLocal() {
    return blame == Blame.LOCAL;
  }

  /** Returns whether the backend could not even be connected to. */
  public boolean isConnect() {
    return blame == Blame.CONNECT;
  }
}
