package dev.backline.balancer.limit;

import java.time.Duration;

/**
 * How long a connection to a backend may take, and may rest.
 *
 * @param connectTimeout for the TCP handshake; default 250ms
 * @param idleTimeout without a byte in either direction during an exchange; default 5m
 */
public record ConnectionPolicy(Duration connectTimeout, Duration idleTimeout) {
  /** What holds where the configuration says nothing. */
  public static final ConnectionPolicy DEFAULT =
      new ConnectionPolicy(Duration.ofMillis(250), Duration.ofMinutes(5));
}
