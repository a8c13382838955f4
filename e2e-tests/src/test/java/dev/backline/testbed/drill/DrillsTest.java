package dev.backline.testbed.drill;

import static org.assertj.core.api.Assertions.assertThat;

import dev.backline.testbed.Build;
import dev.backline.testbed.Requirement;
import dev.backline.testbed.check.Result;
import dev.backline.testbed.docker.ComposeDriver;
import dev.backline.testbed.driver.Driver;
import dev.backline.testbed.driver.ProcessDriver;
import dev.backline.testbed.driver.TestbedException;
import dev.backline.testbed.report.Report;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.parallel.Isolated;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Each drill on each driver, with the real balancer and backends: what the project promises. Those
 * in containers are skipped where there is no Docker, unless it is required. Drills that take long
 * run with {@code mvn verify -Plong} only, some of them in containers only then.
 */
@Tag(Build.PROCESSES)
@Isolated("it judges times")
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class DrillsTest {
  private static final int TRIES = 3;

  /** Its only balancer has ended when the records are asked for. */
  private static final String NOBODY_IS_LEFT = "balancer-stop";

  private static final boolean LONG_TOO = Boolean.getBoolean("backline.long");

  /** By its name, or in containers by its address: there DNS finds it, which tells no names. */
  private static final String THE_VICTIM = "(?m)^(backend-1|[0-9.]+)";

  private final ContainersIfThere containers = new ContainersIfThere();
  private final List<String> ran = new ArrayList<>();
  private final List<String> told = new ArrayList<>();

  static Stream<Arguments> drillsOnDrivers() {
    return Drills.all().stream()
        .flatMap(drill -> driversOf(drill).map(driver -> Arguments.of(drill.name(), driver)));
  }

  private static Stream<String> driversOf(Drill drill) {
    return switch (LONG_TOO ? Drill.Cost.SHORT : drill.conditions().cost()) {
      case SHORT -> Stream.of("processes", "containers");
      case LONG_IN_CONTAINERS -> Stream.of("processes");
      case LONG -> Stream.of();
    };
  }

  @ParameterizedTest(name = "{0} in {1}")
  @MethodSource("drillsOnDrivers")
  void promiseOfTheDrillHolds(String name, String driverName)
      throws TestbedException, IOException, InterruptedException {
    String drillOnDriver = name + " in " + driverName;
    told.add(drillOnDriver);
    Driver driver = driverName.equals("processes") ? new ProcessDriver() : containers.driver();
    Path directory = Build.root().resolve("target/drills").resolve(driverName).resolve(name);
    DrillRun.Options options =
        new DrillRun.Options(directory, driver, Build.programs(), System.out::println);
    Drill drill = Drills.named(name).orElseThrow();
    new DrillRun(drill, options)
        .whyNot()
        .ifPresent(
            driverName.equals("containers") ? Requirement.DOCKER::missing : Assumptions::abort);
    ran.add(drillOnDriver);
    List<String> invalid = new ArrayList<>();
    while (invalid.size() < TRIES) {
      Report report = new DrillRun(drill, options).run();
      System.out.println(report.text());
      if (report.result() != Result.INVALID) {
        assertThat(report.result()).as(report.text()).isEqualTo(Result.PASS);
        if (!name.equals(NOBODY_IS_LEFT)) {
          Replays.assertSame(directory);
        }
        if (name.equals("hang")) {
          assertAnotherFallIsExplained(directory);
        }
        return;
      }
      invalid.add(report.judgement().cause());
    }
    throw new AssertionError("INVALID " + TRIES + " times: " + invalid);
  }

  private static void assertAnotherFallIsExplained(Path directory)
      throws IOException, InterruptedException {
    for (Path incident : Replays.incidents(directory)) {
      assertThat(Replays.replay(incident, "--set", "health.fall=5"))
          .containsPattern(
              THE_VICTIM + " [^\n]* another way, [^\n]*:\n  recorded: .* -> down: timeout")
          .containsPattern("  changed:  (.* -> down: |suspect until the record ends)");
    }
  }

  @AfterAll
  void everyDrillRanOnEveryDriverOrWasSkipped() {
    List<String> listed =
        drillsOnDrivers().map(each -> each.get()[0] + " in " + each.get()[1]).toList();
    List<String> skipped = new ArrayList<>(told);
    skipped.removeAll(ran);
    System.out.printf(
        "drills x drivers: %d of %d ran, skipped: %s, left to -Plong: %s%n",
        ran.size(), listed.size(), skipped, leftToProfile());
    assertThat(told).containsExactlyInAnyOrderElementsOf(listed);
  }

  private static List<String> leftToProfile() {
    return Drills.all().stream()
        .filter(drill -> !LONG_TOO && drill.conditions().cost() != Drill.Cost.SHORT)
        .map(drill -> drill.name() + (drill.conditions().takesLong() ? "" : " in containers"))
        .toList();
  }

  /** Tried once: the images are built, or the reason is the same for all. */
  private static final class ContainersIfThere {
    private Optional<Driver> driver = Optional.empty();
    private String missing = "";

    Driver driver() {
      if (driver.isEmpty() && missing.isEmpty()) {
        try {
          driver = Optional.of(ComposeDriver.ready(Build.root()));
        } catch (TestbedException e) {
          missing = String.valueOf(e.getMessage());
        }
      }
      if (driver.isEmpty()) {
        Requirement.DOCKER.missing(missing);
      }
      return driver.orElseThrow();
    }
  }
}
