package dev.backline.testbed.check;

import dev.backline.testbed.history.Evidence;
import dev.backline.testbed.history.PoolStatus.BackendStatus;
import dev.backline.testbed.history.StatusSample;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/** From the fault on no balancer took a backend out: none was ejected or down in any status. */
public record NothingTakenOut() implements Check {
  private static final Set<String> OUT = Set.of("ejected", "down");

  @Override
  public Finding check(Evidence evidence) {
    List<StatusSample> since =
        evidence.samples().stream()
            .filter(sample -> sample.atMicros() >= evidence.fault().fromMicros())
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

  @Override
  public String name() {
    return "no backend taken out";
  }
}
