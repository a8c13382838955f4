package dev.backline.balancer.control;

import dev.backline.balancer.model.MemberId;
import java.util.List;

/**
 * How a member sees its cluster, at one moment.
 *
 * @param joined whether it takes part yet
 * @param members those that Hazelcast counts as members, this one included
 * @param live the other members that were heard in the last 3 s
 * @param refused records that didn't verify
 */
public record ClusterView(boolean joined, int members, List<MemberId> live, long refused) {
  /** Not started yet. */
  public static final ClusterView ALONE = new ClusterView(false, 1, List.of(), 0);

  /** Copies the list. */
  public ClusterView {
    live = List.copyOf(live);
  }
}
