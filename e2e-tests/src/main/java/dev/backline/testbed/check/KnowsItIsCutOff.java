package dev.backline.testbed.check;

import dev.backline.testbed.history.Evidence;
import dev.backline.testbed.history.Moment;
import dev.backline.testbed.history.StatusSample;
import java.time.Duration;
import java.util.List;

/**
 * The member that is cut off says that it is isolated, from a bound after the fault to the heal,
 * and is ready again within the same of the heal; the others are ready all the time.
 *
 * @param cutOff the member that can't reach what the others do
 */
public record KnowsItIsCutOff(String cutOff, Duration bound) implements Check {
  private static final String ISOLATED = "isolated";
  private static final String READY = "ready";

  @Override
  public Finding check(Evidence evidence) {
    long boundMicros = bound.toNanos() / 1000;
    long fault = evidence.fault().toMicros();
    Moment heal = evidence.first(Moment.Kind.HEAL);
    List<StatusSample> its = samples(evidence, true);
    List<StatusSample> others = samples(evidence, false);
    List<StatusSample> during = within(its, fault + boundMicros, heal.fromMicros());
    List<StatusSample> after = within(its, heal.toMicros() + boundMicros, Long.MAX_VALUE);
    if (during.isEmpty() || after.isEmpty() || others.isEmpty()) {
      return Finding.invalid(
          this,
          "%d statuses of %s while it was cut off, %d later, %d of others (expected: some of each)"
              .formatted(during.size(), cutOff, after.size(), others.size()));
    }
    long unaware = during.stream().filter(s -> !s.status().state().equals(ISOLATED)).count();
    long unready = after.stream().filter(s -> !s.status().state().equals(READY)).count();
    long affected = others.stream().filter(s -> !s.status().state().equals(READY)).count();
    String seen =
        "%s said that it is isolated in %d of %d statuses from %d ms after the fault on, was not"
            + " ready in %d of %d from as long after the heal; others were not ready in %d of %d";
    String told =
        seen.formatted(
            cutOff,
            during.size() - unaware,
            during.size(),
            bound.toMillis(),
            unready,
            after.size(),
            affected,
            others.size());
    return unaware + unready + affected == 0
        ? Finding.pass(this, told + firstAfter(its, fault))
        : Finding.fail(this, told + " (expected: all, 0, 0)", List.of());
  }

  private String firstAfter(List<StatusSample> its, long fault) {
    return its.stream()
        .filter(s -> s.atMicros() >= fault && s.status().state().equals(ISOLATED))
        .findFirst()
        .map(s -> "; first %d ms after the fault".formatted((s.atMicros() - fault) / 1000))
        .orElse("");
  }

  private List<StatusSample> samples(Evidence evidence, boolean its) {
    return evidence.samples().stream().filter(s -> s.member().equals(cutOff) == its).toList();
  }

  private static List<StatusSample> within(List<StatusSample> samples, long from, long to) {
    return samples.stream().filter(s -> s.atMicros() >= from && s.atMicros() < to).toList();
  }

  @Override
  public String name() {
    return "knows that it is cut off";
  }
}
