package dev.backline.testbed.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.backline.testbed.check.Result;
import dev.backline.testbed.drill.Drill;
import dev.backline.testbed.drill.Drills;
import java.util.List;
import org.junit.jupiter.api.Test;

class DrillCommandTest {
  @Test
  void exitCodeIsThatOfTheWorstDrill() {
    assertThat(DrillCommand.exitCode(List.of(Result.PASS, Result.PASS))).isZero();
    assertThat(DrillCommand.exitCode(List.of(Result.PASS, Result.INVALID))).isEqualTo(6);
    assertThat(DrillCommand.exitCode(List.of(Result.INVALID, Result.FAIL))).isEqualTo(1);
  }

  @Test
  void nothingIsProvedWhenEveryDrillWasSkipped() {
    assertThat(DrillCommand.exitCode(List.of())).isEqualTo(6);
  }

  @Test
  void resultsOfSeveralRunsAreCounted() {
    assertThat(DrillCommand.tally(List.of(Result.PASS, Result.INVALID, Result.PASS)))
        .isEqualTo("2 x PASS, 1 x INVALID");
    assertThat(DrillCommand.tally(List.of())).isEqualTo("skipped");
  }

  @Test
  void allMeansTheShortDrillsAndTellsWhichItLeavesOut() {
    assertThat(DrillCommand.all(true)).hasSameSizeAs(Drills.all());
    assertThat(DrillCommand.all(false))
        .extracting(Drill::name)
        .contains("kill", "hang", "slow", "cut-off")
        .doesNotContain("lying500", "balancer-freeze", "starved");
    assertThat(DrillCommand.leftOut()).endsWith(": lying500, balancer-freeze, starved");
  }
}
