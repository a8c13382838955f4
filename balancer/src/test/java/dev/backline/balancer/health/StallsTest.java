package dev.backline.balancer.health;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class StallsTest {
  private static final long MILLI = 1_000_000L;

  private final Stalls stalls = new Stalls(0);

  @Test
  void threadThatRunsEvenLateDoesNotStall() {
    assertThat(stalls.onRunning(20 * MILLI)).isZero();
    assertThat(stalls.onRunning(120 * MILLI)).isZero();
    assertThat(stalls.nanosSince(0)).isZero();
  }

  @Test
  void gapIsToldOnceAndCountsFromWhereItIsAskedFor() {
    stalls.onRunning(100 * MILLI);
    assertThat(stalls.onRunning(1_100 * MILLI)).isEqualTo(1_000 * MILLI);
    assertThat(stalls.onRunning(1_100 * MILLI)).isZero();

    assertThat(stalls.nanosSince(0)).isEqualTo(1_000 * MILLI);
    assertThat(stalls.nanosSince(600 * MILLI)).isEqualTo(500 * MILLI);
    assertThat(stalls.nanosSince(1_100 * MILLI)).isZero();

    stalls.onRunning(1_301 * MILLI);
    assertThat(stalls.nanosSince(600 * MILLI)).isEqualTo(701 * MILLI);
  }

  @Test
  void onlyTheLatestAreKept() {
    for (int i = 1; i <= 1_000; i++) {
      stalls.onRunning(200 * MILLI * i);
    }
    assertThat(stalls.nanosSince(0)).isEqualTo(64 * 200 * MILLI);
  }
}
