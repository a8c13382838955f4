package dev.backline.testbed.docker;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** Addresses of containers change their owner. */
class ResidentsTest {
  private final Residents residents = new Residents();

  @Test
  void addressBelongsToWhoHadItThen() {
    residents.movedIn("backend-1", "10.0.0.2", 0);
    residents.movedIn("backend-4", "10.0.0.2", 1_000);

    assertThat(residents.nodeAt("10.0.0.2", 999)).isEqualTo("backend-1");
    assertThat(residents.nodeAt("10.0.0.2", 1_000)).isEqualTo("backend-4");
  }

  @Test
  void nodeThatMovedIsFoundAtBothAddresses() {
    residents.movedIn("backend-1", "10.0.0.2", 0);
    residents.movedIn("backend-1", "10.0.0.7", 1_000);

    assertThat(residents.nodeAt("10.0.0.7", 2_000)).isEqualTo("backend-1");
    assertThat(residents.nodeAt("10.0.0.2", 2_000)).isEqualTo("backend-1");
  }

  @Test
  void addressOfNobodyStaysAnAddress() {
    assertThat(residents.nodeAt("10.0.0.9", 5)).isEqualTo("10.0.0.9");
  }
}
