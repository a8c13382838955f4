package dev.backline.balancer.config;

import dev.backline.balancer.model.IpAddress;

/** What a configuration is read for: a backend must not be this very member. */
@FunctionalInterface
public interface Machine {
  /** Of which nothing is known. */
  Machine UNKNOWN = address -> false;

  /** Returns whether the address is one of this machine's own. */
  boolean has(IpAddress address);
}
