package dev.backline.balancer.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.backline.balancer.health.HealthPolicy;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class HealthSettingsTest {
  private static final HealthPolicy BEFORE =
      new HealthPolicy("/h?x=\"'", Duration.ofSeconds(4), Duration.ofMillis(900), 4, 5);

  @Test
  void whatIsSetChangesAndTheRestStays() {
    assertThat(HealthSettings.change(BEFORE, Map.of("fall", "3")))
        .isEqualTo(new HealthPolicy(BEFORE.path(), BEFORE.interval(), BEFORE.timeout(), 3, 5));
    assertThat(HealthSettings.change(BEFORE, Map.of("timeout", "2s")).timeout())
        .isEqualTo(Duration.ofSeconds(2));
    assertThat(HealthSettings.change(BEFORE, Map.of())).isEqualTo(BEFORE);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "fall|0|fall: 0 (expected: ",
        "fal|3|fal: unknown key (expected: one of path, interval, timeout, fall, rise;",
        "timeout|5s|timeout: 5s (expected: at most interval, 4000ms)"
      })
  void whatIsWrongIsTold(String key, String value, String message) {
    assertThatThrownBy(() -> HealthSettings.change(BEFORE, Map.of(key, value)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageStartingWith(message);
  }
}
