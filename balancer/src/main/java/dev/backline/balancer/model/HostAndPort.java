package dev.backline.balancer.model;

/** How an address is written: IPv6 in brackets. */
public final class HostAndPort {
  private HostAndPort() {}

  /**
   * Returns {@code host:port}.
   *
   * @param host a name or an address, IPv6 without brackets
   */
  public static String text(String host, int port) {
    return (host.indexOf(':') >= 0 ? "[" + host + "]" : host) + ":" + port;
  }
}
