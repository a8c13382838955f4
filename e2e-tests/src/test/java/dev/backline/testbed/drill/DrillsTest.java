package dev.backline.testbed.drill;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.backline.testbed.Build;
import dev.backline.testbed.check.Result;
import dev.backline.testbed.driver.Programs;
import dev.backline.testbed.driver.TestbedException;
import dev.backline.testbed.report.Report;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Each drill once, with the real balancer and backends: what the project promises. */
@Tag(Build.PROCESSES)
class DrillsTest {
  private static final int RATE = 200;
  private static final int TRIES = 3;
  private static final Set<String> RAN = new TreeSet<>();
  private static final Set<String> SKIPPED = new TreeSet<>();

  static Stream<String> drills() {
    return Drills.all().stream().map(Drill::name);
  }

  @AfterAll
  static void everyDrillRanOrSaidWhyNot() {
    System.out.printf(
        "%d of %d drills ran, skipped: %s%n", RAN.size(), Drills.all().size(), SKIPPED);
    Set<String> told = new TreeSet<>(RAN);
    told.addAll(SKIPPED);
    assertThat(told).containsExactlyInAnyOrderElementsOf(drills().toList());
  }

  @ParameterizedTest
  @MethodSource("drills")
  void promiseOfTheDrillHolds(String name) throws TestbedException {
    Drill drill = Drills.named(name).orElseThrow();
    Path directory = Build.root().resolve("target/drills").resolve(name);
    DrillRun.Options options =
        new DrillRun.Options(directory, Programs.ofBuild(Build.root()), RATE, System.out::println);
    Optional<String> whyNot = new DrillRun(drill, options).whyNot();
    assumeTrue(whyNot.isEmpty(), () -> skip(name, whyNot.orElseThrow()));
    RAN.add(name);
    List<String> invalid = new ArrayList<>();
    while (invalid.size() < TRIES) {
      Report report = new DrillRun(drill, options).run();
      System.out.println(report.text());
      if (report.result() != Result.INVALID) {
        assertThat(report.result()).as(report.text()).isEqualTo(Result.PASS);
        return;
      }
      invalid.add(report.judgement().cause());
    }
    throw new AssertionError("INVALID " + TRIES + " times: " + invalid);
  }

  private static String skip(String name, String whyNot) {
    SKIPPED.add(name);
    System.out.println("drill " + name + ": skipped: " + whyNot);
    return whyNot;
  }
}
