package dev.backline.balancer.model;

import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Who a backend is: its canonical {@code host:port}.
 *
 * @param host a lower-case host name, or an IP address in its one canonical form (RFC 5952),
 *     without brackets: one machine is one backend, however its address is written
 * @param port 1 to 65535
 */
public record BackendId(String host, int port) implements Comparable<BackendId> {
  private static final Pattern FORM =
      Pattern.compile("(?:\\[([0-9A-Fa-f:.]+)]|([A-Za-z0-9._-]+)):([0-9]{1,5})");

  /** Checks the port and makes the host canonical. */
  public BackendId {
    if (port < 1 || port > 65_535) {
      throw new IllegalArgumentException("port: " + port + " (expected: 1 to 65535)");
    }
    IpAddress address = IpAddress.parse(host);
    host = address == null ? host.toLowerCase(Locale.ROOT) : address.toString();
  }

  /**
   * Reads {@code host:port}, where an IPv6 address stands in brackets.
   *
   * @throws IllegalArgumentException if the text is anything else
   */
  public static BackendId parse(String text) {
    Matcher form = FORM.matcher(text);
    if (!form.matches()) {
      throw new IllegalArgumentException(text + " (expected: host:port, like 127.0.0.11:3000)");
    }
    String host = form.group(1) != null ? form.group(1) : form.group(2);
    return new BackendId(host, Integer.parseInt(form.group(3)));
  }

  @Override
  public int compareTo(BackendId other) {
    int byHost = host.compareTo(other.host);
    return byHost != 0 ? byHost : Integer.compare(port, other.port);
  }

  @Override
  public String toString() {
    return HostAndPort.text(host, port);
  }
}
