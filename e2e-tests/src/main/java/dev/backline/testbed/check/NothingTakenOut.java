package dev.backline.testbed.check;

import dev.backline.testbed.history.Evidence;
import dev.backline.testbed.history.PoolStatus.BackendStatus;
import dev.backline.testbed.history.StatusSample;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/**
 * From the fault on no balancer took a backend out: none was ejected or down in any status.
 *
 * @param struck the member that the fault strikes, and that may take some for dead before it knows
 *     that it is itself; empty: none
 * @param unaware how long that may take it
 */
public record NothingTakenOut(String struck, Duration unaware) implements Check {
  private static final Set<String> OUT = Set.of("ejected", "down");

  /** By nobody at any time. */
  public NothingTakenOut() {
    this("", Duration.ZERO);
  }

  @Override
  public Finding check(Evidence evidence) {
    List<StatusSample> since =
        evidence.samples().stream()
            .filter(sample -> sample.atMicros() >= fromMicros(sample.member(), evidence))
            .toList();
    Set<String> out = new TreeSet<>();
    for (StatusSample sample : since) {
      for (BackendStatus backend : sample.status().backends()) {
        if (OUT.contains(backend.health())) {
          out.add(
              "%s says %s is %s: %s"
                  .formatted(sample.member(), backend.name(), backend.health(), backend.reason()));
        }
      }
    }
    if (since.isEmpty()) {
      return Finding.invalid(this, "no balancer showed its status (expected: it did)");
    }
    return out.isEmpty()
        ? Finding.pass(this, "none in " + since.size() + " statuses")
        : Finding.fail(this, String.join("; ", out) + " (expected: none)", List.of());
  }

  private long fromMicros(String member, Evidence evidence) {
    return member.equals(struck)
        ? evidence.fault().toMicros() + unaware.toNanos() / 1000
        : evidence.fault().fromMicros();
  }

  @Override
  public String name() {
    return "no backend taken out";
  }
}
