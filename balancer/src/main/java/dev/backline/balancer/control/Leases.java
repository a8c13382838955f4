package dev.backline.balancer.control;

import dev.backline.balancer.model.BackendId;
import dev.backline.balancer.model.PoolName;
import org.jspecify.annotations.Nullable;

/**
 * Asks for leases. They move all the time and matter to no exchange, so no snapshot has them.
 * Called on the control loop.
 */
@FunctionalInterface
public interface Leases {
  /** Returns the lease of the backend at an address; {@code null}: it isn't registered. */
  @Nullable Lease at(PoolName pool, BackendId address);
}
