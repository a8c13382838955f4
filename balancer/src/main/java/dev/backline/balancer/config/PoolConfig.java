package dev.backline.balancer.config;

import dev.backline.balancer.balance.BalancePolicy;
import dev.backline.balancer.health.HealthPolicy;
import dev.backline.balancer.limit.ConnectionPolicy;
import dev.backline.balancer.limit.QueuePolicy;
import dev.backline.balancer.model.Backend;
import dev.backline.balancer.model.PoolName;
import dev.backline.balancer.retry.RetryPolicy;
import java.util.List;

/**
 * One pool.
 *
 * @param name what routes call it
 * @param backends who answers, in the order of the file; at least one
 * @param balance how exchanges are spread
 * @param health how backends are probed
 * @param retry how far an exchange goes to get an answer
 * @param queue how exchanges wait while no backend can take them
 * @param connection how connections to its backends are made and kept
 */
public record PoolConfig(
    PoolName name,
    List<Backend> backends,
    BalancePolicy balance,
    HealthPolicy health,
    RetryPolicy retry,
    QueuePolicy queue,
    ConnectionPolicy connection) {
  /** Checks that there is a backend. */
  public PoolConfig {
    backends = List.copyOf(backends);
    if (backends.isEmpty()) {
      throw new IllegalArgumentException("backends: none (expected: at least one)");
    }
  }
}
