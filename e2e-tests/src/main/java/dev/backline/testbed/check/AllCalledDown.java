package dev.backline.testbed.check;

import dev.backline.testbed.history.Evidence;
import dev.backline.testbed.history.Moment;
import dev.backline.testbed.history.PoolStatus;
import dev.backline.testbed.history.StatusSample;
import java.util.Set;
import java.util.TreeSet;

/** Each member called all backends down at once, between the fault and the heal: it did happen. */
public record AllCalledDown() implements Check {

  @Override
  public Finding check(Evidence evidence) {
    long from = evidence.fault().fromMicros();
    long to = evidence.first(Moment.Kind.HEAL).fromMicros();
    Set<String> saying = new TreeSet<>();
    for (StatusSample sample : evidence.samples()) {
      if (sample.atMicros() >= from && sample.atMicros() < to && allDown(sample.status())) {
        saying.add(sample.member());
      }
    }
    String seen = "so said " + (saying.isEmpty() ? "none" : String.join(" and ", saying));
    return !saying.isEmpty() && saying.containsAll(evidence.members())
        ? Finding.pass(this, seen)
        : Finding.invalid(this, seen + " (expected: " + evidence.members() + ")");
  }

  private static boolean allDown(PoolStatus status) {
    return !status.backends().isEmpty()
        && status.backends().stream().allMatch(backend -> backend.health().equals("down"));
  }

  @Override
  public String name() {
    return "all called down";
  }
}
