package dev.backline.balancer.cluster;

import java.util.List;

/**
 * What a member wrote for the others, as it travels: its own last word on one thing.
 *
 * @param kind what it is about; each kind has a map or a topic of its own
 * @param key of the thing, within its kind and owner
 * @param owner the member that alone writes it
 * @param incarnation of the owner, or of the backend whose word it is: grows with each of its
 *     starts
 * @param sequence grows with each record of the incarnation
 * @param fields what is said; empty: it is withdrawn
 * @param mac HMAC-SHA256, in hexadecimal digits, over all of the above and the cluster's name
 */
public record SharedRecord(
    String kind,
    String key,
    String owner,
    long incarnation,
    long sequence,
    List<String> fields,
    String mac) {
  /** Copies the list. */
  public SharedRecord {
    fields = List.copyOf(fields);
  }

  /** Returns whether the owner wrote this one after the other. */
  public boolean isNewerThan(SharedRecord other) {
    return incarnation != other.incarnation
        ? incarnation > other.incarnation
        : sequence > other.sequence;
  }

  /** Returns whether nothing is said any more. */
  public boolean isWithdrawn() {
    return fields.isEmpty();
  }

  /** Returns where it stands in the map of its kind. */
  public String mapKey() {
    return owner + '\n' + key;
  }
}
