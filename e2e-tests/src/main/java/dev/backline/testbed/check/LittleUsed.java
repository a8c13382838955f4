package dev.backline.testbed.check;

import dev.backline.testbed.history.Evidence;
import dev.backline.testbed.history.Exchange;
import dev.backline.testbed.history.Moment;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * Of the attempts that begin later than a time after the fault, and before the heal, less than some
 * percent are on the victim; by the access logs of all members together.
 */
public record LittleUsed(int percent, Duration after) implements Check {
  /** Of fewer attempts a percentage says nothing. */
  static final int LEAST_ATTEMPTS = 100;

  @Override
  public Finding check(Evidence evidence) {
    long from = evidence.fault().toMicros() + after.toNanos() / 1000;
    long to = evidence.first(Moment.Kind.HEAL).fromMicros();
    int all = 0;
    List<String> onVictim = new ArrayList<>();
    for (Exchange exchange : evidence.exchanges()) {
      for (Exchange.Attempt attempt : exchange.attempts()) {
        long began = exchange.beganMicros(attempt);
        if (began >= from && began < to) {
          all++;
          if (attempt.backend().equals(evidence.victim())) {
            onVictim.add(exchange.id());
          }
        }
      }
    }
    String seen = "%s got %d of %d attempts".formatted(evidence.victim(), onVictim.size(), all);
    if (all < LEAST_ATTEMPTS) {
      return Finding.invalid(this, seen + " (expected: >= " + LEAST_ATTEMPTS + " in all)");
    }
    return onVictim.size() * 100 < all * percent
        ? Finding.pass(this, seen)
        : Finding.fail(this, seen + " (expected: < " + percent + " %)", onVictim);
  }

  @Override
  public String name() {
    return "little used";
  }
}
