package dev.backline.balancer.config;

import dev.backline.balancer.balance.BalancePolicy;
import dev.backline.balancer.health.HealthPolicy;
import dev.backline.balancer.limit.ConnectionPolicy;
import dev.backline.balancer.limit.QueuePolicy;
import dev.backline.balancer.model.Backend;
import dev.backline.balancer.model.PoolName;
import dev.backline.balancer.retry.RetryPolicy;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One pool.
 *
 * @param name what routes call it
 * @param backends who answers, in the order of the file; none with {@code dns}, else at least one
 * @param dns the name whose addresses answer; {@code null} if the file lists them
 * @param balance how exchanges are spread
 * @param health how backends are probed
 * @param retry how far an exchange goes to get an answer
 * @param queue how exchanges wait while no backend can take them
 * @param connection how connections to its backends are made and kept
 */
public record PoolConfig(
    PoolName name,
    List<Backend> backends,
    @Nullable DnsConfig dns,
    BalancePolicy balance,
    HealthPolicy health,
    RetryPolicy retry,
    QueuePolicy queue,
    ConnectionPolicy connection) {
  /** Checks that there is one source of backends. */
  public PoolConfig {
    backends = List.copyOf(backends);
    if (backends.isEmpty() == (dns == null)) {
      throw new IllegalArgumentException(
          "backends: " + backends.size() + ", dns: " + dns + " (expected: one of both)");
    }
  }

  /** Creates a pool whose backends the file lists. */
  public PoolConfig(
      PoolName name,
      List<Backend> backends,
      BalancePolicy balance,
      HealthPolicy health,
      RetryPolicy retry,
      QueuePolicy queue,
      ConnectionPolicy connection) {
    this(name, backends, null, balance, health, retry, queue, connection);
  }
}
