package dev.backline.balancer.balance;

import dev.backline.balancer.model.BackendId;
import dev.backline.balancer.model.Hashing;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Which backend a key belongs to: it falls into one of 65,536 slots, and each slot has the listed
 * backend that wins its rendezvous. So a key costs no pass over the pool, however large that is.
 *
 * <p>Who wins a slot is found when it is first asked for, and remembered as long as the list and
 * the weights stay. Owned by its {@link Selector}.
 */
final class HashSlots {
  static final int SLOTS = 1 << 16;

  // One more than the winner's place in the list; 0: not known yet.
  private final int[] winners = new int[SLOTS];
  private BackendId[] ids = new BackendId[0];
  private int[] weights = new int[0];
  private @Nullable List<? extends Candidate> looked;

  /** Returns the slot of a key's hash. */
  static int slot(long keyHash) {
    return (int) (keyHash >>> 48);
  }

  /** Returns what the backends are scored by in a slot. */
  static long hash(int slot) {
    return Hashing.mix(slot);
  }

  /** Returns the backend that a slot belongs to, whether it can be used or not. */
  <C extends Candidate> C winner(List<C> candidates, int slot) {
    if (candidates != looked) {
      look(candidates);
    }
    if (winners[slot] == 0) {
      winners[slot] = 1 + find(candidates, slot);
    }
    return candidates.get(winners[slot] - 1);
  }

  private static int find(List<? extends Candidate> candidates, int slot) {
    long hash = hash(slot);
    int winner = 0;
    double highest = Double.NEGATIVE_INFINITY;
    for (int i = 0; i < candidates.size(); i++) {
      Candidate candidate = candidates.get(i);
      double score = Hashing.rendezvous(hash, candidate.id(), candidate.listedWeight());
      if (score > highest) {
        winner = i;
        highest = score;
      }
    }
    return winner;
  }

  /** Another list: what is known stays if it only says something else of the same backends. */
  private void look(List<? extends Candidate> candidates) {
    looked = candidates;
    if (isSame(candidates)) {
      return;
    }
    Arrays.fill(winners, 0);
    ids = new BackendId[candidates.size()];
    weights = new int[candidates.size()];
    for (int i = 0; i < candidates.size(); i++) {
      ids[i] = candidates.get(i).id();
      weights[i] = candidates.get(i).listedWeight();
    }
  }

  private boolean isSame(List<? extends Candidate> candidates) {
    if (candidates.size() != ids.length) {
      return false;
    }
    for (int i = 0; i < ids.length; i++) {
      Candidate candidate = candidates.get(i);
      if (!candidate.id().equals(ids[i]) || candidate.listedWeight() != weights[i]) {
        return false;
      }
    }
    return true;
  }
}
