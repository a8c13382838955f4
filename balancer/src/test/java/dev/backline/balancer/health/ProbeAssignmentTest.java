package dev.backline.balancer.health;

import static org.assertj.core.api.Assertions.assertThat;

import dev.backline.balancer.model.BackendId;
import dev.backline.balancer.model.MemberId;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class ProbeAssignmentTest {
  private static final int BACKENDS = 2_000;

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3})
  void upToThreeAllProbeAll(int members) {
    assertThat(shares(members(members)).values()).allMatch(share -> share == BACKENDS);
  }

  @ParameterizedTest
  @ValueSource(ints = {4, 5, 12})
  void moreShareThemEvenlyThreeForEach(int members) {
    List<MemberId> all = members(members);
    for (int i = 0; i < BACKENDS; i++) {
      assertThat(prober(backend(i), all)).as("of " + backend(i)).hasSize(3);
    }
    double fair = 3.0 * BACKENDS / members;
    shares(all).values().forEach(s -> assertThat((double) s).isBetween(0.8 * fair, 1.2 * fair));
  }

  @Test
  void onlyThoseOfAMemberThatIsGoneMove() {
    List<MemberId> all = members(6);
    List<MemberId> without = all.subList(0, 5);
    for (int i = 0; i < BACKENDS; i++) {
      List<MemberId> before = prober(backend(i), all);
      List<MemberId> after = prober(backend(i), without);
      before.remove(all.get(5));
      assertThat(after).containsAll(before);
    }
  }

  /** Who hears nobody probes all; who hears too many of the others still leaves none unprobed. */
  @Test
  void wrongViewsOnlyAddProbes() {
    List<MemberId> all = members(6);
    for (int i = 0; i < 100; i++) {
      BackendId backend = backend(i);
      long probing =
          all.stream().filter(own -> ProbeAssignment.isMine(backend, own, List.of())).count();
      assertThat(probing).isEqualTo(6);
    }
  }

  private static Map<MemberId, Integer> shares(List<MemberId> members) {
    Map<MemberId, Integer> shares = new TreeMap<>();
    for (int i = 0; i < BACKENDS; i++) {
      prober(backend(i), members).forEach(member -> shares.merge(member, 1, Integer::sum));
    }
    assertThat(shares).hasSize(members.size());
    return shares;
  }

  private static List<MemberId> prober(BackendId backend, List<MemberId> members) {
    List<MemberId> probing = new ArrayList<>();
    for (MemberId own : members) {
      List<MemberId> others = new ArrayList<>(members);
      others.remove(own);
      if (ProbeAssignment.isMine(backend, own, others)) {
        probing.add(own);
      }
    }
    return probing;
  }

  private static List<MemberId> members(int count) {
    List<MemberId> members = new ArrayList<>();
    for (int i = 1; i <= count; i++) {
      members.add(new MemberId("balancer-" + i));
    }
    return members;
  }

  private static BackendId backend(int number) {
    return new BackendId("10.0." + number / 250 + "." + number % 250, 3000);
  }
}
