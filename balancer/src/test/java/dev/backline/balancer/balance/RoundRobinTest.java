package dev.backline.balancer.balance;

import static dev.backline.balancer.balance.Draws.count;
import static org.assertj.core.api.Assertions.assertThat;

import dev.backline.balancer.balance.SelectionPolicy.RoundRobin;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class RoundRobinTest {
  private final Selector selector = Draws.selector(new RoundRobin(), 1);

  @ParameterizedTest
  @CsvSource({
    "1, aaaa",
    "1 1, abababab",
    "1 1 1, abcabcabc",
    "2 1 1, abcaabca",
    "5 1 1, aabacaaaabacaa",
    "1 5, bbabbbbbabbb",
    "3 2, ababaababaababa",
  })
  void turnsAreByWeightAndInterleaved(String weights, String turns) {
    List<TestCandidate> pool =
        TestCandidate.weighing(
            Arrays.stream(weights.split(" ")).mapToInt(Integer::parseInt).toArray());
    assertThat(turns(pool, turns.length())).isEqualTo(turns);
  }

  @Test
  void everyRoundIsExactHoweverManyWentBefore() {
    List<TestCandidate> pool = TestCandidate.weighing(1, 2, 4, 7, 1000);
    for (int round = 0; round < 1_000; round++) {
      assertThat(count(selector, pool, 1_014).values()).containsExactly(1, 2, 4, 7, 1000);
    }
  }

  @Test
  void afterAnyComingAndGoingEveryRoundIsOffByOneTurnAtMost() {
    SplittableRandom random = new SplittableRandom(3);
    List<TestCandidate> all = TestCandidate.weighing(1, 1, 1, 1, 1);
    for (int change = 0; change < 5_000; change++) {
      List<TestCandidate> pool = new ArrayList<>();
      for (TestCandidate candidate : all) {
        candidate.eligibility = random.nextInt(3) > 0 ? Eligibility.PREFERRED : Eligibility.NONE;
        if (candidate.eligibility == Eligibility.PREFERRED) {
          pool.add(candidate);
        }
      }
      if (pool.isEmpty()) {
        continue;
      }
      int rounds = 1 + random.nextInt(20);
      Map<String, Integer> counts = count(selector, all, rounds * pool.size());
      for (TestCandidate candidate : pool) {
        assertThat(counts.get(candidate.toString()))
            .as("%s in change %d of %s", candidate, change, pool)
            .isBetween(rounds - 2, rounds + 2);
      }
    }
  }

  @Test
  void backendThatReturnsIsNotOwedItsAbsence() {
    List<TestCandidate> pool = TestCandidate.weighing(1, 1, 1);
    pool.get(1).eligibility = Eligibility.NONE;
    count(selector, pool, 100_000);
    pool.get(1).eligibility = Eligibility.PREFERRED;
    assertThat(count(selector, pool, 30).get("b")).isBetween(9, 11);
  }

  @Test
  void newBackendTakesItsTurnsAtOnceButNoMore() {
    List<TestCandidate> pool = TestCandidate.weighing(1, 1, 1);
    count(selector, pool.subList(0, 2), 99_999);
    assertThat(count(selector, pool, 30).get("c")).isBetween(9, 11);
  }

  @Test
  void slowStartGivesAPartOfATurn() {
    List<TestCandidate> pool = TestCandidate.weighing(1, 1);
    pool.get(1).factor = 0.1;
    assertThat(count(selector, pool, 1_100)).isEqualTo(mapOf("a", 1_000, "b", 100));
  }

  @Test
  void suspectsTakeTurnsAmongThemselvesWhenNobodyBetterIsThere() {
    List<TestCandidate> pool = TestCandidate.weighing(1, 1, 1);
    pool.forEach(candidate -> candidate.eligibility = Eligibility.SUSPECT);
    pool.get(2).eligibility = Eligibility.LAST_RESORT;
    assertThat(turns(pool, 6)).isEqualTo("ababab");
  }

  private String turns(List<TestCandidate> pool, int many) {
    StringBuilder turns = new StringBuilder();
    for (int i = 0; i < many; i++) {
      turns.append(selector.select(pool, Draws.GET, List.of(), i));
    }
    return turns.toString();
  }

  private static Map<String, Integer> mapOf(String a, int timesA, String b, int timesB) {
    Map<String, Integer> map = new LinkedHashMap<>();
    map.put(a, timesA);
    map.put(b, timesB);
    return map;
  }
}
