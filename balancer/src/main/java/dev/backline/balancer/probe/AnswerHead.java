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
   * @param nanos since the probe began
   */
  static @Nullable ProbeResult read(String bytes, long nanos) {
    if (bytes.isEmpty()) {
      return null;
    }
    if (bytes.charAt(0) == TLS_ALERT || bytes.charAt(0) == TLS_HANDSHAKE) {
      return ProbeResult.failed(Cause.ANSWERS_TLS);
    }
    int compared = Math.min(bytes.length(), BEGIN.length());
    if (!bytes.startsWith(BEGIN.substring(0, compared))) {
      return ProbeResult.failed(Cause.BAD_ANSWER);
    }
    int end = bytes.indexOf("\r\n\r\n");
    if (end < 0) {
      return bytes.length() > MAX_BYTES ? ProbeResult.failed(Cause.BAD_ANSWER) : null;
    }
    int status = status(bytes);
    if (status < 100) {
      return ProbeResult.failed(Cause.BAD_ANSWER);
    }
    if (status < 200) {
      return read(bytes.substring(end + 4), nanos); // An interim answer; the final one follows.
    }
    return ProbeResult.of(status, drains(bytes.substring(0, end)), nanos);
  }

  /** Returns the status of {@code HTTP/1.x NNN…}, or 0. */
  private static int status(String bytes) {
    int begin = BEGIN.length() + 2;
    if (bytes.length() < begin + 3 || bytes.charAt(begin - 1) != ' ') {
      return 0;
    }
    int status = 0;
    for (int i = begin; i < begin + 3; i++) {
      char digit = bytes.charAt(i);
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
}
