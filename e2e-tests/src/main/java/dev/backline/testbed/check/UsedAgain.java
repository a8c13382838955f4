package dev.backline.testbed.check;

import dev.backline.testbed.history.Evidence;
import dev.backline.testbed.history.Moment;
import java.time.Duration;
import java.util.List;
import java.util.OptionalLong;

/** The first attempt on the victim after its heal begins within a bound, on whichever member. */
public record UsedAgain(Duration within) implements Check {

  @Override
  public Finding check(Evidence evidence) {
    Moment heal = evidence.first(Moment.Kind.HEAL);
    long bound = heal.toMicros() + within.toNanos() / 1000;
    OptionalLong first =
        evidence.exchanges().stream()
            .flatMapToLong(e -> e.attemptsOn(evidence.victim()).mapToLong(e::beganMicros))
            .filter(began -> began >= heal.fromMicros())
            .min();
    boolean loaded = evidence.exchanges().stream().anyMatch(e -> e.beganMicros() > bound);
    if (first.isEmpty() && !loaded) {
      return Finding.invalid(
          this, "the load ended before " + evidence.victim() + " had its time (expected: later)");
    }
    String expected = " (expected: within " + within.toMillis() + " ms)";
    if (first.isEmpty()) {
      return Finding.fail(this, "no attempt on " + evidence.victim() + expected, List.of());
    }
    String seen =
        "the first attempt on %s began %d ms after the heal"
            .formatted(evidence.victim(), (first.getAsLong() - heal.toMicros()) / 1000);
    return first.getAsLong() <= bound
        ? Finding.pass(this, seen)
        : Finding.fail(this, seen + expected, List.of());
  }

  @Override
  public String name() {
    return "used again";
  }
}
