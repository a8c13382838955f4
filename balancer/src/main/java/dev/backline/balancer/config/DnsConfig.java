package dev.backline.balancer.config;

import dev.backline.balancer.model.HostAndPort;
import dev.backline.balancer.model.IpAddress;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * A name whose addresses are a pool's backends.
 *
 * @param name lower-case and absolute: no search domain is tried; without a dot at its end
 * @param port where the backends listen, all of them
 * @param interval between the beginnings of two look-ups
 * @param timeout for one question to one server
 * @param server the only one to ask; {@code null}: as this machine's files say
 */
public record DnsConfig(
    String name, int port, Duration interval, Duration timeout, @Nullable Server server) {
  /** Between two look-ups, where the configuration says nothing. */
  public static final Duration DEFAULT_INTERVAL = Duration.ofSeconds(1);

  /** For one question, where the configuration says nothing. */
  public static final Duration DEFAULT_TIMEOUT = Duration.ofMillis(500);

  /** Checks the port and the times. */
  public DnsConfig {
    Checks.present("name", name);
    Checks.port("port", port, 1);
    Checks.positive("interval", interval);
    Checks.positive("timeout", timeout);
  }

  /** Returns what is asked for, as people write it: {@code sample-backend:3000}. */
  public String address() {
    return HostAndPort.text(name, port);
  }

  /** A DNS server. */
  public record Server(IpAddress address, int port) {
    /** Where DNS servers listen. */
    public static final int DEFAULT_PORT = 53;

    /** Checks the port. */
    public Server {
      Checks.port("port", port, 1);
    }

    /** Returns the address, and the port if it is an unusual one. */
    @Override
    public String toString() {
      return port == DEFAULT_PORT ? address.toString() : HostAndPort.text(address.toString(), port);
    }
  }
}
