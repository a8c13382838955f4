package dev.backline.testbed.check;

import dev.backline.testbed.history.Evidence;
import dev.backline.testbed.history.PoolStatus;
import dev.backline.testbed.history.StatusSample;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** In the end each other balancer hears this one: it is a member of their cluster. */
public record MemberHeard(String member) implements Check {

  @Override
  public Finding check(Evidence evidence) {
    Map<String, PoolStatus> latest = new TreeMap<>();
    for (StatusSample sample : evidence.samples()) {
      if (sample.atMicros() > evidence.fault().toMicros()) { // It has come by then.
        latest.put(sample.member(), sample.status());
      }
    }
    latest.remove(member);
    if (latest.isEmpty()) {
      return Finding.invalid(this, "no other balancer showed its status (expected: some)");
    }
    List<String> deaf =
        latest.entrySet().stream()
            .filter(other -> !other.getValue().live().contains(member))
            .map(Map.Entry::getKey)
            .toList();
    return deaf.isEmpty()
        ? Finding.pass(this, String.join(" and ", latest.keySet()) + " hear " + member)
        : Finding.fail(
            this,
            String.join(" and ", deaf) + " don't hear " + member + " (expected: all do)",
            List.of());
  }

  @Override
  public String name() {
    return "member heard";
  }
}
