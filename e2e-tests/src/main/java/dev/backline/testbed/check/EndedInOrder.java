package dev.backline.testbed.check;

import dev.backline.testbed.history.Evidence;
import dev.backline.testbed.history.Moment;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** The victim, told to end, did so with exit code 0 and in time. */
public record EndedInOrder(Duration within) implements Check {

  @Override
  public Finding check(Evidence evidence) {
    long fault = evidence.fault().fromMicros();
    Optional<Moment> exit =
        evidence.moments().stream()
            .filter(moment -> moment.kind() == Moment.Kind.EXIT)
            .filter(moment -> moment.subject().equals(evidence.victim()))
            .filter(moment -> moment.toMicros() >= fault)
            .findFirst();
    String expected = " (expected: exit code 0 within " + within.toSeconds() + " s)";
    if (exit.isEmpty()) {
      return Finding.fail(this, evidence.victim() + " did not end" + expected, List.of());
    }
    long took = exit.get().toMicros() - fault;
    String seen =
        "%s ended after %.1f s with %s".formatted(evidence.victim(), took / 1e6, exit.get().text());
    if (!exit.get().text().equals(Moment.exitText(0)) || took > within.toNanos() / 1000) {
      return Finding.fail(this, seen + expected, List.of());
    }
    return Finding.pass(this, seen);
  }

  @Override
  public String name() {
    return "ended in order";
  }
}
