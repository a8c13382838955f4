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
 * @param backends who answers, in the order of the file; none with another source, else at least
 *     one
 * @param dns the name whose addresses answer; {@code null} with another source
 * @param registration how those who answer register; {@code null} with another source
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
    @Nullable RegistrationConfig registration,
    BalancePolicy balance,
    HealthPolicy health,
    RetryPolicy retry,
    QueuePolicy queue,
    ConnectionPolicy connection) {
  /** Checks that there is one source of backends. */
  public PoolConfig {
    backends = List.copyOf(backends);
    int sources =
        (backends.isEmpty() ? 0 : 1) + (dns == null ? 0 : 1) + (registration == null ? 0 : 1);
    if (sources != 1) {
      throw new IllegalArgumentException(
          ("backends: " + backends.size() + ", dns: " + dns + ", registration: " + registration)
              + " (expected: one of them)");
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
    this(name, backends, null, null, balance, health, retry, queue, connection);
  }
}
