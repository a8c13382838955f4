package dev.backline.balancer.proxy;

import dev.backline.balancer.model.HostAndPort;
import java.time.Duration;

/**
 * One address that clients connect to.
 *
 * @param port 0: any free one, the same for all event loops
 * @param headerTimeout within which a new connection has sent its first whole head
 * @param idleTimeout how long a connection may stay without an exchange
 */
public record Listener(
    String host,
    int port,
    Duration headerTimeout,
    Duration idleTimeout,
    int maxRequestLineBytes,
    int maxHeaderBytes) {

  @Override
  public String toString() {
    return HostAndPort.text(host, port);
  }
}
