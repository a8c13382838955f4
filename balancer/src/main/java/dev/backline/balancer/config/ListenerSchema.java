package dev.backline.balancer.config;

import java.time.Duration;
import java.util.List;

/** The keys of a listener. */
final class ListenerSchema {
  private static final int MAX_LISTENERS = 64;

  static final Key<HostPort> ADDRESS =
      Key.of(
          "address",
          HostPort.LISTENED,
          new HostPort(ListenerConfig.DEFAULT.host(), ListenerConfig.DEFAULT.port()),
          "Where clients connect to. `0.0.0.0` is every IPv4 address of the machine, `[::]` every"
              + " address. Trap: an IPv6 address needs quotes.");
  static final Key<Duration> IDLE_TIMEOUT =
      Key.of(
          "idle_timeout",
          Units.duration(Duration.ofSeconds(1), Duration.ofHours(24)),
          ListenerConfig.DEFAULT.idleTimeout(),
          "How long a client's connection may stay without an exchange, from one answer to the whole"
              + " head of the next request. Trap: clients and balancers"
              + " in front of this one should give up a connection earlier than this.");
  static final Key<Duration> HEADER_TIMEOUT =
      Key.of(
          "header_timeout",
          Units.duration(Duration.ofMillis(100), Duration.ofMinutes(10)),
          ListenerConfig.DEFAULT.headerTimeout(),
          "Within which a new connection must have sent its first whole head. Later requests on a"
              + " kept connection are bounded by `idle_timeout`.");
  static final Key<Integer> REQUEST_LINE_LIMIT =
      Key.of(
          "request_line_limit",
          Units.size(256, 64 * 1024),
          ListenerConfig.DEFAULT.maxRequestLineBytes(),
          "The longest request line, which holds the path and the query.");
  static final Key<Integer> HEADER_LIMIT =
      Key.of(
          "header_limit",
          Units.size(1024, 1024 * 1024),
          ListenerConfig.DEFAULT.maxHeaderBytes(),
          "The largest header block of a request. Trap: large cookies count.");

  static final SectionType SECTION =
      SectionType.of(ADDRESS, IDLE_TIMEOUT, HEADER_TIMEOUT, REQUEST_LINE_LIMIT, HEADER_LIMIT)
          .withShorthand(ADDRESS);
  static final ListType LIST =
      new ListType(SECTION, "listeners, like [0.0.0.0:8080]", 1, MAX_LISTENERS, 1);

  private ListenerSchema() {}

  static List<ListenerConfig> toConfigs(List<Values> listeners) {
    return listeners.stream().map(ListenerSchema::toConfig).toList();
  }

  private static ListenerConfig toConfig(Values values) {
    HostPort address = values.get(ADDRESS);
    return new ListenerConfig(
        address.host(),
        address.port(),
        values.get(IDLE_TIMEOUT),
        values.get(HEADER_TIMEOUT),
        values.get(REQUEST_LINE_LIMIT),
        values.get(HEADER_LIMIT));
  }
}
