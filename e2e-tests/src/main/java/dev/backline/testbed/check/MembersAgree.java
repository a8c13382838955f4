package dev.backline.testbed.check;

import dev.backline.testbed.history.Evidence;
import dev.backline.testbed.history.Moment;
import dev.backline.testbed.history.PoolStatus;
import dev.backline.testbed.history.PoolStatus.BackendStatus;
import dev.backline.testbed.history.StatusSample;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/**
 * Members that were parted lost sight of each other, and agree again within a time after the heal:
 * each hears all, and all say the same of each backend.
 */
public record MembersAgree(Duration within) implements Check {

  @Override
  public Finding check(Evidence evidence) {
    Set<String> members = evidence.members();
    long fault = evidence.fault().toMicros();
    Moment heal = evidence.first(Moment.Kind.HEAL);
    boolean parted =
        evidence.samples().stream()
            .filter(sample -> sample.atMicros() > fault && sample.atMicros() < heal.fromMicros())
            .anyMatch(sample -> !sample.status().unheard(members).isEmpty());
    if (!parted) {
      return Finding.invalid(this, "they heard each other all the time (expected: they didn't)");
    }
    Map<String, PoolStatus> latest = new HashMap<>();
    for (StatusSample sample : evidence.samples()) {
      if (sample.atMicros() <= heal.toMicros()) {
        continue; // What one said before, it may say no more.
      }
      latest.put(sample.member(), sample.status());
      if (agree(latest, members)) {
        long after = sample.atMicros() - heal.toMicros();
        String seen =
            "%s agree %.1f s after the heal".formatted(String.join(" and ", members), after / 1e6);
        return after <= within.toNanos() / 1000
            ? Finding.pass(this, seen)
            : Finding.fail(this, seen + expected(), List.of());
      }
    }
    return Finding.fail(
        this, String.join(" and ", members) + " never agree" + expected(), List.of());
  }

  private static boolean agree(Map<String, PoolStatus> latest, Set<String> members) {
    return latest.keySet().containsAll(members)
        && latest.values().stream().allMatch(status -> status.unheard(members).isEmpty())
        && latest.values().stream().map(MembersAgree::healths).distinct().count() == 1;
  }

  private static Map<String, String> healths(PoolStatus status) {
    Map<String, String> healths = new TreeMap<>();
    for (BackendStatus backend : status.backends()) {
      healths.put(backend.name(), backend.health());
    }
    return healths;
  }

  private String expected() {
    return " (expected: within " + within.toSeconds() + " s)";
  }

  @Override
  public String name() {
    return "members agree again";
  }
}
