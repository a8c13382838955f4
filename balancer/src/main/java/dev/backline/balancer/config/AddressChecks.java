package dev.backline.balancer.config;

import dev.backline.balancer.model.IpAddress;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** No two sockets on one address, and no backend that is this member itself. */
final class AddressChecks {
  private AddressChecks() {}

  static void run(Values root, Report report) {
    List<Own> own = new ArrayList<>();
    for (Values listener : orEmpty(root.find(MemberSchema.LISTENERS))) {
      add(listener, ListenerSchema.ADDRESS, "listener", own, report);
    }
    Values admin = root.find(MemberSchema.ADMIN);
    if (admin != null) {
      add(admin, AdminSchema.ADDRESS, "admin address", own, report);
    }
    Values registration = root.find(MemberSchema.REGISTRATION);
    if (registration != null) {
      add(registration, RegistrationSchema.ADDRESS, "registration address", own, report);
    }
    if (root.has(MemberSchema.CLUSTER)) {
      Values cluster = root.find(MemberSchema.CLUSTER);
      if (cluster != null) {
        add(cluster, ClusterSchema.ADDRESS, "cluster address", own, report);
      }
    }
    for (Values pool : orEmpty(root.find(MemberSchema.POOLS))) {
      for (Values backend : orEmpty(pool.find(PoolSchema.BACKENDS))) {
        refuseLoop(backend, own, report);
      }
    }
  }

  private static List<Values> orEmpty(@Nullable List<Values> values) {
    return values == null ? List.of() : values;
  }

  private static void add(
      Values section, Key<HostPort> key, String what, List<Own> own, Report report) {
    HostPort address = section.find(key);
    if (address == null) {
      return;
    }
    Own added = new Own(what, address, section, key);
    own.stream()
        .filter(other -> other.address.collidesWith(address))
        .findFirst()
        .ifPresent(other -> reportCollision(added, other, report));
    own.add(added);
  }

  private static void reportCollision(Own added, Own other, Report report) {
    // The later one is blamed, unless it is only a default.
    boolean swap = !added.section.has(added.key) && other.section.has(other.key);
    Own wrong = swap ? other : added;
    Own taken = swap ? added : other;
    report.add(
        wrong.section.where(wrong.key),
        wrong.section.shown(wrong.key),
        "another address or port: " + taken + " takes " + taken.address);
  }

  private static void refuseLoop(Values backend, List<Own> own, Report report) {
    HostPort address = backend.find(BackendSchema.ADDRESS);
    IpAddress ip = address == null ? null : address.ip();
    if (address == null || (ip != null && ip.isUnspecified())) {
      return; // Refused already, for what it is.
    }
    own.stream()
        .filter(each -> each.address.isReachedBy(address, report.machine()))
        .findFirst()
        .ifPresent(
            each ->
                report.add(
                    backend.where(BackendSchema.ADDRESS),
                    backend.shown(BackendSchema.ADDRESS),
                    "a backend, not this member itself: its " + each.what + " is " + each.address));
  }

  /** A socket of this member, and the key that asks for it. */
  private record Own(String what, HostPort address, Values section, Key<HostPort> key) {
    @Override
    public String toString() {
      return "the "
          + what
          + (section.has(key) ? " of line " + section.where(key).line() : ", by default,");
    }
  }
}
