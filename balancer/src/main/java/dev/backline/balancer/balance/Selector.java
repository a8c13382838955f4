package dev.backline.balancer.balance;

import dev.backline.balancer.balance.SelectionPolicy.Hash;
import dev.backline.balancer.balance.SelectionPolicy.HashKey;
import dev.backline.balancer.balance.SelectionPolicy.PowerOfTwoChoices;
import dev.backline.balancer.balance.SelectionPolicy.RoundRobin;
import dev.backline.balancer.model.BackendId;
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
 * <p>First the best {@link Eligibility} that any untried backend with a free slot has, then the
 * policy among those. Costs a few passes over the pool and allocates nothing.
 */
public final class Selector {
  private static final double SLOW_FACTOR = 2;
  // Below this all are equally quick: one late timer must not send a pool's traffic elsewhere.
  private static final long QUICK_NANOS = 10_000_000;
  private static final long MEDIAN_MAX_AGE_NANOS = 10_000_000;

  private final SelectionPolicy policy;
  private final int maxInFlight;
  private final RandomGenerator random;
  private final Map<BackendId, Double> turns = new LinkedHashMap<>();

  private long medianHeadNanos;
  private long medianAtNanos;
  private boolean medianKnown;
  private long[] heads = new long[8];
  // As each candidate was when a selection began: other loops change them in the middle of it.
  private Eligibility[] tiers = new Eligibility[8];

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
    Eligibility best = rank(candidates, tried);
    if (best == Eligibility.NONE) {
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
  private Eligibility rank(List<? extends Candidate> candidates, List<BackendId> tried) {
    if (tiers.length < candidates.size()) {
      tiers = new Eligibility[candidates.size()];
    }
    Eligibility best = Eligibility.NONE;
    for (int i = 0; i < candidates.size(); i++) {
      tiers[i] = tier(candidates.get(i), tried);
      if (tiers[i].compareTo(best) < 0) {
        best = tiers[i];
      }
    }
    return best;
  }

  /** A backend on trial is as good as any while it is idle, and the last choice while it is not. */
  private Eligibility tier(Candidate candidate, List<BackendId> tried) {
    Eligibility eligibility = candidate.eligibility();
    int inFlight = candidate.inFlight();
    if (eligibility == Eligibility.NONE
        || inFlight >= maxInFlight
        || tried.contains(candidate.id())) {
      return Eligibility.NONE;
    }
    if (eligibility == Eligibility.TRIAL) {
      return inFlight == 0 ? Eligibility.PREFERRED : Eligibility.LAST_RESORT;
    }
    return eligibility;
  }

  /**
   * Two drawn by weight, the second from the others; the one with the lower score, on a tie the
   * first drawn. So an idle pool is shared exactly by weight, a busy one by load per weight.
   */
  private <C extends Candidate> C betterOfTwo(List<C> candidates, Eligibility tier, long nowNanos) {
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
      List<C> candidates, Eligibility tier, @Nullable C without, long nowNanos) {
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
  private <C extends Candidate> C inTurn(List<C> candidates, Eligibility tier, long nowNanos) {
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
   * can't be used. Suspicion and slow start move no keys.
   */
  private <C extends Candidate> @Nullable C hashed(
      List<C> candidates, String key, List<BackendId> tried) {
    long keyHash = Hashing.of(key);
    C winner = null;
    boolean winnerUsable = false;
    double highest = 0;
    for (int i = 0; i < candidates.size(); i++) {
      C candidate = candidates.get(i);
      Eligibility tier = tier(candidate, tried);
      if (tier == Eligibility.NONE) {
        continue;
      }
      boolean usable = tier != Eligibility.LAST_RESORT;
      double score = Hashing.rendezvous(keyHash, candidate.id(), candidate.listedWeight());
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
