package dev.backline.testbed.cli;

import dev.backline.testbed.check.Result;
import dev.backline.testbed.docker.ComposeDriver;
import dev.backline.testbed.drill.Drill;
import dev.backline.testbed.drill.DrillRun;
import dev.backline.testbed.drill.Drills;
import dev.backline.testbed.driver.Driver;
import dev.backline.testbed.driver.Installation;
import dev.backline.testbed.driver.ProcessDriver;
import dev.backline.testbed.driver.Programs;
import dev.backline.testbed.driver.TestbedException;
import dev.backline.testbed.load.Load;
import dev.backline.testbed.report.Report;
import java.io.PrintStream;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.ParseResult;

/**
 * {@code drill NAME}: runs a drill and judges it. Exit code 0 PASS, 1 FAIL, 6 INVALID or skipped.
 */
record DrillCommand(Place place, PrintStream out) implements Command {
  private static final String ALL = "all";
  private static final String PROCESSES = new ProcessDriver().name();
  private static final int FAILED = 1;
  private static final int INVALID = 6;
  private static final int MOST_SECONDS = 600;
  private static final int MOST_RUNS = 100;

  @Override
  public CommandSpec spec() {
    CommandSpec spec =
        Arguments.command(
                "drill", "Breaks something under load and accounts for every single request.")
            .addPositional(
                Arguments.word("NAME", "One of the drills below, or all but the long ones."))
            .addOption(
                OptionSpec.builder("--long")
                    .type(boolean.class)
                    .description("With all: the long ones too.")
                    .build())
            .addOption(Arguments.number("--rate", 0, "Requests a second, 0: the drill's own"))
            .addOption(Arguments.number("--runs", 1, "How often, at most 100"))
            .addOption(
                OptionSpec.builder("--driver")
                    .paramLabel("DRIVER")
                    .type(String.class)
                    .defaultValue(PROCESSES)
                    .description("processes (the default), or containers: Docker with compose.")
                    .build())
            .addOption(
                Arguments.number(
                    "--seconds",
                    0,
                    "Length of the load, at most 600, if longer than the drill needs"));
    List<String> drills =
        Drills.all().stream()
            .map(
                drill ->
                    "  %-20s %s%s"
                        .formatted(
                            drill.name(),
                            drill.fault(),
                            drill.conditions().takesLong() ? " (long)" : ""))
            .toList();
    spec.usageMessage()
        .footer(
            "",
            "Drills:",
            String.join("\n", drills),
            "",
            "Exit code: 0 PASS, 1 FAIL, 6 INVALID or skipped (nothing was proved either way).");
    return spec;
  }

  @Override
  public int run(ParseResult arguments) throws TestbedException {
    String name = arguments.matchedPositionalValue(0, "");
    int rate = Arguments.within(arguments, "--rate", 0, 0, Load.MOST_RATE);
    Duration seconds =
        Duration.ofSeconds(Arguments.within(arguments, "--seconds", 0, 0, MOST_SECONDS));
    boolean longToo = arguments.matchedOptionValue("--long", false);
    List<Drill> chosen = name.equals(ALL) ? all(longToo) : List.of(named(name));
    Driver driver = driver(arguments.matchedOptionValue("--driver", PROCESSES));
    int runs = Arguments.within(arguments, "--runs", 1, 1, MOST_RUNS);
    Map<String, List<Result>> results = new LinkedHashMap<>();
    for (int n = 0; n < runs; n++) {
      for (Drill drill : chosen) {
        List<Result> ofDrill = results.computeIfAbsent(drill.name(), key -> new ArrayList<>());
        Drill wanted = rate == 0 ? drill : drill.atRate(rate);
        run(wanted.lasting(seconds), driver).ifPresent(ofDrill::add);
      }
    }
    List<Result> ran = results.values().stream().flatMap(List::stream).toList();
    if (chosen.size() * runs > 1) {
      results.forEach((drill, each) -> out.printf("  %-20s %s%n", drill, tally(each)));
      out.printf("%d of %d drills ran%n", ran.size(), chosen.size() * runs);
    }
    if (name.equals(ALL) && !longToo) {
      out.println(leftOut());
    }
    return exitCode(ran);
  }

  /** The drills that {@code all} means. */
  static List<Drill> all(boolean longToo) {
    return Drills.all().stream().filter(d -> longToo || !d.conditions().takesLong()).toList();
  }

  /** Tells which drills {@code all} doesn't mean by itself. */
  static String leftOut() {
    return Drills.all().stream()
        .filter(drill -> drill.conditions().takesLong())
        .map(Drill::name)
        .collect(Collectors.joining(", ", "left out, as they take long (--long adds them): ", ""));
  }

  /** How often each result came: {@code 19 x PASS, 1 x INVALID}. */
  static String tally(List<Result> results) {
    String each =
        Stream.of(Result.values())
            .filter(results::contains)
            .map(result -> Collections.frequency(results, result) + " x " + result)
            .collect(Collectors.joining(", "));
    return each.isEmpty() ? "skipped" : each;
  }

  /** The worst of those that ran; if none did, nothing was proved. */
  static int exitCode(List<Result> ran) {
    if (ran.contains(Result.FAIL)) {
      return FAILED;
    }
    return ran.contains(Result.INVALID) || ran.isEmpty() ? INVALID : 0;
  }

  /** Empty if it can't be run here, which is told. */
  private Optional<Result> run(Drill drill, Driver driver) throws TestbedException {
    Path directory =
        place.root().resolve("target/drills").resolve(driver.name()).resolve(drill.name());
    Programs programs = Installation.upToDate(place.root(), place.jars(), out::println);
    DrillRun.Options options = new DrillRun.Options(directory, driver, programs, out::println);
    DrillRun run = new DrillRun(drill, options);
    Optional<String> whyNot = run.whyNot();
    if (whyNot.isPresent()) {
      out.println("drill " + drill.name() + ": skipped: " + whyNot.get());
      return Optional.empty();
    }
    Report report = run.run();
    out.println(report.text());
    out.println("  all of it: " + directory);
    return Optional.of(report.result());
  }

  private Driver driver(String name) throws TestbedException {
    return switch (name) {
      case "processes" -> new ProcessDriver();
      case "containers" -> containers();
      default -> throw wrong(name + ": no such driver (expected: processes, containers)");
    };
  }

  private Driver containers() throws TestbedException {
    try {
      return ComposeDriver.ready(place.root());
    } catch (TestbedException e) {
      throw new TestbedException(
          TestbedException.Cause.NOTHING_PROVED, "skipped: " + e.getMessage());
    }
  }

  private static Drill named(String name) throws TestbedException {
    String names =
        Drills.all().stream().map(Drill::name).collect(Collectors.joining(", ")) + ", " + ALL;
    return Drills.named(name)
        .orElseThrow(() -> wrong(name + ": no such drill (expected: one of " + names + ")"));
  }

  private static TestbedException wrong(String message) {
    return new TestbedException(TestbedException.Cause.WRONG_COMMAND, message);
  }
}
