package dev.backline.balancer.control;

import dev.backline.balancer.model.MemberId;
import java.util.Collection;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * The other members of the cluster: those that are heard, and those that are <em>missed</em>: heard
 * once, silent now, and gone without a word. What is told to a member that is missed can't be known
 * here; after a day it is forgotten.
 *
 * <p>Owned by {@link Controller}.
 */
final class OtherMembers {
  static final long MISSED_NANOS = 24 * 3_600 * 1_000_000_000L;

  /** All that is known of them at one moment. */
  record Checkpoint(List<MemberId> live, Map<MemberId, Long> missedSinceNanos) {
    static final Checkpoint START = new Checkpoint(List.of(), Map.of());

    Checkpoint {
      live = List.copyOf(live);
      missedSinceNanos = Collections.unmodifiableMap(new TreeMap<>(missedSinceNanos));
    }
  }

  private List<MemberId> live;
  private final Map<MemberId, Long> missedSinceNanos;

  /** Goes on from a checkpoint. */
  OtherMembers(Checkpoint from) {
    live = from.live();
    missedSinceNanos = new TreeMap<>(from.missedSinceNanos());
  }

  Checkpoint checkpoint() {
    return new Checkpoint(live, missedSinceNanos);
  }

  /** Returns those that were heard lately. */
  List<MemberId> live() {
    return live;
  }

  /** These are heard now; returns those that have fallen silent. */
  List<MemberId> onHeard(Collection<MemberId> heard, long nowNanos) {
    List<MemberId> silent = live.stream().filter(member -> !heard.contains(member)).toList();
    silent.forEach(member -> missedSinceNanos.put(member, nowNanos));
    missedSinceNanos.keySet().removeAll(heard);
    live = List.copyOf(heard);
    return silent;
  }

  /** A member has left in order: nobody is told anything there any more. */
  void onLeft(MemberId left) {
    live = live.stream().filter(member -> !member.equals(left)).toList();
    missedSinceNanos.remove(left);
  }

  /** An earlier life of this member knew these; they have been silent for so long. */
  void onRecalled(Map<MemberId, Long> silentNanos, long nowNanos) {
    silentNanos.forEach(
        (member, nanos) -> {
          if (!live.contains(member)) {
            missedSinceNanos.put(member, nowNanos - nanos);
          }
        });
  }

  boolean isAnyMissed(long nowNanos) {
    missedSinceNanos.values().removeIf(since -> nowNanos - since >= MISSED_NANOS);
    return !missedSinceNanos.isEmpty();
  }

  /** Returns those that are missed, and for how long each has been silent, in nanoseconds. */
  Map<MemberId, Long> silentNanos(long nowNanos) {
    Map<MemberId, Long> silent = new TreeMap<>();
    missedSinceNanos.forEach((member, since) -> silent.put(member, nowNanos - since));
    return silent;
  }
}
