package dev.backline.balancer.balance;

import static org.assertj.core.api.Assertions.assertThat;

import dev.backline.balancer.model.BackendId;
import dev.backline.balancer.model.Headers;
import dev.backline.balancer.model.RequestHead;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;

/** Many selections from one pool, counted. */
final class Draws {
  static final RequestHead GET = new RequestHead("GET", "a", "/", "192.0.2.1", Headers.NONE);

  private Draws() {}

  static Selector selector(SelectionPolicy policy, long seed) {
    BalancePolicy balance = new BalancePolicy(policy, Duration.ZERO, 256);
    return new Selector(balance, new SplittableRandom(seed));
  }

  static Selector twoChoices(long seed) {
    return selector(new SelectionPolicy.PowerOfTwoChoices(), seed);
  }

  /** Counts who is selected; {@code -} stands for nobody. */
  static Map<String, Integer> count(Selector selector, List<TestCandidate> pool, int draws) {
    return count(selector, pool, List.of(), draws);
  }

  static Map<String, Integer> count(
      Selector selector, List<TestCandidate> pool, List<BackendId> tried, int draws) {
    Map<String, Integer> counts = new LinkedHashMap<>();
    pool.forEach(candidate -> counts.put(candidate.toString(), 0));
    for (int i = 0; i < draws; i++) {
      TestCandidate selected = selector.select(pool, GET, tried, i * 1_000_000L);
      counts.merge(selected == null ? "-" : selected.toString(), 1, Integer::sum);
    }
    return counts;
  }

  /** Each count is within five standard deviations of what its share says. */
  static void assertShares(Map<String, Integer> counts, int draws, double... shares) {
    int i = 0;
    for (Map.Entry<String, Integer> entry : counts.entrySet()) {
      double share = shares[i++];
      double bound = 5 * Math.sqrt(draws * share * (1 - share)) + 0.5;
      assertThat((double) entry.getValue())
          .as("selections of %s out of %d", entry.getKey(), draws)
          .isBetween(draws * share - bound, draws * share + bound);
    }
  }
}
