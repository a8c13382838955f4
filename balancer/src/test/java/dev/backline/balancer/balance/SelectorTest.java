package dev.backline.balancer.balance;

import static dev.backline.balancer.balance.Draws.count;
import static dev.backline.balancer.balance.Draws.selector;
import static org.assertj.core.api.Assertions.assertThat;

import dev.backline.balancer.balance.SelectionPolicy.Hash;
import dev.backline.balancer.balance.SelectionPolicy.HashKey;
import dev.backline.balancer.balance.SelectionPolicy.PowerOfTwoChoices;
import dev.backline.balancer.balance.SelectionPolicy.RoundRobin;
import dev.backline.balancer.model.BackendId;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** What holds for every policy. */
final class SelectorTest {
  private static final List<Eligibility> ANY = List.of(Eligibility.values());

  static List<SelectionPolicy> policies() {
    return List.of(
        new PowerOfTwoChoices(), new RoundRobin(), new Hash(new HashKey.ClientAddress()));
  }

  static List<SelectionPolicy> spreadingPolicies() {
    return policies().subList(0, 2);
  }

  @Test
  void everyPolicyIsTested() {
    assertThat(SelectionPolicy.class.getPermittedSubclasses())
        .filteredOn(type -> !type.equals(HashKey.class))
        .containsExactlyInAnyOrderElementsOf(
            policies().stream().<Class<?>>map(Object::getClass).toList());
  }

  /**
   * Letters: preferred, suspect, trial that is idle, busy trial, last resort, none, full, already
   * tried; small ones are outside of the subset. The right column has those that may be selected;
   * {@code -} is nobody.
   */
  @ParameterizedTest
  @CsvSource({
    "P, a",
    "PP, ab",
    "PPP, abc",
    "PS, a",
    "SP, b",
    "SS, ab",
    "SSS, abc",
    "SSL, ab",
    "SN, a",
    "L, a",
    "LL, ab",
    "LN, a",
    "LP, b",
    "LS, b",
    "N, -",
    "NN, -",
    "T, a",
    "TP, ab",
    "TT, ab",
    "TS, a",
    "B, a",
    "BP, b",
    "BS, b",
    "BL, ab",
    "BB, ab",
    "BN, a",
    "F, -",
    "FP, b",
    "FS, b",
    "FL, b",
    "FFF, -",
    "X, -",
    "XP, b",
    "XS, b",
    "XL, b",
    "XXN, -",
    "XFP, c",
    "PXSLNF, a",
    "NFXSLB, d",
    "NFXLB, de",
    "Pp, a",
    "Sp, a",
    "Lp, b",
    "Np, b",
    "Fp, b",
    "Xp, b",
    "Bp, b",
    "FFppp, cde",
    "Fps, b",
    "FsL, b",
    "NsL, b",
    "Ltp, bc",
    "Lb, ab",
    "Ll, ab",
    "Fn, -",
    "p, a",
    "pt, ab",
    "s, a",
  })
  void bestThatThereIsIsSelected(String pool, String selectable) {
    for (SelectionPolicy policy : spreadingPolicies()) {
      List<TestCandidate> candidates = new ArrayList<>();
      List<BackendId> tried = new ArrayList<>();
      for (TestCandidate candidate : TestCandidate.weighing(ones(pool.length()))) {
        become(candidate, pool.charAt(candidates.size()), tried);
        candidates.add(candidate);
      }
      Map<String, Integer> counts = count(selector(policy, 1), candidates, tried, 500);
      StringBuilder selected = new StringBuilder();
      counts.forEach((name, times) -> selected.append(times > 0 ? name : ""));
      assertThat(selected.toString()).as("%s", policy).isEqualTo(selectable);
    }
  }

  @ParameterizedTest
  @MethodSource("policies")
  void nobodyIsSelectedFromAnEmptyPool(SelectionPolicy policy) {
    assertThat(selector(policy, 1).select(List.<TestCandidate>of(), Draws.GET, List.of(), 0))
        .isNull();
  }

