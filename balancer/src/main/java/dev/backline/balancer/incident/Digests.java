package dev.backline.balancer.incident;

import dev.backline.balancer.control.Controller;
import dev.backline.balancer.control.Effect;
import dev.backline.balancer.model.Hashing;
import java.util.List;

/**
 * Digests of decisions: the same in every JVM, since the texts of records, enums and numbers are,
 * and what decides has no collection whose order differs.
 */
final class Digests {
  private Digests() {}

  /** Returns the digest of what was decided before and of what one event led to. */
  static long after(long before, long nowNanos, List<Effect> effects, long version) {
    long digest = mix(mix(before, nowNanos), version);
    for (Effect effect : effects) {
      // What is kept repeats what other effects have told, at length.
      if (!(effect instanceof Effect.Keep)) {
        digest = mix(digest, Hashing.of(effect.toString()));
      }
    }
    return digest;
  }

  /** Returns the digest of all that a controller knows. */
  static long of(Controller.Checkpoint checkpoint) {
    return Hashing.of(checkpoint.toString());
  }

  private static long mix(long digest, long value) {
    return Hashing.mix(digest ^ Hashing.mix(value + 0x9e3779b97f4a7c15L));
  }
}
