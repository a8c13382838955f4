package dev.backline.balancer.balance;

import static org.assertj.core.api.Assertions.assertThat;

import dev.backline.balancer.model.Hashing;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

final class HashSlotsTest {
  private final HashSlots slots = new HashSlots();

  @Test
  void eachSlotHasTheBackendThatWinsItsRendezvous() {
    List<TestCandidate> pool = TestCandidate.weighing(1, 3, 1, 2);
    for (int slot = 0; slot < HashSlots.SLOTS; slot += 7) {
      TestCandidate winner = slots.winner(pool, slot);
      double highest = score(winner, slot);
      for (TestCandidate other : pool) {
        assertThat(score(other, slot)).isLessThanOrEqualTo(highest);
      }
    }
  }

  @Test
  void slotsAreSharedByWeight() {
    List<TestCandidate> pool = TestCandidate.weighing(1, 2, 5);
    int[] counts = new int[3];
    for (int slot = 0; slot < HashSlots.SLOTS; slot++) {
      counts[pool.indexOf(slots.winner(pool, slot))]++;
    }
    for (int i = 0; i < counts.length; i++) {
      double fair = HashSlots.SLOTS * pool.get(i).listedWeight() / 8.0;
      assertThat((double) counts[i]).isBetween(0.97 * fair, 1.03 * fair);
    }
  }

  @Test
  void keysFallIntoAllSlots() {
    boolean[] hit = new boolean[HashSlots.SLOTS];
    for (int i = 0; i < 20 * HashSlots.SLOTS; i++) {
      hit[HashSlots.slot(Hashing.of("key-" + i))] = true;
    }
    for (int slot = 0; slot < HashSlots.SLOTS; slot++) {
      assertThat(hit[slot]).as("slot %d", slot).isTrue();
    }
  }

  @Test
  void anotherListIsAnotherRendezvousAndOnlyItsOwnSlotsMove() {
    List<TestCandidate> four = TestCandidate.weighing(1, 1, 1, 1);
    List<TestCandidate> three = new ArrayList<>(four.subList(0, 3));
    List<TestCandidate> before = winners(four);
    List<TestCandidate> without = winners(three);
    for (int slot = 0; slot < HashSlots.SLOTS; slot++) {
      if (before.get(slot) != four.get(3)) {
        assertThat(without.get(slot)).isSameAs(before.get(slot));
      }
    }
    assertThat(winners(four)).isEqualTo(before);
  }

  /** Each snapshot is another list, mostly of the same backends. */
  @Test
  void sameBackendsInAnotherListAreTheSame() {
    List<TestCandidate> pool = TestCandidate.weighing(1, 2, 3);
    List<TestCandidate> again = TestCandidate.weighing(1, 2, 3);
    for (int slot = 0; slot < 1_000; slot++) {
      assertThat(slots.winner(again, slot).id()).isEqualTo(slots.winner(pool, slot).id());
      assertThat(slots.winner(again, slot)).isIn(again);
    }
  }

  private List<TestCandidate> winners(List<TestCandidate> pool) {
    List<TestCandidate> winners = new ArrayList<>();
    for (int slot = 0; slot < HashSlots.SLOTS; slot++) {
      winners.add(slots.winner(pool, slot));
    }
    return winners;
  }

  private static double score(TestCandidate candidate, int slot) {
    return Hashing.rendezvous(HashSlots.hash(slot), candidate.id(), candidate.listedWeight());
  }
}
