package dev.backline.balancer.health;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.backline.balancer.model.Cause;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

final class ProbeResultTest {
  @ParameterizedTest
  @CsvSource({
    "199, false, Failed",
    "200, false, Passed",
    "204, false, Passed",
    "301, false, Passed",
    "399, false, Passed",
    "400, false, Failed",
    "401, false, Passed",
    "402, false, Failed",
    "403, false, Passed",
    "404, false, Passed",
    "405, false, Failed",
    "429, false, Passed",
    "500, false, Failed",
    "503, false, Failed",
    "503, true, Draining",
    "200, true, Passed",
    "500, true, Failed",
  })
  void statusDecides(int status, boolean drains, String result) {
    assertThat(ProbeResult.of(status, drains, 1).getClass().getSimpleName()).isEqualTo(result);
  }

  @ParameterizedTest
  @EnumSource(Cause.class)
  void brokenTransportNeverPasses(Cause cause) {
    assertThat(ProbeResult.failed(cause)).isEqualTo(new ProbeResult.Failed(cause.words(), cause));
  }

  @Test
  void everyResultIsKnownHere() {
    assertThat(ProbeResult.class.getPermittedSubclasses())
        .containsExactlyInAnyOrder(
            ProbeResult.Passed.class, ProbeResult.Draining.class, ProbeResult.Failed.class);
  }

  @ParameterizedTest
  @CsvSource({"0, 1, fall: 0 (expected: >= 1)", "1, -1, rise: -1 (expected: >= 1)"})
  void countsBelowOneAreRefused(int fall, int rise, String message) {
    assertThatIllegalArgumentException()
        .isThrownBy(
            () -> new HealthPolicy("/", Duration.ofSeconds(1), Duration.ofSeconds(1), fall, rise))
        .withMessage(message);
  }
}
