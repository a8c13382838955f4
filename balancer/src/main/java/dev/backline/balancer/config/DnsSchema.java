package dev.backline.balancer.config;

import dev.backline.balancer.model.HostAndPort;
import dev.backline.balancer.model.IpAddress;
import java.time.Duration;
import java.util.function.Function;

/** The keys of a name whose addresses are a pool's backends. */
final class DnsSchema {
  private static final String NO_ADDRESS = "a name; addresses stand in a list, as backends";
  private static final String NAME_WITH_PORT = "name:port, like sample-backend:3000";
  private static final String SERVER_ADDRESS =
      "the address of a DNS server, like 127.0.0.11 or 127.0.0.11:53";

  private static final Key<HostPort> NAME_AND_PORT =
      Key.optional(
          "name:port",
          new ScalarType<>(
              "`name:port`", NAME_WITH_PORT, DnsSchema::nameAndPort, HostPort::toString),
          "",
          "");

  static final Key<String> NAME =
      Key.optional(
          "name",
          new ScalarType<>(
              "host name",
              "a host name, like sample-backend",
              DnsSchema::name,
              Function.identity()),
          "required",
          "Whose addresses (A and AAAA) the backends are. Trap: no search domain is"
              + " tried, so a name stands here in full.");
  static final Key<Integer> PORT =
      Key.optional(
          "port",
          Numbers.from(1, 65_535),
          "required",
          "Where the backends listen, all of them. SRV records aren't asked for.");
  static final Key<Duration> INTERVAL =
      Key.of(
          "interval",
          Units.duration(Duration.ofMillis(50), Duration.ofHours(1)),
          DnsConfig.DEFAULT_INTERVAL,
          "Between two look-ups. What the answer says of its own age (TTL) is ignored, because"
              + " backends come and go faster.");
  static final Key<Duration> TIMEOUT =
      Key.of(
          "timeout",
          Units.duration(Duration.ofMillis(10), Duration.ofMinutes(1)),
          DnsConfig.DEFAULT_TIMEOUT,
          "How long one server may take, before the next one is asked; at most `interval`.");
  static final Key<DnsConfig.Server> SERVER =
      Key.optional(
          "server",
          new ScalarType<>(
              "address, or `address:port`",
              SERVER_ADDRESS,
              DnsSchema::server,
              DnsConfig.Server::toString),
          "as this machine does",
          "The only server to ask. Without it, a name that stands in `/etc/hosts` has the addresses"
              + " given there, and others are asked of the servers of `/etc/resolv.conf`, in their"
              + " order; both files are read again when they change.");

  static final SectionType SECTION =
      SectionType.of(NAME, PORT, INTERVAL, TIMEOUT, SERVER)
          .withShorthand(NAME_AND_PORT)
          .withCheck(DnsSchema::check);

  private DnsSchema() {}

  private static Reading<HostPort> nameAndPort(String text) {
    int colon = text.lastIndexOf(':');
    String absolute =
        colon < 0
            ? text
            : HostAndPort.withoutRoot(text.substring(0, colon)) + text.substring(colon);
    Reading<HostPort> reading = HostPort.CONNECTED.reader().apply(absolute);
    if (reading instanceof Reading.Right<HostPort> right) {
      return IpAddress.parse(right.value().host()) == null
          ? reading
          : new Reading.Wrong<>(NO_ADDRESS);
    }
    return new Reading.Wrong<>(NAME_WITH_PORT);
  }

  private static Reading<String> name(String text) {
    if (IpAddress.parse(text) != null) {
      return new Reading.Wrong<>(NO_ADDRESS);
    }
    String name = HostPort.nameOrIpv4(HostAndPort.withoutRoot(text));
    return name == null
        ? new Reading.Wrong<>("a host name of letters, digits, - and ., like sample-backend")
        : new Reading.Right<>(name);
  }

  private static Reading<DnsConfig.Server> server(String text) {
    IpAddress alone = IpAddress.parse(text);
    if (alone != null) {
      return new Reading.Right<>(new DnsConfig.Server(alone, DnsConfig.Server.DEFAULT_PORT));
    }
    if (HostPort.CONNECTED.reader().apply(text) instanceof Reading.Right<HostPort> right) {
      IpAddress address = IpAddress.parse(right.value().host());
      if (address != null) {
        return new Reading.Right<>(new DnsConfig.Server(address, right.value().port()));
      }
    }
    return new Reading.Wrong<>(SERVER_ADDRESS);
  }

  private static void check(Values dns, Report report) {
    Orders.atMost(dns, TIMEOUT, INTERVAL, report);
    if (!dns.has(NAME_AND_PORT)) {
      missing(dns, NAME, report);
      missing(dns, PORT, report);
    }
  }

  private static void missing(Values dns, Key<?> key, Report report) {
    if (!dns.has(key)) {
      report.add(dns.where(key), "missing", key.type().expected());
    }
  }

  /** Returns the name of a file without errors. */
  static DnsConfig toConfig(Values dns) {
    HostPort both = dns.find(NAME_AND_PORT);
    return new DnsConfig(
        both != null ? both.host() : dns.get(NAME),
        both != null ? both.port() : dns.get(PORT),
        dns.get(INTERVAL),
        dns.get(TIMEOUT),
        dns.find(SERVER));
  }
}
