package dev.backline.testbed.check;

import dev.backline.testbed.history.Evidence;
import dev.backline.testbed.history.Exchange;
import dev.backline.testbed.history.Moment;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/**
 * No attempt on these backends begins later than a bound after the fault, on any member, until the
 * heal: not that of a new request, and not one more of a request that was there before.
 *
 * <p>By the access logs, which count in whole milliseconds: a time may be early by up to one. Each
 * member must have had exchanges after the bound, or it had no choice to make.
 */
public record AttemptsCease(Set<String> backends, Duration within) implements Check {
  public AttemptsCease {
    backends = Set.copyOf(backends);
  }

  @Override
  public Finding check(Evidence evidence) {
    long fault = evidence.fault().toMicros();
    long bound = fault + within.toNanos() / 1000;
    long until = evidence.first(Moment.Kind.HEAL).fromMicros();
    List<String> late = new ArrayList<>();
    List<String> seen = new ArrayList<>();
    boolean idle = evidence.members().isEmpty();
    for (String member : evidence.members()) {
      List<Exchange> own =
          evidence.exchanges().stream().filter(e -> e.member().equals(member)).toList();
      long since = own.stream().filter(e -> within(e.beganMicros(), bound, until)).count();
      idle |= since == 0;
      long last = fault;
      for (Exchange exchange : own) {
        for (Exchange.Attempt attempt : exchange.attempts()) {
          long began = exchange.beganMicros(attempt);
          if (backends.contains(attempt.backend()) && within(began, fault, until)) {
            last = Math.max(last, began);
            if (began > bound) {
              late.add(exchange.id());
            }
          }
        }
      }
      seen.add(
          "the last of %s %d ms after the fault, of %d exchanges since the bound"
              .formatted(member, (last - fault) / 1000, since));
    }
    String sentence =
        "%d attempts later than %d ms; %s"
            .formatted(late.size(), within.toMillis(), String.join(", ", seen));
    if (idle) {
      return Finding.invalid(this, sentence + " (expected: some of each member)");
    }
    return late.isEmpty()
        ? Finding.pass(this, sentence)
        : Finding.fail(this, sentence + " (expected: 0)", late);
  }

  private static boolean within(long micros, long from, long to) {
    return micros > from && micros < to;
  }

  @Override
  public String name() {
    return "attempts cease";
  }
}
