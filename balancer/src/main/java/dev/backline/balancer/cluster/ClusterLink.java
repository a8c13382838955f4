package dev.backline.balancer.cluster;

import dev.backline.balancer.control.ClusterView;
import dev.backline.balancer.control.Peers;
import java.util.concurrent.CompletionStage;

/**
 * This member's way to the others. Nothing here blocks its caller: what Hazelcast makes wait, waits
 * on a thread of its own.
 */
public interface ClusterLink extends Peers {
  /**
   * Joins, in the background. What the others say comes as events from now on.
   *
   * @return done when the shared view was read, or nobody answered; it fails with the first try, as
   *     where the own address can't be had, and is tried again nevertheless
   */
  CompletionStage<?> start();

  /** Reads the shared view again; done when it was read, which may be never. */
  CompletionStage<?> readAgain();

  /** Returns how this member sees its cluster. Any thread may call. */
  ClusterView view();

  /** Leaves in order; done when it has left, whatever went wrong. */
  CompletionStage<?> leave();
}
