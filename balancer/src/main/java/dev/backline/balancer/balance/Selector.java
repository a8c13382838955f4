package dev.backline.balancer.balance;

import dev.backline.balancer.balance.SelectionPolicy.Hash;
import dev.backline.balancer.balance.SelectionPolicy.HashKey;
import dev.backline.balancer.balance.SelectionPolicy.PowerOfTwoChoices;
import dev.backline.balancer.balance.SelectionPolicy.RoundRobin;
import dev.backline.balancer.model.BackendId;
import dev.backline.balancer.model.Hashing;
import dev.backline.balancer.model.RequestHead;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * Selects a backend of one pool. Owned by one event loop, which alone calls it.
 *
 * <p>First the best tier that any untried backend with a free slot is in, then the policy among
 * those. Costs a few passes over the pool, one look where it hashes, and allocates nothing.
 */
public final class Selector {
  private static final double SLOW_FACTOR = 2;
  // Below this all are equally quick: one late timer must not send a pool's traffic elsewhere.
  private static final long QUICK_NANOS = 10_000_000;
  private static final long MEDIAN_MAX_AGE_NANOS = 10_000_000;

  /** How a candidate stands at one moment, from best to worst. */
  private enum Tier {
    PREFERRED,
    SUSPECT,
    /** As good, but for other members to use: when all slots of this one's are taken. */
    OUTSIDE,
    OUTSIDE_SUSPECT,
    LAST_RESORT,
    NONE
  }

  private final SelectionPolicy policy;
  private final int maxInFlight;
  private final RandomGenerator random;
  private final Map<BackendId, Double> turns = new LinkedHashMap<>();
  private @Nullable HashSlots slots;

  private long medianHeadNanos;
  private long medianAtNanos;
  private boolean medianKnown;
  private long[] heads = new long[8];
  // As each candidate was when a selection began: other loops change them in the middle of it.
  private Tier[] tiers = new Tier[8];

  /** Creates a selector for one pool, with randomness of its own. */
  public Selector(BalancePolicy policy, RandomGenerator random) {
    this.policy = policy.selection();
    this.maxInFlight = policy.maxInFlight();
    this.random = random;
  }

  /**
   * Returns the backend for the next attempt, or {@code null} if none can take it now.
   *
   * @param candidates the listed backends, in the order of the snapshot
   * @param tried backends that this exchange must not try again
   */
  public <C extends Candidate> @Nullable C select(
      List<C> candidates, RequestHead head, List<BackendId> tried, long nowNanos) {
    if (policy instanceof Hash hash) {
      String key = keyOf(hash.key(), head);
      if (key != null) {
        return hashed(candidates, key, tried);
      }
    }
    Tier best = rank(candidates, tried);
    if (best == Tier.NONE) {
      return null;
    }
    if (policy instanceof RoundRobin) {
      return inTurn(candidates, best, nowNanos);
    }
    if (policy instanceof PowerOfTwoChoices || policy instanceof Hash) {
      return betterOfTwo(candidates, best, nowNanos);
    }
    throw new AssertionError(policy);
  }

  /** Returns the median of the backends' usual times to head, or 0 where none is known. */
  public long medianHeadNanos(List<? extends Candidate> candidates, long nowNanos) {
    if (!medianKnown || nowNanos - medianAtNanos > MEDIAN_MAX_AGE_NANOS) {
      medianHeadNanos = computeMedian(candidates, nowNanos);
      medianAtNanos = nowNanos;
      medianKnown = true;
    }
    return medianHeadNanos;
  }

  private long computeMedian(List<? extends Candidate> candidates, long nowNanos) {
    if (heads.length < candidates.size()) {
      heads = new long[candidates.size()];
    }
    int known = 0;
    for (int i = 0; i < candidates.size(); i++) {
      long headNanos = candidates.get(i).headNanos(nowNanos);
      if (headNanos > 0) {
        heads[known++] = headNanos;
      }
    }
    Arrays.sort(heads, 0, known);
    return known == 0 ? 0 : heads[(known - 1) / 2];
  }

  /** Notes the tier of every candidate, once for the whole selection; returns the best. */
  private Tier rank(List<? extends Candidate> candidates, List<BackendId> tried) {
    if (tiers.length < candidates.size()) {
      tiers = new Tier[candidates.size()];
    }
    Tier best = Tier.NONE;
    for (int i = 0; i < candidates.size(); i++) {
      Candidate candidate = candidates.get(i);
      Tier tier = tier(candidate, tried);
      tiers[i] = candidate.isUsed() ? tier : outside(tier);
      if (tiers[i].compareTo(best) < 0) {
        best = tiers[i];
      }
    }
    return best;
  }

  /** A backend on trial is as good as any while it is idle, and the last choice while it is not. */
  private Tier tier(Candidate candidate, List<BackendId> tried) {
    Eligibility eligibility = candidate.eligibility();
    int inFlight = candidate.inFlight();
    if (inFlight >= maxInFlight || tried.contains(candidate.id())) {
      return Tier.NONE;
    }
    return switch (eligibility) {
      case PREFERRED -> Tier.PREFERRED;
      case TRIAL -> inFlight == 0 ? Tier.PREFERRED : Tier.LAST_RESORT;
      case SUSPECT -> Tier.SUSPECT;
      case LAST_RESORT -> Tier.LAST_RESORT;
      case NONE -> Tier.NONE;
    };
  }

