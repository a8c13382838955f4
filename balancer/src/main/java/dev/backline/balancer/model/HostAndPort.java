package dev.backline.balancer.model;

/** How hosts and addresses are written. */
public final class HostAndPort {
  private HostAndPort() {}

  /**
   * Returns {@code host:port}, IPv6 in brackets.
   *
   * @param host a name or an address, IPv6 without brackets
   */
  public static String text(String host, int port) {
    return (host.indexOf(':') >= 0 ? "[" + host + "]" : host) + ":" + port;
  }

  /** Returns a name without the dot at its end that says that it is absolute: here all are. */
  public static String withoutRoot(String name) {
    return name.length() > 1 && name.endsWith(".") ? name.substring(0, name.length() - 1) : name;
  }
}
