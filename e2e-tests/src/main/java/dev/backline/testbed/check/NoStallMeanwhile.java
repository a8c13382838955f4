package dev.backline.testbed.check;

import dev.backline.testbed.history.Evidence;
import dev.backline.testbed.history.Moment;
import java.time.Duration;

/**
 * The machine let everybody run while a fault was new. A balancer that stood still for more than
 * 100 ms trusts its own eyes less for as long again, on purpose: how soon it sees something is
 * promised only where it didn't.
 */
public record NoStallMeanwhile(Duration after) implements Check {

  @Override
  public Finding check(Evidence evidence) {
    long from = evidence.fault().fromMicros();
    long to = evidence.fault().toMicros() + after.toNanos() / 1000;
    long stalls =
        evidence.moments().stream()
            .filter(moment -> moment.kind() == Moment.Kind.STALL)
            .filter(moment -> moment.toMicros() >= from && moment.fromMicros() <= to)
            .count();
    String seen =
        "%d stalls of the machine within %d ms of the fault".formatted(stalls, after.toMillis());
    return stalls == 0
        ? Finding.pass(this, seen)
        : Finding.invalid(this, seen + " (expected: 0, of more than 100 ms)");
  }

  @Override
  public String name() {
    return "no stall meanwhile";
  }
}
