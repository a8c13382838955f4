package dev.backline.testbed.check;

import dev.backline.testbed.history.Evidence;
import dev.backline.testbed.history.StatusSample;
import java.util.List;

/** From the fault on no status of any member had an exchange in the queue. */
public record NothingQueued() implements Check {

  @Override
  public Finding check(Evidence evidence) {
    List<StatusSample> since =
        evidence.samples().stream()
            .filter(sample -> sample.atMicros() >= evidence.fault().fromMicros())
            .toList();
    if (since.isEmpty()) {
      return Finding.invalid(this, "no balancer showed its status (expected: it did)");
    }
    long most = since.stream().mapToLong(sample -> sample.status().queued()).max().orElse(0);
    String seen = "at most %d queued in %d statuses".formatted(most, since.size());
    return most == 0
        ? Finding.pass(this, seen)
        : Finding.fail(this, seen + " (expected: 0)", List.of());
  }

  @Override
  public String name() {
    return "nothing queued";
  }
}
