package dev.backline.testbed.check;

import dev.backline.testbed.history.Evidence;

/**
 * The machine must have let the testbed's own process run: a load that stood still did not put the
 * service to the test, and timeouts that passed meanwhile tell nothing.
 */
public record MachineKeptUp() implements Check {
  private static final long MOST_MILLIS = 500;

  @Override
  public Finding check(Evidence evidence) {
    String seen =
        "longest gap %d ms, latest start %d ms after its time"
            .formatted(
                evidence.machine().longestGapMillis(), evidence.machine().latestStartMillis());
    if (evidence.machine().longestGapMillis() > MOST_MILLIS
        || evidence.machine().latestStartMillis() > MOST_MILLIS) {
      return Finding.invalid(
          this, "the machine was starved: " + seen + " (expected: <= " + MOST_MILLIS + " ms)");
    }
    return Finding.pass(this, seen);
  }

  @Override
  public String name() {
    return "machine kept up";
  }
}
