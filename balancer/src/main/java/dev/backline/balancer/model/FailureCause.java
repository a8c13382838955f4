package dev.backline.balancer.model;

import java.io.IOException;
import java.net.BindException;
import java.net.ConnectException;
import java.net.NoRouteToHostException;
import java.net.SocketException;
import java.net.UnknownHostException;
import java.util.Locale;
import java.util.concurrent.TimeoutException;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Makes a {@link Cause} of an exception: the one place that decides whether a failure is the
 * backend's or our own.
 *
 * <p>The class alone does not tell: Netty's native transports make one {@link ConnectException} of
 * ECONNREFUSED, EADDRNOTAVAIL, EAGAIN and EPERM alike, and put the error number into the message.
 * The NIO transport has classes and the C library's words. Classes of the network library go by
 * their names, which keeps this pure. What is known of none of them is local: an unknown failure is
 * never held against a backend.
 */
public final class FailureCause {
  private static final Pattern ERRNO = Pattern.compile("error\\(-?(\\d+)\\)");

  private FailureCause() {}

  /** Returns why an attempt or a probe failed. */
  public static Cause of(Throwable failure) {
    for (Throwable t = failure; t != null; t = t.getCause()) {
      Cause cause = known(t);
      if (cause != null) {
        return cause;
      }
    }
    return Cause.UNKNOWN_LOCAL;
  }

  private static @Nullable Cause known(Throwable t) {
    String message = t.getMessage() == null ? "" : t.getMessage();
    Matcher errno = ERRNO.matcher(message);
    if (errno.find()) {
      return ofErrno(Integer.parseInt(errno.group(1)));
    }
    for (Class<?> c = t.getClass(); c != null; c = c.getSuperclass()) {
      Cause named = ofName(c.getSimpleName());
      if (named != null) {
        return named;
      }
    }
    if (t instanceof UnknownHostException) {
      return Cause.UNRESOLVED;
    }
    if (t instanceof NoRouteToHostException) {
      return Cause.UNREACHABLE;
    }
    if (t instanceof TimeoutException) {
      return Cause.TIMEOUT;
    }
    if (t instanceof BindException) {
      return Cause.NO_LOCAL_ADDRESS;
    }
    if (t instanceof SocketException) {
      return ofWords(message, t instanceof ConnectException);
    }
    if (t instanceof IOException && !message.isEmpty()) {
      return ofWords(message, false);
    }
    boolean badAnswer =
        t instanceof IllegalArgumentException || message.startsWith("Unsupported HTTP version");
    return badAnswer ? Cause.BAD_ANSWER : null;
  }

  private static @Nullable Cause ofName(String name) {
    return switch (name) {
      case "ConnectTimeoutException" -> Cause.CONNECT_TIMEOUT;
      case "HttpClosedException", "ClosedChannelException" -> Cause.CLOSED;
      case "DecoderException", "TooLongFrameException", "PrematureChannelClosureException" ->
          Cause.BAD_ANSWER;
      default -> null;
    };
  }

  /** The numbers of Linux, which alone has native transports here. */
  private static Cause ofErrno(int errno) {
    return switch (errno) {
      case 111 -> Cause.REFUSED;
      case 101, 112, 113 -> Cause.UNREACHABLE;
      case 110 -> Cause.CONNECT_TIMEOUT;
      case 104, 32, 103 -> Cause.RESET;
      case 23, 24 -> Cause.NO_DESCRIPTORS;
      case 98, 99 -> Cause.NO_LOCAL_ADDRESS;
      case 11, 12, 105 -> Cause.NO_BUFFERS;
      case 1, 13 -> Cause.FORBIDDEN;
      default -> Cause.UNKNOWN_LOCAL;
    };
  }

  private static Cause ofWords(String message, boolean connecting) {
    String words = message.toLowerCase(Locale.ROOT);
    if (words.contains("refused")) {
      return Cause.REFUSED;
    }
    if (words.contains("reset") || words.contains("broken pipe") || words.contains("aborted")) {
      return Cause.RESET;
    }
    if (words.contains("unreachable") || words.contains("no route") || words.contains("is down")) {
      return Cause.UNREACHABLE;
    }
    if (words.contains("timed out")) {
      return Cause.CONNECT_TIMEOUT;
    }
    if (words.contains("too many open files")) {
      return Cause.NO_DESCRIPTORS;
    }
    if (words.contains("assign requested address") || words.contains("already in use")) {
      return Cause.NO_LOCAL_ADDRESS;
    }
    if (words.contains("buffer space") || words.contains("temporarily unavailable")) {
      return Cause.NO_BUFFERS;
    }
    if (words.contains("permitted") || words.contains("permission")) {
      return Cause.FORBIDDEN;
    }
    // NIO's ConnectException in another language than English is a refusal or a timeout.
    return connecting ? Cause.REFUSED : Cause.UNKNOWN_LOCAL;
  }
}
