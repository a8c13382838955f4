package dev.backline.balancer.cluster;

import dev.backline.balancer.health.Grounds;
import dev.backline.balancer.health.Observation;
import dev.backline.balancer.model.BackendId;
import dev.backline.balancer.model.PoolName;
import dev.backline.balancer.model.Registration;
import dev.backline.balancer.model.Verdict;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What observations and registrations are in records: a key and fields of text, and back. */
final class ClusterCodec {
  /** One backend of a pool. */
  record Subject(PoolName pool, BackendId backend) {}

  private ClusterCodec() {}

  static String key(PoolName pool, BackendId backend) {
    return pool + "\n" + backend.host() + "\n" + backend.port();
  }

  /** Returns what a key names, or {@code null} if it names nothing that this version knows. */
  static @Nullable Subject subject(String key) {
    String[] parts = key.split("\n", -1);
    if (parts.length != 3) {
      return null;
    }
    try {
      return new Subject(
          new PoolName(parts[0]), new BackendId(parts[1], Integer.parseInt(parts[2])));
    } catch (IllegalArgumentException e) {
      return null;
    }
  }

  static List<String> fields(Observation observation) {
    return List.of(
        observation.verdict().name(), observation.grounds().name(), observation.reason());
  }

  /** Returns what is said, or {@code null} if this version doesn't know such words. */
  static @Nullable Observation observation(List<String> fields) {
    if (fields.size() < 3) {
      return null;
    }
    try {
      return new Observation(
          Verdict.valueOf(fields.get(0)), Grounds.valueOf(fields.get(1)), fields.get(2));
    } catch (IllegalArgumentException e) {
      return null;
    }
  }

  static String key(Registration registration) {
    return registration.pool() + "\n" + registration.name();
  }

  static List<String> fields(Registration registration) {
    Registration.Terms terms = registration.terms();
    return terms == null
        ? List.of()
        : List.of(
            terms.address().toString(),
            String.valueOf(terms.weight()),
            String.valueOf(terms.leaseMillis()),
            terms.secretDigest());
  }

  /** Returns what a record of a backend's word says; {@code null} if this version can't read it. */
  static @Nullable Registration registration(SharedRecord record) {
    String[] key = record.key().split("\n", -1);
    if (key.length != 2) {
      return null;
    }
    try {
      return new Registration(
          new PoolName(key[0]),
          key[1],
          record.incarnation(),
          record.sequence(),
          record.isWithdrawn() ? null : terms(record.fields()));
    } catch (IllegalArgumentException e) {
      return null;
    }
  }

  private static Registration.Terms terms(List<String> fields) {
    if (fields.size() < 4) {
      throw new IllegalArgumentException("fields: " + fields.size() + " (expected: 4 or more)");
    }
    return new Registration.Terms(
        BackendId.parse(fields.get(0)),
        Integer.parseInt(fields.get(1)),
        Long.parseLong(fields.get(2)),
        fields.get(3));
  }
}
