package dev.backline.balancer.control;

import dev.backline.balancer.model.AdminState;
import dev.backline.balancer.model.BackendId;
import dev.backline.balancer.model.PoolName;

/** What an operator may order. */
public sealed interface AdminCommand {

  /** Makes a backend ready, drains it or takes it into maintenance. */
  record SetState(PoolName pool, BackendId backend, AdminState state) implements AdminCommand {}
}
