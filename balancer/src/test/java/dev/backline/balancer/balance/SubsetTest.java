package dev.backline.balancer.balance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.backline.balancer.model.BackendId;
import dev.backline.balancer.model.Hashing;
import dev.backline.balancer.model.MemberId;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class SubsetTest {
  private static final List<Integer> MEMBERS =
      List.of(1, 2, 3, 4, 5, 6, 7, 8, 10, 13, 16, 20, 25, 32, 40, 50);

  /** Mean: what a member uses on average. */
  @ParameterizedTest
  @CsvSource({
    "  50,  1,  1,   50",
    " 128,  1,  1,  128",
    " 128, 50, 50,  128",
    " 129,  1,  2,  129",
    " 129,  3,  2,   86",
    " 129,  5,  3,   77.4",
    " 129, 50, 25,   64.5",
    "1000,  2,  2, 1000",
    "1000,  3,  2,  666.7",
    "1000, 10,  2,  200",
    "1000, 31,  2,   64.5",
    "1000, 32,  3,   93.8",
    "1000, 50,  4,   80",
    "2000, 50,  2,   80",
  })
  void eachBackendHasSoManyMembers(int backends, int members, int users, double mean) {
    assertThat(Subset.users(backends, members)).isEqualTo(users);
    assertThat(meanOf(backends, members)).isCloseTo(mean, within(0.1));
  }

  /**
   * A member's number is a sum of draws, so its deviation from the mean is at most the mean's root;
   * five of those is once in a million.
   */
  @ParameterizedTest
  @ValueSource(ints = {129, 200, 333, 500, 1_000, 2_000})
  void membersUseAboutEquallyManyAndNoBackendIsLeftOut(int backends) {
    for (int members : MEMBERS) {
      double mean = meanOf(backends, members);
      if (members > 2) {
        assertThat(mean).isBetween(64.0, Math.max(96, 2.0 * backends / members));
      }
      Map<BackendId, List<MemberId>> users = users(backends(backends), members(members));
      Map<MemberId, Integer> sizes = sizes(users);
      assertThat(users).hasSize(backends);
      int each = Math.min(members, Subset.users(backends, members));
      assertThat(each).isGreaterThanOrEqualTo(Math.min(2, members));
      assertThat(users.values()).allSatisfy(of -> assertThat(of).hasSize(each));
      assertThat(sizes).hasSize(members);
      assertThat(sizes.values())
          .as("%d of %d", members, backends)
          .allSatisfy(
              size ->
                  assertThat((double) size)
                      .isBetween(mean - 5 * Math.sqrt(mean), mean + 5 * Math.sqrt(mean)));
      assertEven(loads(users, sizes));
    }
  }

  /** Where each member has the same traffic, and spreads it over those that it uses. */
  private static void assertEven(List<Double> loads) {
    int twentieth = loads.size() / 20;
    assertThat(loads.get(0)).isGreaterThan(0.75);
    assertThat(loads.get(twentieth)).isGreaterThan(0.85);
    assertThat(loads.get(loads.size() - 1 - twentieth)).isLessThan(1.2);
    assertThat(loads.get(loads.size() - 1)).isLessThan(1.35);
  }

  /** In parts of the fair load, the least first. */
  private static List<Double> loads(
      Map<BackendId, List<MemberId>> users, Map<MemberId, Integer> sizes) {
    double fair = 1.0 * sizes.size() / users.size();
    List<Double> loads = new ArrayList<>();
    for (List<MemberId> of : users.values()) {
      double load = of.stream().mapToDouble(member -> 1.0 / sizes.getOrDefault(member, 0)).sum();
      loads.add(load / fair);
    }
    loads.sort(null);
    return loads;
  }

  /** With 31 and 32 members each of 1,000 backends has two users and then three. */
  @ParameterizedTest
  @CsvSource({
    "1000, 10, 2, 2",
    "1000, 31, 2, 3",
    "1000, 40, 3, 3",
    "129, 2, 2, 2",
    "300, 14, 3, 4"
  })
  void memberThatComesOrGoesMovesOneOfABackendsUsersAtMost(
      int backends, int members, int usersBefore, int usersAfter) {
    List<BackendId> listed = backends(backends);
    Map<BackendId, List<MemberId>> before = users(listed, members(members));
    Map<BackendId, List<MemberId>> after = users(listed, members(members + 1));
    int moved = 0;
    for (BackendId backend : listed) {
      Set<MemberId> come = new HashSet<>(after.getOrDefault(backend, List.of()));
      Set<MemberId> gone = new HashSet<>(before.getOrDefault(backend, List.of()));
      assertThat(gone).hasSize(usersBefore);
      assertThat(come).hasSize(usersAfter);
      Set<MemberId> both = new HashSet<>(come);
      both.retainAll(gone);
      come.removeAll(both);
      gone.removeAll(both);
      assertThat(come).hasSizeLessThanOrEqualTo(1);
      assertThat(gone).hasSizeLessThanOrEqualTo(1);
      moved += come.isEmpty() ? 0 : 1;
    }
    if (usersBefore == usersAfter) {
      int newcomers = sizes(after).getOrDefault(members(members + 1).get(members), 0);
      assertThat(moved).as("only to the new member").isEqualTo(newcomers);
    }
  }

  @Test
  void backendThatComesOrGoesMovesNoOther() {
    List<MemberId> members = members(10);
    List<BackendId> more = backends(301);
    Map<BackendId, List<MemberId>> before = users(more.subList(0, 300), members);
    Map<BackendId, List<MemberId>> after = users(more, members);
    after.remove(more.get(300));
    assertThat(after).isEqualTo(before);
  }

  /** While they come to know of each other, no two of them have the same picture. */
  @ParameterizedTest
  @ValueSource(ints = {3, 10, 20})
  void firstTwoOfABackendUseItWhicheverMembersTheyDoNotSee(int members) {
    List<BackendId> listed = backends(300);
    List<MemberId> all = members(members);
    SplittableRandom random = new SplittableRandom(members);
    for (MemberId own : all) {
      List<MemberId> seen =
          all.stream().filter(member -> member.equals(own) || random.nextInt(3) > 0).toList();
      Set<BackendId> used = subset(listed, own, seen);
      for (BackendId backend : listed) {
        if (Hashing.rank(backend, own, without(all, own)) < 2) {
          assertThat(used).contains(backend);
        }
      }
      assertThat(subset(listed, own, List.of(own))).as("alone").hasSize(300);
    }
  }

  @Test
  void halfOfTheSubsetIsRefilledFromTheRestInOrder() {
    List<BackendId> listed = backends(1_000);
    Subset subset = Subset.of(listed, members(1).get(0), members(20).subList(1, 20));
    int size = subset.size();
    assertThat(size).isBetween(80, 130);
    assertThat(subset.used(backend -> true)).isEqualTo(size);

    Set<BackendId> sick = new HashSet<>(subset.order().subList(0, size / 2));
    assertThat(subset.used(backend -> !sick.contains(backend))).as("half is well").isEqualTo(size);
    for (int i = size / 2; i < size; i++) {
      sick.add(subset.order().get(i));
      int wellInside = size - 1 - i;
      assertThat(subset.used(backend -> !sick.contains(backend)))
          .isEqualTo(size + (size + 1) / 2 - wellInside);
    }
    sick.add(subset.order().get(size));
    assertThat(subset.used(backend -> !sick.contains(backend)))
        .as("who is not well doesn't count")
        .isEqualTo(size + (size + 1) / 2 + 1);
    assertThat(subset.used(backend -> false)).as("nobody is well").isEqualTo(1_000);
  }

  /** Who fails everywhere must not bring everybody's traffic to the same few. */
  @Test
  void membersRefillDifferently() {
    List<BackendId> listed = backends(1_000);
    List<MemberId> all = members(10);
    Set<BackendId> next = new HashSet<>();
    for (MemberId own : all) {
      Subset subset = Subset.of(listed, own, without(all, own));
      next.addAll(subset.order().subList(subset.size(), subset.size() + 20));
    }
    assertThat(next).hasSizeGreaterThan(150);
  }

  private static double meanOf(int backends, int members) {
    return 1.0 * backends * Math.min(members, Subset.users(backends, members)) / members;
  }

  private static Map<MemberId, Integer> sizes(Map<BackendId, List<MemberId>> users) {
    Map<MemberId, Integer> sizes = new LinkedHashMap<>();
    users.values().forEach(of -> of.forEach(member -> sizes.merge(member, 1, Integer::sum)));
    return sizes;
  }

  private static Map<BackendId, List<MemberId>> users(
      List<BackendId> backends, List<MemberId> members) {
    Map<BackendId, List<MemberId>> users = new LinkedHashMap<>();
    for (MemberId own : members) {
      for (BackendId backend : subset(backends, own, members)) {
        users.computeIfAbsent(backend, id -> new ArrayList<>()).add(own);
      }
    }
    return users;
  }

  private static Set<BackendId> subset(
      List<BackendId> backends, MemberId own, List<MemberId> members) {
    Subset subset = Subset.of(backends, own, without(members, own));
    assertThat(subset.order()).hasSameSizeAs(backends);
    assertThat(new HashSet<>(subset.order())).isEqualTo(new HashSet<>(backends));
    return new HashSet<>(subset.order().subList(0, subset.size()));
  }

  private static List<MemberId> without(List<MemberId> members, MemberId own) {
    return members.stream().filter(member -> !member.equals(own)).toList();
  }

  private static List<MemberId> members(int count) {
    List<MemberId> members = new ArrayList<>();
    for (int i = 1; i <= count; i++) {
      members.add(new MemberId("balancer-" + i));
    }
    return members;
  }

  private static List<BackendId> backends(int count) {
    List<BackendId> backends = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      backends.add(new BackendId("10.0." + i / 250 + "." + i % 250, 3000));
    }
    return backends;
  }
}
