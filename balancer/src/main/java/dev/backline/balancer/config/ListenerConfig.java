package dev.backline.balancer.config;

import java.time.Duration;

/**
 * One address that clients connect to.
 *
 * @param host the name or address to listen on, IPv6 without brackets; default 0.0.0.0
 * @param port 0 to 65535, 0 for any free one; default 8080
 * @param idleTimeout how long a connection may stay without an exchange; default 75s
 * @param headerTimeout within which a new connection must have sent its first whole head; default
 *     10s
 * @param maxRequestLineBytes the longest request line; default 8KiB
 * @param maxHeaderBytes the largest header block; default 16KiB
 */
public record ListenerConfig(
    String host,
    int port,
    Duration idleTimeout,
    Duration headerTimeout,
    int maxRequestLineBytes,
    int maxHeaderBytes) {
  /** What holds where the configuration says nothing. */
  public static final ListenerConfig DEFAULT =
      new ListenerConfig(
          "0.0.0.0", 8080, Duration.ofSeconds(75), Duration.ofSeconds(10), 8 * 1024, 16 * 1024);

  /** Checks the port, the times and the sizes. */
  public ListenerConfig {
    Checks.port("port", port, 0);
    Checks.positive("idleTimeout", idleTimeout);
    Checks.positive("headerTimeout", headerTimeout);
    Checks.positive("maxRequestLineBytes", maxRequestLineBytes);
    Checks.positive("maxHeaderBytes", maxHeaderBytes);
  }
}
