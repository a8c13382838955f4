package dev.backline.balancer.balance;

import static org.assertj.core.api.Assertions.assertThat;

import dev.backline.balancer.balance.SelectionPolicy.Hash;
import dev.backline.balancer.balance.SelectionPolicy.HashKey;
import dev.backline.balancer.model.BackendId;
import dev.backline.balancer.model.Hashing;
import dev.backline.balancer.model.Headers;
import dev.backline.balancer.model.RequestHead;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

final class HashSelectionTest {
  private static final int KEYS = 20_000;

  private final Selector selector = Draws.selector(new Hash(new HashKey.ClientAddress()), 1);
  private final List<TestCandidate> pool = TestCandidate.weighing(1, 1, 1, 1);

  @Test
  void sameKeyGoesToTheSameBackendOnEveryLoopAndMember() {
    Selector other = Draws.selector(new Hash(new HashKey.ClientAddress()), 999);
    assertThat(winners(selector, pool)).isEqualTo(winners(other, pool));
  }

  /** A key belongs to its backend, whatever member it comes to. */
  @Test
  void subsetOfTheMemberDoesNotMatter() {
    List<String> before = winners(selector, pool);
    pool.get(1).used = false;
    pool.get(2).used = false;
    pool.get(2).eligibility = Eligibility.SUSPECT;
    assertThat(winners(selector, pool)).isEqualTo(before);
    pool.get(0).eligibility = Eligibility.LAST_RESORT;
    assertOnlyMoved(before, winners(selector, pool), "a");
  }

  @Test
  void orderOfTheListDoesNotMatter() {
    List<TestCandidate> reversed = new ArrayList<>(pool);
    Collections.reverse(reversed);
    assertThat(winners(selector, reversed)).isEqualTo(winners(selector, pool));
  }

  @Test
  void keysAreSharedByWeight() {
    List<TestCandidate> weighted = TestCandidate.weighing(1, 2, 5);
    Draws.assertShares(counts(winners(selector, weighted)), KEYS, 1 / 8.0, 2 / 8.0, 5 / 8.0);
  }

  @Test
  void onlyTheKeysOfABackendThatLeavesMoveAndTheyReturnWithIt() {
    List<String> before = winners(selector, pool);
    for (Eligibility gone : List.of(Eligibility.NONE, Eligibility.LAST_RESORT)) {
      pool.get(2).eligibility = gone;
      assertOnlyMoved(before, winners(selector, pool), "c");
      pool.get(2).eligibility = Eligibility.PREFERRED;
      assertThat(winners(selector, pool)).isEqualTo(before);
    }
  }

  @Test
  void onlyTheKeysOfABackendThatIsUnlistedMove() {
    List<String> before = winners(selector, pool);
    List<TestCandidate> without = new ArrayList<>(pool);
    without.remove(1);
    assertOnlyMoved(before, winners(selector, without), "b");
  }

  @Test
  void keysOfABackendThatLeftAreSharedByTheOthers() {
    List<String> before = winners(selector, pool);
    pool.get(3).eligibility = Eligibility.NONE;
    List<String> after = winners(selector, pool);
    List<String> moved = new ArrayList<>();
    for (int i = 0; i < KEYS; i++) {
      if (before.get(i).equals("d")) {
        moved.add(after.get(i));
      }
    }
    Draws.assertShares(counts(moved), moved.size(), 1 / 3.0, 1 / 3.0, 1 / 3.0);
  }

  @Test
  void suspicionSlowStartLoadAndLatencyMoveNoKey() {
    List<String> before = winners(selector, pool);
    pool.get(0).eligibility = Eligibility.SUSPECT;
    pool.get(1).factor = 0.1;
    pool.get(2).inFlight = 255;
    pool.get(3).headNanos = 1_000_000_000;
    assertThat(winners(selector, pool)).isEqualTo(before);
  }

  @Test
  void triedAndFullBackendsMoveOnlyTheirKeys() {
    List<String> before = winners(selector, pool);
    assertOnlyMoved(before, winners(selector, pool, List.of(pool.get(0).id)), "a");
    pool.get(3).inFlight = 256;
    assertOnlyMoved(before, winners(selector, pool), "d");
  }

  @Test
  void whenAllAreLastResortsTheirOwnKeysStay() {
    List<String> before = winners(selector, pool);
    pool.forEach(candidate -> candidate.eligibility = Eligibility.LAST_RESORT);
    assertThat(winners(selector, pool)).isEqualTo(before);
  }

  @Test
  void twoBackendsOnOneHostAreTwo() {
    long a = Hashing.of("key");
    assertThat(Hashing.rendezvous(a, new BackendId("h", 1), 1))
        .isNotEqualTo(Hashing.rendezvous(a, new BackendId("h", 2), 1));
  }

  @Test
  void headerIsTheKeyAndWithoutItExchangesAreSpread() {
    Selector byHeader = Draws.selector(new Hash(new HashKey.Header("x-user")), 1);
    TestCandidate own = select(byHeader, "x-user", "ann");
    for (int i = 0; i < 100; i++) {
      assertThat(select(byHeader, "x-user", "ann")).isSameAs(own);
    }
    Draws.assertShares(Draws.count(byHeader, pool, KEYS), KEYS, 0.25, 0.25, 0.25, 0.25);
  }

  @Test
  void cookieIsTheKeyAndWithoutItExchangesAreSpread() {
    Selector byCookie = Draws.selector(new Hash(new HashKey.Cookie("sid")), 1);
    TestCandidate own = select(byCookie, "cookie", "a=1; sid=ann; b=2");
    assertThat(select(byCookie, "cookie", "sid=ann")).isSameAs(own);
    Map<String, Integer> counts = new LinkedHashMap<>();
    pool.forEach(candidate -> counts.put(candidate.toString(), 0));
    for (int i = 0; i < KEYS; i++) {
      TestCandidate selected = select(byCookie, "cookie", "sidx=ann");
      counts.merge(String.valueOf(selected), 1, Integer::sum);
    }
    Draws.assertShares(counts, KEYS, 0.25, 0.25, 0.25, 0.25);
  }

  private @Nullable TestCandidate select(Selector by, String header, String value) {
    Headers headers = name -> name.equals(header) ? value : null;
    RequestHead head = new RequestHead("GET", "a", "/", "192.0.2.1", headers);
    return by.select(pool, head, List.of(), 0);
  }

  private static List<String> winners(Selector by, List<TestCandidate> of) {
    return winners(by, of, List.of());
  }

  private static List<String> winners(Selector by, List<TestCandidate> of, List<BackendId> tried) {
    List<String> winners = new ArrayList<>();
    for (int i = 0; i < KEYS; i++) {
      RequestHead head = new RequestHead("GET", "a", "/", Integer.toString(i), Headers.NONE);
      winners.add(String.valueOf(by.select(of, head, tried, 0)));
    }
    return winners;
  }

  private static Map<String, Integer> counts(List<String> winners) {
    Map<String, Integer> counts = new TreeMap<>();
    winners.forEach(winner -> counts.merge(winner, 1, Integer::sum));
    return counts;
  }

  private static void assertOnlyMoved(List<String> before, List<String> after, String gone) {
    int moved = 0;
    for (int i = 0; i < KEYS; i++) {
      if (before.get(i).equals(gone)) {
        assertThat(after.get(i)).isNotEqualTo(gone);
        moved++;
      } else {
        assertThat(after.get(i)).isEqualTo(before.get(i));
      }
    }
    assertThat(moved).isBetween(KEYS / 5, KEYS * 3 / 10);
  }
}
