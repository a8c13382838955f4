package dev.backline.balancer.health;

import dev.backline.balancer.model.Cause;
import org.jspecify.annotations.Nullable;

/** What one probe brought back. */
public sealed interface ProbeResult {

  /**
   * The backend is well, or at least answers.
   *
   * @param status of the answer
   * @param nanos from the start of the probe to the head
   */
  record Passed(int status, long nanos) implements ProbeResult {}

  /** The backend announces its own stop: 503 with {@code Backline-State: draining}. */
  record Draining() implements ProbeResult {}

  /**
   * The probe failed.
   *
   * @param words why, for people
   * @param cause what broke below HTTP, or {@code null} if a whole answer came
   */
  record Failed(String words, @Nullable Cause cause) implements ProbeResult {}

  /**
   * Returns what an answer means.
   *
   * <p>401, 403, 404 and 429 pass with a standing warning: a backend without a health page must get
   * its traffic.
   *
   * @param drains whether it carries {@code Backline-State: draining}
   */
  static ProbeResult of(int status, boolean drains, long nanos) {
    if (status == 503 && drains) {
      return new Draining();
    }
    boolean passed =
        (status >= 200 && status < 400)
            || switch (status) {
              case 401, 403, 404, 429 -> true;
              default -> false;
            };
    return passed ? new Passed(status, nanos) : new Failed("answers " + status, null);
  }

  /**
   * Returns the result where another process answers than the one that registered: its address was
   * given on.
   */
  static ProbeResult another(String instance, String registered) {
    return new Failed(
        "answers as " + instance + ", but " + registered + " is registered there", null);
  }

  /** Returns the result of a probe that got no whole answer. */
  static ProbeResult failed(Cause cause) {
    return new Failed(cause.words(), cause);
  }
}
