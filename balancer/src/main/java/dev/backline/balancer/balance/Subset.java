package dev.backline.balancer.balance;

import dev.backline.balancer.model.BackendId;
import dev.backline.balancer.model.Hashing;
import dev.backline.balancer.model.MemberId;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.function.Predicate;

/**
 * Which backends of a large pool one member uses, so that not every member is connected to every
 * backend. It is the backends that choose, so that none is left out: each takes {@link #users} of
 * the live members, by rendezvous hashing.
 *
 * <p>Every member decides alone, from nothing but the names. The first two members of a backend use
 * it whichever others they don't see.
 *
 * @param order the whole pool: first the subset, then those that refill it
 * @param size how many of them are the subset
 */
public record Subset(List<BackendId> order, int size) {
  /** A pool of no more is used whole by every member. */
  public static final int LARGEST_WHOLE = 128;

  /** What a member uses at least, on average, where the pool has a subset. */
  static final int SHARE = 64;

  private static final int FEWEST_USERS = 2;

  /** Copies the list. */
  public Subset {
    order = List.copyOf(order);
  }

  /** Returns a pool that is used whole. */
  public static Subset whole(Collection<BackendId> listed) {
    return new Subset(List.copyOf(listed), listed.size());
  }

  /**
   * Chooses a member's subset.
   *
   * @param others the other members that are live
   */
  public static Subset of(Collection<BackendId> listed, MemberId own, Collection<MemberId> others) {
    int users = users(listed.size(), 1 + others.size());
    if (users > others.size()) {
      return whole(listed);
    }
    List<BackendId> order = new ArrayList<>();
    List<BackendId> outside = new ArrayList<>();
    for (BackendId backend : listed) {
      boolean chosen = Hashing.rank(backend, own, others) < users;
      (chosen ? order : outside).add(backend);
    }
    int size = order.size();
    outside.sort(
        Comparator.<BackendId>comparingLong(backend -> Hashing.score(backend, own)).reversed());
    order.addAll(outside);
    return new Subset(order, size);
  }

  /**
   * Returns how many members each backend is used by, or as many as there are: so many that a
   * member has 64 or more on average, and two at least, because one may die.
   */
  static int users(int backends, int members) {
    if (backends <= LARGEST_WHOLE) {
      return members;
    }
    return Math.max(FEWEST_USERS, (SHARE * members + backends - 1) / backends);
  }

  /**
   * Returns how many of the {@link #order} are used now: the subset, and behind it as many as it
   * takes until half of the subset's number are well.
   */
  public int used(Predicate<BackendId> isWell) {
    int wanted = (size + 1) / 2;
    int used = 0;
    for (BackendId backend : order) {
      if (used >= size && wanted <= 0) {
        break;
      }
      used++;
      if (isWell.test(backend)) {
        wanted--;
      }
    }
    return used;
  }
}
