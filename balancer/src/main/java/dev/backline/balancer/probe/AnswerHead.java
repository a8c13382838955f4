package dev.backline.balancer.probe;

import dev.backline.balancer.health.ProbeResult;
import dev.backline.balancer.model.Cause;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Reads the head of the answer to a probe. Pure. */
final class AnswerHead {
  static final int MAX_BYTES = 16 * 1024;
  private static final byte TLS_ALERT = 0x15;
  private static final byte TLS_HANDSHAKE = 0x16;
  private static final String BEGIN = "HTTP/1.";

  private AnswerHead() {}

  /**
   * Returns what the bytes say, or {@code null} if more are needed.
   *
   * @param bytes all that has come so far, each as one character (ISO 8859-1)
   * @param registered who must answer, if it says who it is; {@code null}: anybody
   * @param nanos since the probe began
   */
  static @Nullable ProbeResult read(String bytes, @Nullable String registered, long nanos) {
    if (bytes.isEmpty()) {
      return null;
    }
    if (bytes.charAt(0) == TLS_ALERT || bytes.charAt(0) == TLS_HANDSHAKE) {
      return ProbeResult.failed(Cause.ANSWERS_TLS);
    }
    int begin = 0;
    while (bytes.startsWith(BEGIN, begin)) {
      int end = bytes.indexOf("\r\n\r\n", begin);
      if (end < 0 || end > MAX_BYTES) {
        break;
      }
      String head = bytes.substring(begin, end);
      int status = status(head);
      if (status < 100) {
        return ProbeResult.failed(Cause.BAD_ANSWER);
      }
      if (status >= 200) {
        String answering = instance(head);
        return registered != null && answering != null && !answering.equals(registered)
            ? ProbeResult.another(answering, registered)
            : ProbeResult.of(status, drains(head), nanos);
      }
      begin = end + 4; // An interim answer; the final one follows.
    }
    boolean mayBecomeOne = BEGIN.startsWith(beginOf(bytes, begin)) && bytes.length() <= MAX_BYTES;
    return mayBecomeOne ? null : ProbeResult.failed(Cause.BAD_ANSWER);
  }

  private static String beginOf(String bytes, int begin) {
    return bytes.substring(begin, Math.min(bytes.length(), begin + BEGIN.length()));
  }

  /** Returns the status of {@code HTTP/1.x NNN…}, or 0. */
  private static int status(String head) {
    int begin = BEGIN.length() + 2;
    if (head.length() < begin + 3 || head.charAt(begin - 1) != ' ') {
      return 0;
    }
    int status = 0;
    for (int i = begin; i < begin + 3; i++) {
      char digit = head.charAt(i);
      if (digit < '0' || digit > '9') {
        return 0;
      }
      status = 10 * status + digit - '0';
    }
    return status;
  }

  private static boolean drains(String head) {
    return head.lines()
        .map(line -> line.toLowerCase(Locale.ROOT))
        .filter(line -> line.startsWith("backline-state:"))
        .anyMatch(line -> line.substring("backline-state:".length()).trim().equals("draining"));
  }

  /** Returns who says to answer, or {@code null}. */
  private static @Nullable String instance(String head) {
    return head.lines()
        .filter(line -> line.toLowerCase(Locale.ROOT).startsWith("backline-instance:"))
        .map(line -> line.substring("backline-instance:".length()).trim())
        .findFirst()
        .orElse(null);
  }
}