  private static Tier outside(Tier tier) {
    return switch (tier) {
      case PREFERRED -> Tier.OUTSIDE;
      case SUSPECT -> Tier.OUTSIDE_SUSPECT;
      case OUTSIDE, OUTSIDE_SUSPECT, LAST_RESORT, NONE -> tier;
    };
  }

  /**
   * Two drawn by weight, the second from the others; the one with the lower score, on a tie the
   * first drawn. So an idle pool is shared exactly by weight, a busy one by load per weight.
   */
  private <C extends Candidate> C betterOfTwo(List<C> candidates, Tier tier, long nowNanos) {
    C first = draw(candidates, tier, null, nowNanos);
    C second = draw(candidates, tier, first, nowNanos);
    if (first == null) {
      throw new AssertionError("no candidate in tier " + tier);
    }
    if (second == null) {
      return first;
    }
    long median = medianHeadNanos(candidates, nowNanos);
    return score(second, median, nowNanos) < score(first, median, nowNanos) ? second : first;
  }

  private <C extends Candidate> @Nullable C draw(
      List<C> candidates, Tier tier, @Nullable C without, long nowNanos) {
    double sum = 0;
    for (int i = 0; i < candidates.size(); i++) {
      C candidate = candidates.get(i);
      if (candidate != without && tiers[i] == tier) {
        sum += candidate.weight(nowNanos);
      }
    }
    double at = random.nextDouble() * sum;
    C last = null;
    for (int i = 0; i < candidates.size(); i++) {
      C candidate = candidates.get(i);
      if (candidate != without && tiers[i] == tier) {
        last = candidate;
        at -= candidate.weight(nowNanos);
        if (at < 0) {
          break;
        }
      }
    }
    return last;
  }

  private static double score(Candidate candidate, long medianHeadNanos, long nowNanos) {
    double load = candidate.load() / candidate.weight(nowNanos) + 1;
    long headNanos = candidate.headNanos(nowNanos);
    if (headNanos == 0 || medianHeadNanos == 0) {
      return load;
    }
    double ratio = (double) headNanos / Math.max(medianHeadNanos, QUICK_NANOS);
    return ratio < SLOW_FACTOR ? load : load * ratio;
  }

  /** Smooth weighted round robin: each earns its weight, the richest pays for all. */
  private <C extends Candidate> C inTurn(List<C> candidates, Tier tier, long nowNanos) {
    double sum = 0;
    C richest = null;
    double most = 0;
    for (int i = 0; i < candidates.size(); i++) {
      if (tiers[i] != tier) {
        continue;
      }
      C candidate = candidates.get(i);
      double weight = candidate.weight(nowNanos);
      double turn = turns.merge(candidate.id(), weight, Double::sum);
      sum += weight;
      if (richest == null || turn > most) {
        richest = candidate;
        most = turn;
      }
    }
    if (richest == null) {
      throw new AssertionError("no candidate in tier " + tier);
    }
    turns.put(richest.id(), most - sum);
    if (turns.size() > 2 * candidates.size()) {
      turns.keySet().removeIf(id -> candidates.stream().noneMatch(c -> c.id().equals(id)));
    }
    return richest;
  }

  /**
   * Weighted rendezvous hashing over the listed backends: a key moves only when its own backend
   * can't be used. Suspicion and slow start move no keys, nor does the member that is asked: who
   * hashes uses the whole pool.
   */
  private <C extends Candidate> @Nullable C hashed(
      List<C> candidates, String key, List<BackendId> tried) {
    if (candidates.isEmpty()) {
      return null;
    }
    int slot = HashSlots.slot(Hashing.of(key));
    if (slots == null) {
      slots = new HashSlots(); // A quarter of a megabyte, for those who hash.
    }
    C home = slots.winner(candidates, slot);
    Tier tier = tier(home, tried);
    boolean usable = tier != Tier.NONE && tier != Tier.LAST_RESORT;
    return usable ? home : next(candidates, HashSlots.hash(slot), tried);
  }

  /** The next in the rendezvous that can be used. */
  private <C extends Candidate> @Nullable C next(
      List<C> candidates, long slotHash, List<BackendId> tried) {
    C winner = null;
    boolean winnerUsable = false;
    double highest = 0;
    for (int i = 0; i < candidates.size(); i++) {
      C candidate = candidates.get(i);
      Tier tier = tier(candidate, tried);
      if (tier == Tier.NONE) {
        continue;
      }
      boolean usable = tier != Tier.LAST_RESORT;
      double score = Hashing.rendezvous(slotHash, candidate.id(), candidate.listedWeight());
      if (winner == null
          || (usable && !winnerUsable)
          || (usable == winnerUsable && score > highest)) {
        winner = candidate;
        winnerUsable = usable;
        highest = score;
      }
    }
    return winner;
  }

  private static @Nullable String keyOf(HashKey key, RequestHead head) {
    if (key instanceof HashKey.ClientAddress) {
      return head.clientAddress();
    }
    if (key instanceof HashKey.Header header) {
      return head.headers().get(header.name());
    }
    if (key instanceof HashKey.Cookie cookie) {
      String cookies = head.headers().get("cookie");
      return cookies == null ? null : Cookies.value(cookies, cookie.name());
    }
    throw new AssertionError(key);
  }
}
