package dev.backline.balancer.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class NearestTest {
  private static final List<String> KEYS =
      List.of("backends", "balance", "health", "retry", "queue", "timeouts", "limits");

  @ParameterizedTest
  @CsvSource({
    "'', '', 0",
    "health, health, 0",
    "helth, health, 1",
    "healthh, health, 1",
    "haelth, health, 1",
    "heslth, health, 1",
    "'', retry, 5",
    "retry, '', 5",
    "ca, abc, 3",
    "yrter, retry, 3",
    "timeout, limits, 5"
  })
  void distanceCountsChangesAndSwaps(String from, String to, int distance) {
    assertThat(Nearest.distance(from, to)).isEqualTo(distance);
    assertThat(Nearest.distance(to, from)).isEqualTo(distance);
  }

  @ParameterizedTest
  @CsvSource({
    "helth, health",
    "Health, health",
    "healthcheck,",
    "backend, backends",
    "bakcends, backends",
    "ballance, balance",
    "timeout, timeouts",
    "time-outs, timeouts",
    "qeueu, queue",
    "x,",
    "'',",
    "something,",
    "retries,",
    "retrys, retry"
  })
  void nearestIsNamedOnlyWhereItIsNear(String word, String expected) {
    assertThat(Nearest.to(word, KEYS)).isEqualTo(expected);
  }

  @Test
  void longTextIsNeverCompared() {
    assertThat(Nearest.to("b".repeat(1_000_000), KEYS)).isNull();
  }
}
