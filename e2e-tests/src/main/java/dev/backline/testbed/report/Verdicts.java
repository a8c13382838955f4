package dev.backline.testbed.report;

import dev.backline.testbed.history.Evidence;
import dev.backline.testbed.history.PoolStatus.BackendStatus;
import dev.backline.testbed.history.StatusSample;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/** What the balancers thought of the victim, change by change, as their status showed it. */
final class Verdicts {
  private Verdicts() {}

  /** One line a change, none if there was none; times are seconds since {@code beganMicros}. */
  static List<String> lines(Evidence evidence, long beganMicros) {
    List<String> lines = new ArrayList<>();
    Map<String, String> last = new HashMap<>();
    for (StatusSample sample : evidence.samples()) {
      String now = seen(find(sample, evidence.victim()));
      if (!now.equals(last.put(sample.member(), now))) {
        double seconds = (sample.atMicros() - beganMicros) / 1e6;
        lines.add(String.format(Locale.ROOT, "%7.3f  %s  %s", seconds, sample.member(), now));
      }
    }
    return lines.size() > last.size() ? lines : List.of();
  }

  private static Optional<BackendStatus> find(StatusSample sample, String victim) {
    return sample.status().backend(victim);
  }

  private static String seen(Optional<BackendStatus> backend) {
    return backend
        .map(b -> b.health() + (b.eligible() ? "" : ", not eligible") + ": " + b.reason())
        .orElse("not listed");
  }
}
