package dev.backline.balancer.limit;

import java.time.Duration;

/**
 * How exchanges wait while no backend can take them.
 *
 * @param wait how long one waits at most; default 2s; 0s turns the queue off
 * @param exchanges how many of a member's exchanges may wait for this pool; default 1000
 */
public record QueuePolicy(Duration wait, int exchanges) {
  /** What holds where the configuration says nothing. */
  public static final QueuePolicy DEFAULT = new QueuePolicy(Duration.ofSeconds(2), 1_000);
}
