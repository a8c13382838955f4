package dev.backline.balancer.config;

import java.time.Duration;

/**
 * How connections to a pool's backends are made and kept.
 *
 * @param connectTimeout how long a connect may take; default 250ms; a backend that takes longer is
 *     suspect, so a pool that is far away needs more
 * @param idleTimeout how long an exchange may go on without a byte in either direction; default 5m
 */
public record ConnectionPolicy(Duration connectTimeout, Duration idleTimeout) {
  /** What holds where the configuration says nothing. */
  public static final ConnectionPolicy DEFAULT =
      new ConnectionPolicy(Duration.ofMillis(250), Duration.ofMinutes(5));

  /** Checks the times. */
  public ConnectionPolicy {
    Checks.positive("connectTimeout", connectTimeout);
    Checks.positive("idleTimeout", idleTimeout);
  }
}
