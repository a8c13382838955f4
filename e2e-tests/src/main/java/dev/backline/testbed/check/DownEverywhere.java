package dev.backline.testbed.check;

import dev.backline.testbed.history.Evidence;
import dev.backline.testbed.history.Moment;
import dev.backline.testbed.history.StatusSample;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;

/**
 * Every member calls the victim down, and not only suspect, within a bound after the fault.
 *
 * <p>A status says for how long it has said so: the time of its turn follows from any later sample
 * to the millisecond, however seldom status is read. The answer's way makes that late, never early;
 * the sample for which it was shortest counts.
 */
public record DownEverywhere(Duration within) implements Check {

  @Override
  public Finding check(Evidence evidence) {
    long fault = evidence.fault().toMicros();
    List<String> seen = new ArrayList<>();
    boolean late = false;
    boolean unseen = evidence.members().isEmpty();
    for (String member : evidence.members()) {
      List<StatusSample> samples = duringFault(evidence, member);
      unseen |= samples.isEmpty();
      OptionalLong down = turnedDown(samples, evidence.victim());
      if (down.isEmpty()) {
        seen.add(member + " never said so");
        late = true;
      } else {
        long after = down.getAsLong() - fault;
        seen.add("%s said so %d ms after the fault".formatted(member, after / 1000));
        late |= after > within.toNanos() / 1000;
      }
    }
    String sentence = evidence.victim() + " is down: " + String.join(", ", seen);
    if (unseen) {
      return Finding.invalid(this, sentence + " (expected: a status of each member)");
    }
    return late
        ? Finding.fail(
            this, sentence + " (expected: within " + within.toMillis() + " ms)", List.of())
        : Finding.pass(this, sentence);
  }

  private static List<StatusSample> duringFault(Evidence evidence, String member) {
    long from = evidence.fault().fromMicros();
    long to = evidence.first(Moment.Kind.HEAL).fromMicros();
    return evidence.samples().stream()
        .filter(sample -> sample.member().equals(member))
        .filter(sample -> sample.atMicros() >= from && sample.atMicros() < to)
        .toList();
  }

  private static OptionalLong turnedDown(List<StatusSample> samples, String victim) {
    return samples.stream()
        .flatMap(sample -> sample.saysSince(victim, "down").stream())
        .mapToLong(Long::longValue)
        .min();
  }

  @Override
  public String name() {
    return "down everywhere";
  }
}
