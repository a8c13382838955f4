package dev.backline.testbed.load;

import java.time.Instant;

/**
 * The testbed's one clock: microseconds of the epoch that never jump, so that they can be compared
 * with the ledgers of processes on the same machine.
 */
public final class Clock {
  private final long anchorMicros = epochMicros(Instant.now());
  private final long anchorNanos = System.nanoTime();

  public long micros() {
    return micros(System.nanoTime());
  }

  /** The epoch time of a value of {@link System#nanoTime}. */
  long micros(long nanoTime) {
    return anchorMicros + (nanoTime - anchorNanos) / 1000;
  }

  private static long epochMicros(Instant instant) {
    return instant.getEpochSecond() * 1_000_000 + instant.getNano() / 1000;
  }
}