  @ParameterizedTest
  @MethodSource("policies")
  void neverOneThatMustNotBeWhateverTheOthersAre(SelectionPolicy policy) {
    SplittableRandom random = new SplittableRandom(11);
    for (int round = 0; round < 3_000; round++) {
      int size = 1 + random.nextInt(5);
      List<TestCandidate> pool = TestCandidate.weighing(ones(size));
      List<BackendId> tried = new ArrayList<>();
      for (TestCandidate candidate : pool) {
        become(candidate, "PSTBLNFXpstbln".charAt(random.nextInt(14)), tried);
      }
      boolean any =
          pool.stream().anyMatch(c -> c.eligibility != Eligibility.NONE && isFree(c, tried));
      TestCandidate selected = selector(policy, round).select(pool, Draws.GET, tried, 0);
      if (selected == null) {
        assertThat(any).as("someone is left in round %d", round).isFalse();
        continue;
      }
      assertThat(selected.eligibility).isNotEqualTo(Eligibility.NONE);
      assertThat(isFree(selected, tried)).isTrue();
      boolean lastResort = isLastResort(selected);
      boolean better =
          pool.stream()
              .anyMatch(
                  c -> c.eligibility != Eligibility.NONE && isFree(c, tried) && !isLastResort(c));
      assertThat(lastResort && better).as("last resort in round %d", round).isFalse();
    }
  }

  @ParameterizedTest
  @MethodSource("policies")
  void onTrialOnlyOneExchangeAtATimeWhileOthersAreThere(SelectionPolicy policy) {
    List<TestCandidate> pool = TestCandidate.weighing(1, 1, 1);
    pool.get(1).eligibility = Eligibility.TRIAL;
    Selector selector = selector(policy, 1);
    for (int i = 0; i < 500; i++) {
      TestCandidate selected = selector.select(pool, Draws.GET, List.of(), i);
      assertThat(selected).isNotNull();
      if (selected != null && selected.inFlight < 200) {
        selected.inFlight++;
      }
      assertThat(pool.get(1).inFlight).isLessThanOrEqualTo(1);
    }
  }

  /**
   * Other event loops take slots and raise suspicion while this one selects: in one selection, a
   * candidate may look different each time it is looked at. The core once took that for a broken
   * invariant, which stops the process.
   */
  @ParameterizedTest
  @MethodSource("policies")
  void candidatesThatChangeWhileTheyAreLookedAtDoNoHarm(SelectionPolicy policy) {
    SplittableRandom random = new SplittableRandom(5);
    Selector selector = selector(policy, 1);
    List<Candidate> pool = List.of(restless("a", random), restless("b", random));
    TreeSet<String> seen = new TreeSet<>();
    for (int i = 0; i < 20_000; i++) {
      Candidate selected = selector.select(pool, Draws.GET, List.of(), i);
      seen.add(selected == null ? "-" : selected.id().host());
    }
    assertThat(seen).contains("a", "-");
  }

  private static Candidate restless(String name, SplittableRandom random) {
    return new Candidate() {
      @Override
      public BackendId id() {
        return new BackendId(name, 3000);
      }

      @Override
      public Eligibility eligibility() {
        return ANY.get(random.nextInt(ANY.size()));
      }

      @Override
      public int listedWeight() {
        return 1;
      }

      @Override
      public double weight(long nowNanos) {
        return 1;
      }

      @Override
      public int inFlight() {
        return random.nextInt(3) * 128;
      }

      @Override
      public long headNanos(long nowNanos) {
        return random.nextInt(3);
      }
    };
  }

  private static boolean isFree(TestCandidate candidate, List<BackendId> tried) {
    return candidate.inFlight < 256 && !tried.contains(candidate.id);
  }

  private static boolean isLastResort(TestCandidate candidate) {
    return candidate.eligibility == Eligibility.LAST_RESORT
        || (candidate.eligibility == Eligibility.TRIAL && candidate.inFlight > 0);
  }

  private static void become(TestCandidate candidate, char what, List<BackendId> tried) {
    candidate.used = Character.isUpperCase(what);
    switch (Character.toUpperCase(what)) {
      case 'P' -> {}
      case 'S' -> candidate.eligibility = Eligibility.SUSPECT;
      case 'T' -> candidate.eligibility = Eligibility.TRIAL;
      case 'B' -> {
        candidate.eligibility = Eligibility.TRIAL;
        candidate.inFlight = 1;
      }
      case 'L' -> {
        candidate.eligibility = Eligibility.LAST_RESORT;
        candidate.inFlight = 1;
      }
      case 'N' -> candidate.eligibility = Eligibility.NONE;
      case 'F' -> candidate.inFlight = 256;
      case 'X' -> tried.add(candidate.id);
      default -> throw new AssertionError(what);
    }
  }

  private static int[] ones(int size) {
    int[] ones = new int[size];
    Arrays.fill(ones, 1);
    return ones;
  }
}
