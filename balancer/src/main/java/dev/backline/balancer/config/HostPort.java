package dev.backline.balancer.config;

import dev.backline.balancer.model.HostAndPort;
import dev.backline.balancer.model.IpAddress;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * An address of the file, {@code host:port}.
 *
 * @param host a lower-case name, or an IP address in its one canonical form, without brackets
 * @param port from 0
 */
record HostPort(String host, int port) {
  private static final Pattern FORM =
      Pattern.compile("(?:\\[([^\\]]*)]|([^\\[\\]:]*)):([0-9]{1,9})");
  private static final Pattern NAME =
      Pattern.compile("(?=.{1,253}$)[A-Za-z0-9_-]{1,63}(\\.[A-Za-z0-9_-]{1,63})*");
  private static final Pattern NUMBER_AT_END = Pattern.compile("(.*\\.)?(0[xX].*|[0-9]+)");

  /** Where to listen: port 0 is any free one. */
  static final ScalarType<HostPort> LISTENED =
      type("`host:port`, port 0 for any free one", "like 127.0.0.1:8080", 0);

  /** Whom to connect to. */
  static final ScalarType<HostPort> CONNECTED = type("`host:port`", "like 127.0.0.11:3000", 1);

  private static ScalarType<HostPort> type(String kind, String example, int minPort) {
    String expected = "host:port, " + example;
    return new ScalarType<>(
        kind, expected, text -> read(text, expected, minPort), HostPort::toString);
  }

  private static Reading<HostPort> read(String text, String expected, int minPort) {
    if (text.contains("://")) {
      return new Reading.Wrong<>(
          expected + ", without " + text.substring(0, text.indexOf(':') + 3));
    }
    Matcher form = FORM.matcher(text);
    if (!form.matches()) {
      return new Reading.Wrong<>(expected);
    }
    String host = form.group(1) != null ? ipv6(form.group(1)) : nameOrIpv4(form.group(2));
    if (host == null) {
      return new Reading.Wrong<>(
          "a host name of letters, digits, - and ., or an IP address (IPv6 in brackets)");
    }
    int port = Integer.parseInt(form.group(3));
    if (port < minPort || port > 65_535 || Numbers.hasLeadingZero(form.group(3))) {
      return new Reading.Wrong<>("a port from " + minPort + " to 65535 after the colon");
    }
    return new Reading.Right<>(new HostPort(host, port));
  }

  private static @Nullable String ipv6(String text) {
    IpAddress address = text.indexOf(':') < 0 ? null : IpAddress.parse(text);
    return address == null ? null : address.toString();
  }

  /** Returns the canonical form of a host without port; null if it is neither name nor IPv4. */
  static @Nullable String nameOrIpv4(String text) {
    IpAddress address = text.indexOf(':') < 0 ? IpAddress.parse(text) : null;
    if (address != null) {
      return address.toString();
    }
    // What ends in a number is an IPv4 address to most resolvers, and not always the one meant.
    return NAME.matcher(text).matches() && !NUMBER_AT_END.matcher(text).matches()
        ? text.toLowerCase(Locale.ROOT)
        : null;
  }

  /** Returns the IP address that the host is; null if it is a name, but for localhost. */
  @Nullable IpAddress ip() {
    return IpAddress.ofHost(host);
  }

  /** Returns whether one process can't listen on both. */
  boolean collidesWith(HostPort other) {
    if (port != other.port || port == 0) {
      return false;
    }
    return host.equals(other.host)
        || takesPlaceOf(ip(), other.ip())
        || takesPlaceOf(other.ip(), ip());
  }

  /** Returns whether a connection to the backend ends at this listener, as far as one can see. */
  boolean isReachedBy(HostPort backend, Machine machine) {
    IpAddress mine = ip();
    IpAddress its = backend.ip();
    if (port != backend.port || port == 0) {
      return false;
    }
    return host.equals(backend.host)
        || (mine != null && mine.equals(its))
        || (its != null && (its.isLoopback() || machine.has(its)) && takesPlaceOf(mine, its));
  }

  /** Returns whether a socket on the one address takes the port of the other too. */
  private static boolean takesPlaceOf(@Nullable IpAddress one, @Nullable IpAddress other) {
    if (one == null || other == null) {
      return false;
    }
    return one.equals(other) || (one.isUnspecified() && (!one.isV4() || other.isV4()));
  }

  @Override
  public String toString() {
    return HostAndPort.text(host, port);
  }
}
