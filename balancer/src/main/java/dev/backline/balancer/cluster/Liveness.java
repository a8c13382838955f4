package dev.backline.balancer.cluster;

import dev.backline.balancer.model.MemberId;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Which other members are live: those that were heard in the last 3 s, by the reader's own clock.
 * Owned by one thread.
 */
final class Liveness {
  static final long SILENCE_NANOS = 3_000_000_000L;

  private final Map<MemberId, Long> heardNanos = new TreeMap<>();
  private final Map<MemberId, Long> leftIncarnation = new TreeMap<>();

  /**
   * Notes a sign of life; returns whether the member was silent before.
   *
   * @param incarnation of the member's life: one that has ended may still be heard on another way
   */
  boolean onHeard(MemberId member, long incarnation, long nowNanos) {
    if (incarnation <= leftIncarnation.getOrDefault(member, Long.MIN_VALUE)) {
      return false;
    }
    Long before = heardNanos.put(member, nowNanos);
    return before == null || nowNanos - before >= SILENCE_NANOS;
  }

  /** Notes that a member is gone for now. */
  void onGone(MemberId member) {
    heardNanos.remove(member);
  }

  /** Notes that a member has left in order: nothing more comes of that life. */
  void onLeft(MemberId member, long incarnation) {
    leftIncarnation.put(member, incarnation);
    heardNanos.remove(member);
  }

  /** Returns the live ones, in the order of their names. */
  List<MemberId> live(long nowNanos) {
    heardNanos.values().removeIf(heard -> nowNanos - heard >= SILENCE_NANOS);
    return List.copyOf(heardNanos.keySet());
  }
}
