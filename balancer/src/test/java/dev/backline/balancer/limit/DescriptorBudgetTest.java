package dev.backline.balancer.limit;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class DescriptorBudgetTest {

  @ParameterizedTest
  @CsvSource({
    "1024, 100, 831", // 100 + 85 % of 860
    "1048576, 80, 891247",
    "300, 100, 215",
    "128, 100, 111", // Half of what is left, where 64 would be too much.
    "100, 100, 100",
    "50, 100, 100",
    "0, 100, 9223372036854775807",
    "-1, 100, 9223372036854775807",
    "9223372036854775807, 0, 7839866231326559381",
  })
  void mostIsOfWhatIsLeft(long limit, long open, long most) {
    assertThat(new DescriptorBudget(limit, open).mostOpen()).isEqualTo(most);
  }

  @Test
  void refusesWhoComesWhenItIsFullUntilLessIsOpen() {
    DescriptorBudget budget = new DescriptorBudget(300, 100);
    assertThat(accepted(budget, 200)).isEqualTo(115);
    assertThat(budget.refused()).isEqualTo(85);
    budget.count(() -> 250); // With those to backends.
    assertThat(accepted(budget, 1)).isZero();
    budget.count(() -> 214);
    assertThat(accepted(budget, 2)).isOne();
    assertThat(budget.refused()).isEqualTo(87);
  }

  /** Who comes while it is counted may be counted twice, but never not at all. */
  @Test
  void nobodyIsForgottenWhileItIsCounted() {
    DescriptorBudget budget = new DescriptorBudget(300, 100);
    accepted(budget, 10);
    budget.count(
        () -> {
          accepted(budget, 100);
          return 110;
        });
    assertThat(accepted(budget, 20)).isEqualTo(5);
  }

  @Test
  void countsOnlyWhereItMatters() {
    DescriptorBudget budget = new DescriptorBudget(1_024, 100);
    assertThat(budget.isWorthCounting()).isFalse();
    accepted(budget, 157);
    assertThat(budget.isWorthCounting()).isFalse();
    accepted(budget, 1);
    assertThat(budget.isWorthCounting()).isTrue();
    budget.count(() -> 200);
    assertThat(budget.isWorthCounting()).isFalse();
    assertThat(DescriptorBudget.unlimited().isWorthCounting()).isFalse();
  }

  private static int accepted(DescriptorBudget budget, int came) {
    int accepted = 0;
    for (int i = 0; i < came; i++) {
      accepted += budget.tryAccept() ? 1 : 0;
    }
    return accepted;
  }
}
