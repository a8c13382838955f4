package dev.backline.balancer.health;

import dev.backline.balancer.model.BackendId;
import dev.backline.balancer.model.Hashing;
import dev.backline.balancer.model.MemberId;
import java.util.Collection;

/**
 * Who probes a backend at its pace: all members up to three, else three of the live ones, chosen by
 * rendezvous hashing.
 *
 * <p>Every member counts itself live, and decides alone: those who see the cluster differently only
 * probe too often, never too little.
 */
public final class ProbeAssignment {
  static final int ENOUGH = 3;

  private ProbeAssignment() {}

  /**
   * Returns whether it is this member's turn to probe a backend.
   *
   * @param others the other members that are live
   */
  public static boolean isMine(BackendId backend, MemberId own, Collection<MemberId> others) {
    return others.size() < ENOUGH || Hashing.rank(backend, own, others) < ENOUGH;
  }
}
