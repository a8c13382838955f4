package dev.backline.balancer.control;

import dev.backline.balancer.balance.BalancePolicy;
import dev.backline.balancer.health.HealthPolicy;
import dev.backline.balancer.limit.ConnectionPolicy;
import dev.backline.balancer.limit.QueuePolicy;
import dev.backline.balancer.model.PoolName;
import dev.backline.balancer.retry.RetryPolicy;

/** Everything that is configured of a pool, but its backends. */
public record PoolPolicy(
    PoolName name,
    BalancePolicy balance,
    HealthPolicy health,
    RetryPolicy retry,
    QueuePolicy queue,
    ConnectionPolicy connection) {

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
