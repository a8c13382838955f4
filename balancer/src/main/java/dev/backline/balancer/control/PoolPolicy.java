package dev.backline.balancer.control;

import dev.backline.balancer.balance.BalancePolicy;
import dev.backline.balancer.config.DnsConfig;
import dev.backline.balancer.config.RegistrationConfig;
import dev.backline.balancer.health.HealthPolicy;
import dev.backline.balancer.limit.ConnectionPolicy;
import dev.backline.balancer.limit.QueuePolicy;
import dev.backline.balancer.model.PoolName;
import dev.backline.balancer.retry.RetryPolicy;
import org.jspecify.annotations.Nullable;

/**
 * Everything that is configured of a pool, but its backends.
 *
 * @param dns the name whose addresses its backends are; {@code null} with another source
 * @param registration how its backends register; {@code null} with another source. With neither,
 *     the file lists them
 */
public record PoolPolicy(
    PoolName name,
    BalancePolicy balance,
    HealthPolicy health,
    RetryPolicy retry,
    QueuePolicy queue,
    ConnectionPolicy connection,
    @Nullable DnsConfig dns,
    @Nullable RegistrationConfig registration) {

  /** Creates a pool whose backends the file lists. */
  public PoolPolicy(
      PoolName name,
      BalancePolicy balance,
      HealthPolicy health,
      RetryPolicy retry,
      QueuePolicy queue,
      ConnectionPolicy connection) {
    this(name, balance, health, retry, queue, connection, null, null);
  }

  /** Returns the same, with another source of its backends; with none, the file lists them. */
  public PoolPolicy from(@Nullable DnsConfig dns, @Nullable RegistrationConfig registration) {
    return new PoolPolicy(name, balance, health, retry, queue, connection, dns, registration);
  }

  /** Returns the same, with another policy of its health. */
  public PoolPolicy withHealth(HealthPolicy changed) {
    return new PoolPolicy(name, balance, changed, retry, queue, connection, dns, registration);
  }

  /** Returns a pool about which the configuration says nothing. */
  public static PoolPolicy ofDefaults(PoolName name) {
    return new PoolPolicy(
        name,
        BalancePolicy.DEFAULT,
        HealthPolicy.DEFAULT,
        RetryPolicy.DEFAULT,
        QueuePolicy.DEFAULT,
        ConnectionPolicy.DEFAULT);
  }
}
