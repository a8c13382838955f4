package dev.backline.balancer.incident;

import static org.assertj.core.api.Assertions.assertThat;

import dev.backline.balancer.config.HealthSettings;
import dev.backline.balancer.control.PoolPolicy;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;

final class WhatIfTest {
  @Test
  void laterFallIsToldWithItsTime() {
    Recorded recorded = Recorded.withTwoUp();
    for (int i = 0; i < 4; i++) {
      recorded.tell(Recorded.failed(Recorded.ONE));
    }

    assertThat(differences(recorded, "fall", "3"))
        .containsExactly(
            "backend-1 (pool web), after t=-995 another way, 3 ms before the record ends:",
            "  recorded: t=-994, suspect -> down: answers 500; put out once, out for 2 ms in all, and still"
                + " when the record ends",
            "  changed:  t=-993, suspect -> down: answers 500; put out once, out for 1 ms in all, and still"
                + " when the record ends",
            "  so it is down 1 ms later",
            "no difference: backend-2");
  }

  @Test
  void backendThatWouldNotHaveBeenPutOutIsTold() {
    Recorded recorded = Recorded.withTwoUp();
    recorded.tell(Recorded.failed(Recorded.ONE));
    recorded.tell(Recorded.failed(Recorded.ONE));
    recorded.tell(Recorded.passed(Recorded.TWO));

    assertThat(differences(recorded, "fall", "5"))
        .containsExactly(
            "backend-1 (pool web), after t=-995 another way, 2 ms before the record ends:",
            "  recorded: t=-994, suspect -> down: answers 500; put out once, out for 1 ms in all, and still"
                + " when the record ends",
            "  changed:  suspect until the record ends; put out never, out for 0 ms in all",
            "no difference: backend-2");
  }

  @Test
  void changeAlsoHoldsForWhatIsConfiguredLater() {
    Recorded recorded = Recorded.withTwoUp();
    recorded.tell(Recorded.configured(PoolPolicy.ofDefaults(Recorded.WEB)));
    recorded.tell(Recorded.failed(Recorded.ONE));

    assertThat(differences(recorded, "fall", "1"))
        .contains(
            "  recorded: t=-994, up -> suspect: answers 500; put out never, out for 0 ms in all",
            "  changed:  t=-994, up -> down: answers 500; put out once, out for 0 ms in all, and still"
                + " when the record ends");
  }

  @Test
  void withoutADifferenceThatIsSaid() {
    assertThat(differences(Recorded.withTwoUp(), "interval", "5s"))
        .containsExactly("no difference: backend-1, backend-2");
    assertThat(differences(new Recorded(), "fall", "9"))
        .containsExactly("no verdict turned, as recorded");
  }

  private static List<String> differences(Recorded recorded, String key, String value) {
    UnaryOperator<PoolPolicy> change =
        policy -> policy.withHealth(HealthSettings.change(policy.health(), Map.of(key, value)));
    return new WhatIf(recorded.incident(), nanos -> "t=" + nanos / Recorded.MILLI)
        .differences(change);
  }
}
