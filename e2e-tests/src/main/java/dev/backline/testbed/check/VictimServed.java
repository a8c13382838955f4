package dev.backline.testbed.check;

import dev.backline.testbed.history.Evidence;
import dev.backline.testbed.history.Fate;
import dev.backline.testbed.history.Request;
import java.util.List;

/**
 * At least 20 % of the answers in the second before the fault came from the victim, or through it
 * if it is a balancer: breaking what nobody uses proves nothing.
 */
public record VictimServed() implements Check {
  private static final int LEAST_PERCENT = 20;
  private static final long SECOND_MICROS = 1_000_000;

  @Override
  public Finding check(Evidence evidence) {
    long fault = evidence.fault().fromMicros();
    List<Request> answered =
        evidence.requests().stream()
            .filter(request -> request.fate() == Fate.ANSWERED)
            .filter(request -> request.endedMicros() < fault)
            .filter(request -> request.endedMicros() >= fault - SECOND_MICROS)
            .toList();
    long served =
        answered.stream()
            .filter(
                r ->
                    r.servedBy().equals(evidence.victim())
                        || evidence.wentThrough(evidence.victim(), r))
            .count();
    String seen =
        "%s served %d of %d answers in the second before the fault"
            .formatted(evidence.victim(), served, answered.size());
    if (answered.isEmpty() || served * 100 < (long) answered.size() * LEAST_PERCENT) {
      return Finding.invalid(this, seen + " (expected: >= " + LEAST_PERCENT + " %)");
    }
    return Finding.pass(this, seen);
  }

  @Override
  public String name() {
    return "victim served";
  }
}
