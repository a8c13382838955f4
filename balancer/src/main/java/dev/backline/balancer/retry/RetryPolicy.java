package dev.backline.balancer.retry;

import java.time.Duration;

/**
 * How far an exchange goes to get an answer.
 *
 * @param attempts attempts that may have reached a backend, at most; default 3
 * @param budgetPercent retries allowed per hundred requests of the last 10 s; default 20
 * @param budgetPerSecond retries allowed each second on top of it; default 10
 * @param replayLimitBytes the largest request body that is kept so that it can be sent again;
 *     default 64KiB
 * @param head how long one attempt waits for its head; default 15s
 * @param total how long an exchange may take until its head, all attempts together; default 30s
 */
public record RetryPolicy(
    int attempts,
    int budgetPercent,
    int budgetPerSecond,
    int replayLimitBytes,
    Duration head,
    Duration total) {
  /** What holds where the configuration says nothing. */
  public static final RetryPolicy DEFAULT =
      new RetryPolicy(3, 20, 10, 64 * 1024, Duration.ofSeconds(15), Duration.ofSeconds(30));
}
