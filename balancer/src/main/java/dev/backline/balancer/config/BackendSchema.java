package dev.backline.balancer.config;

import dev.backline.balancer.model.Backend;
import dev.backline.balancer.model.BackendId;
import dev.backline.balancer.model.IpAddress;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The keys of a backend, and what holds between those of one pool. */
final class BackendSchema {
  private static final int MAX_BACKENDS = 1_000;
  private static final int DEFAULT_WEIGHT = 1;

  static final Key<String> NAME =
      Key.optional(
          "name",
          Names.TYPE,
          "`backend-N`",
          "What commands, logs and the status call it; N counts from 1 in the order of the list."
              + " Trap: without names, a backend that is taken out of the middle renames those"
              + " behind it.");
  static final Key<HostPort> ADDRESS =
      Key.required(
          "address",
          HostPort.CONNECTED,
          "Where it listens. Never link-local, multicast or unspecified addresses, and never this"
              + " member's own. Trap: an IPv6 address needs quotes.");
  static final Key<Integer> WEIGHT =
      Key.of(
          "weight",
          Numbers.from(1, Backend.MAX_WEIGHT),
          DEFAULT_WEIGHT,
          "Its share relative to the others of the pool.");

  static final SectionType SECTION =
      SectionType.of(NAME, ADDRESS, WEIGHT)
          .withShorthand(ADDRESS)
          .withCheck(BackendSchema::refuseAddresses);
  static final ListType LIST =
      new ListType(SECTION, "backends, like [127.0.0.11:3000]", 1, MAX_BACKENDS, 0);

  private BackendSchema() {}

  private static void refuseAddresses(Values backend, Report report) {
    HostPort address = backend.find(ADDRESS);
    IpAddress ip = address == null ? null : address.ip();
    if (ip == null) {
      return;
    }
    String kind = null;
    if (ip.isUnspecified()) {
      kind = "an unspecified address";
    } else if (ip.isMulticast()) {
      kind = "a multicast or broadcast address";
    } else if (ip.isLinkLocal()) {
      kind = "a link-local address";
    }
    if (kind != null) {
      report.add(
          backend.where(ADDRESS),
          backend.shown(ADDRESS) + ", " + kind,
          "the address of one backend, like 127.0.0.11:3000");
    }
  }

  /** Checks that no two backends of a pool have one address or one name. */
  static void checkPool(List<Values> backends, Report report) {
    Map<HostPort, Integer> addresses = new HashMap<>();
    Map<String, Integer> names = new HashMap<>();
    for (int i = 0; i < backends.size(); i++) {
      Values backend = backends.get(i);
      HostPort address = backend.find(ADDRESS);
      Integer sameAddress =
          address == null ? null : addresses.putIfAbsent(address, backend.where(ADDRESS).line());
      if (sameAddress != null) {
        report.add(
            backend.where(ADDRESS),
            backend.shown(ADDRESS),
            "each address once: line " + sameAddress + " has it");
        continue;
      }
      String name = name(backend, i);
      if (name == null) {
        continue;
      }
      Integer sameName = names.putIfAbsent(name, backend.where(NAME).line());
      if (sameName != null) {
        report.add(
            backend.where(NAME),
            backend.has(NAME) ? name : "missing, thus " + name,
            "each name once: line " + sameName + " has it");
      }
    }
  }

  /** Returns the given name, or the one that the position makes; null if the given one is wrong. */
  private static @Nullable String name(Values backend, int index) {
    return backend.has(NAME) ? backend.find(NAME) : "backend-" + (index + 1);
  }

  /** Returns the backends of a file without errors. */
  static List<Backend> toBackends(List<Values> backends) {
    List<Backend> all = new ArrayList<>();
    for (Values backend : backends) {
      HostPort address = backend.get(ADDRESS);
      String name = name(backend, all.size());
      if (name == null) {
        throw new AssertionError(backend.where() + ": no name, and no error");
      }
      all.add(
          new Backend(new BackendId(address.host(), address.port()), name, backend.get(WEIGHT)));
    }
    return List.copyOf(all);
  }
}
