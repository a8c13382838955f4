package dev.backline.balancer.control;

import dev.backline.balancer.health.Observation;
import dev.backline.balancer.model.BackendId;
import dev.backline.balancer.model.PoolName;
import dev.backline.balancer.model.Registration;

/**
 * The way out to the other members. Called on the control loop; returns at once, whatever they do.
 */
public interface Peers {
  /** There are none. */
  Peers NONE =
      new Peers() {
        @Override
        public void share(PoolName pool, BackendId backend, Observation observation) {}

        @Override
        public void withdraw(PoolName pool, BackendId backend) {}

        @Override
        public void share(Registration registration) {}
      };

  /** Tells the other members what this one makes of a backend from now on. */
  void share(PoolName pool, BackendId backend, Observation observation);

  /** Tells the other members that this one lists the backend no longer. */
  void withdraw(PoolName pool, BackendId backend);

  /** Tells the other members what a backend said here. */
  void share(Registration registration);
}
