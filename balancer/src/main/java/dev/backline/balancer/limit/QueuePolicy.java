package dev.backline.balancer.limit;

import java.time.Duration;

/**
 * How exchanges wait while no backend can take them.
 *
 * @param maxWait how long one waits at most; default 2s; 0s turns the queue off
 * @param maxExchanges how many of a member's exchanges may wait for this pool; default 1000
 */
public record QueuePolicy(Duration maxWait, int maxExchanges) {
  /** What holds where the configuration says nothing. */
  public static final QueuePolicy DEFAULT = new QueuePolicy(Duration.ofSeconds(2), 1_000);
}
