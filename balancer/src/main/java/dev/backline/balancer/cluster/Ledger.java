package dev.backline.balancer.cluster;

import dev.backline.balancer.model.MemberId;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * The newest record of each thing that the others wrote, whatever way and however often it came.
 * What goes back in sequence is old: after a split heals, deletes and old values come again. Owned
 * by one thread.
 */
final class Ledger {
  private final Map<String, SharedRecord> newest = new LinkedHashMap<>();

  /** Takes a verified record in; returns whether it is news. */
  boolean take(SharedRecord record) {
    SharedRecord known = newest.get(record.mapKey());
    if (known != null && !record.isNewerThan(known)) {
      return false;
    }
    newest.put(record.mapKey(), record);
    return true;
  }

  /**
   * Forgets what nobody can bring again: what isn't in the shared map any more, of members that
   * aren't live.
   */
  void forgetAllBut(Set<String> stored, List<MemberId> live) {
    newest
        .values()
        .removeIf(
            record ->
                !stored.contains(record.mapKey()) && !live.contains(new MemberId(record.owner())));
  }

  /** Returns all that is known of one owner. */
  Iterable<SharedRecord> of(String owner) {
    return newest.values().stream().filter(record -> record.owner().equals(owner)).toList();
  }
}
