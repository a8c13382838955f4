package dev.backline.balancer.balance;

import java.time.Duration;

/**
 * How a pool spreads its exchanges.
 *
 * @param selection how a backend is selected; default power of two choices
 * @param slowStart how long a new backend takes from a tenth of its share to all of it; default
 *     10s; 0s turns it off
 * @param maxInFlight exchanges in flight on one backend from this member; default 256; above it the
 *     backend is full, and when all are, exchanges wait in the queue
 */
public record BalancePolicy(SelectionPolicy selection, Duration slowStart, int maxInFlight) {
  /** What holds where the configuration says nothing. */
  public static final BalancePolicy DEFAULT =
      new BalancePolicy(new SelectionPolicy.PowerOfTwoChoices(), Duration.ofSeconds(10), 256);
}
