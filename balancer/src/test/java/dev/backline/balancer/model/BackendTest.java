package dev.backline.balancer.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class BackendTest {
  private static final BackendId ID = new BackendId("127.0.0.11", 3000);

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 1_000})
  void weightsFromOneToAThousandAreTaken(int weight) {
    assertThat(new Backend(ID, "backend-1", weight).weight()).isEqualTo(weight);
  }

  @ParameterizedTest
  @ValueSource(ints = {0, -1, 1_001, Integer.MIN_VALUE, Integer.MAX_VALUE})
  void otherWeightsAreRefused(int weight) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new Backend(ID, "backend-1", weight))
        .withMessage("weight: " + weight + " (expected: 1 to 1000)");
  }
}
