package dev.backline.testbed.drill;

import static org.assertj.core.api.Assertions.assertThat;

import dev.backline.testbed.Build;
import dev.backline.testbed.check.Result;
import dev.backline.testbed.driver.ProcessDriver;
import dev.backline.testbed.driver.Programs;
import dev.backline.testbed.driver.StandIns;
import dev.backline.testbed.driver.TestbedException;
import dev.backline.testbed.report.Report;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Isolated;

/**
 * Whole drills against a balancer of our own with good and bad manners: the drills must tell them
 * apart, or a PASS of the real one means nothing.
 */
@Tag(Build.PROCESSES)
@Isolated("it judges times")
class DrillsOnStandInsTest {
  @TempDir private Path directory;

  @Test
  void balancerWithGoodMannersPassesTheKill() throws TestbedException {
    Report report = kill(StandInBalancer.Manners.GOOD);

    assertThat(report.result()).as(report.text()).isEqualTo(Result.PASS);
    assertThat(directory.resolve("report.txt")).content().startsWith("drill kill: PASS");
    assertThat(directory.resolve("report.json")).content().contains("\"result\" : \"PASS\"");
    assertThat(directory.resolve("history.jsonl")).isNotEmptyFile();
  }

  @Test
  void balancerThatRetriesNothingFailsTheKillAndTheStoryTellsIt() throws TestbedException {
    Report report = kill(StandInBalancer.Manners.CARELESS);

    assertThat(report.result()).as(report.text()).isNotEqualTo(Result.PASS);
    assertThat(report.text())
        .contains("FAIL    no GET or PUT failed")
        .contains("attempt on backend-1: closed before head")
        .contains("ledger of backend-1: begin")
        .contains("FAULT        backend-1 SIGKILL");
  }

  @Test
  void balancerThatReplaysPostsIsCaught() throws TestbedException {
    Report report = kill(StandInBalancer.Manners.RECKLESS);

    assertThat(report.result()).as(report.text()).isEqualTo(Result.FAIL);
    assertThat(report.judgement().cause()).startsWith("no POST ran twice");
  }

  @Test
  void balancerThatHidesItsRetriesIsCaught() throws TestbedException {
    Report report = kill(StandInBalancer.Manners.LYING);

    assertThat(report.result()).as(report.text()).isNotEqualTo(Result.PASS);
    assertThat(report.text()).contains("FAIL    access log agrees");
  }

  /** The drill as it is, but for its length: what a balancer does wrong shows at once. */
  private Report kill(StandInBalancer.Manners manners) throws TestbedException {
    Drill kill = Drills.kill();
    Drill shorter =
        new Drill(
            kill.name(),
            kill.topology(),
            kill.needsLinkFaults(),
            kill.victim(),
            kill.fault(),
            kill.steps(),
            Duration.ofSeconds(4),
            kill.untilFairShare(),
            kill.checks());
    Programs programs = StandIns.programs(manners.name());
    return new DrillRun(
            shorter, new DrillRun.Options(directory, new ProcessDriver(), programs, line -> {}))
        .run();
  }
}
