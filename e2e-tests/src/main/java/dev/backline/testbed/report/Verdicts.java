package dev.backline.testbed.report;

import dev.backline.testbed.history.Evidence;
import dev.backline.testbed.history.PoolStatus.BackendStatus;
import dev.backline.testbed.history.StatusSample;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** What the balancer thought of the victim, change by change, as its status showed it. */
final class Verdicts {
  private Verdicts() {}

  /** One line a change; times are seconds since {@code beganMicros}. */
  static List<String> lines(Evidence evidence, long beganMicros) {
    List<String> lines = new ArrayList<>();
    String last = "";
    for (StatusSample sample : evidence.samples()) {
      String now = seen(find(sample, evidence.victim()));
      if (!now.equals(last)) {
        double seconds = (sample.atMicros() - beganMicros) / 1e6;
        lines.add(String.format(Locale.ROOT, "%7.3f  %s", seconds, now));
        last = now;
      }
    }
    return lines;
  }

  private static Optional<BackendStatus> find(StatusSample sample, String victim) {
    return sample.status().backends().stream().filter(b -> b.name().equals(victim)).findFirst();
  }

  private static String seen(Optional<BackendStatus> backend) {
    return backend
        .map(b -> b.health() + (b.eligible() ? "" : ", not eligible") + ": " + b.reason())
        .orElse("not listed");
  }
}
