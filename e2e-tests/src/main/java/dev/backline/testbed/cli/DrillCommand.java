package dev.backline.testbed.cli;

import dev.backline.testbed.check.Result;
import dev.backline.testbed.drill.Drill;
import dev.backline.testbed.drill.DrillRun;
import dev.backline.testbed.drill.Drills;
import dev.backline.testbed.driver.Programs;
import dev.backline.testbed.driver.TestbedException;
import dev.backline.testbed.load.Load;
import dev.backline.testbed.report.Report;
import java.io.PrintStream;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParseResult;

/**
 * {@code drill NAME}: runs a drill and judges it. Exit code 0 PASS, 1 FAIL, 6 INVALID or skipped.
 */
record DrillCommand(Place place, PrintStream out) implements Command {
  private static final String ALL = "all";
  private static final int FAILED = 1;
  private static final int INVALID = 6;
  private static final int MOST_SECONDS = 600;

  @Override
  public CommandSpec spec() {
    CommandSpec spec =
        Arguments.command(
                "drill", "Breaks something under load and accounts for every single request.")
            .addPositional(Arguments.word("NAME", "One of the drills below, or all."))
            .addOption(Arguments.number("--rate", 200, "Requests a second"))
            .addOption(
                Arguments.number(
                    "--seconds",
                    0,
                    "Length of the load, at most 600, if longer than the drill needs"));
    List<String> drills =
        Drills.all().stream().map(d -> "  %-20s %s".formatted(d.name(), d.fault())).toList();
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
    int rate = Arguments.within(arguments, "--rate", 200, 1, Load.MOST_RATE);
    Duration seconds =
        Duration.ofSeconds(Arguments.within(arguments, "--seconds", 0, 0, MOST_SECONDS));
    List<Drill> chosen = name.equals(ALL) ? Drills.all() : List.of(named(name));
    Map<String, Optional<Result>> results = new LinkedHashMap<>();
    for (Drill drill : chosen) {
      results.put(drill.name(), run(drill.lasting(seconds), rate));
    }
    List<Result> ran = results.values().stream().flatMap(Optional::stream).toList();
    if (chosen.size() > 1) {
      results.forEach(
          (drill, result) ->
              out.printf("  %-20s %s%n", drill, result.map(Result::name).orElse("skipped")));
      out.printf("%d of %d drills ran%n", ran.size(), chosen.size());
    }
    return exitCode(ran);
  }

  /** The worst of those that ran; if none did, nothing was proved. */
  static int exitCode(List<Result> ran) {
    if (ran.contains(Result.FAIL)) {
      return FAILED;
    }
    return ran.contains(Result.INVALID) || ran.isEmpty() ? INVALID : 0;
  }

  /** Empty if it can't be run here, which is told. */
  private Optional<Result> run(Drill drill, int rate) throws TestbedException {
    Path directory = place.root().resolve("target/drills").resolve(drill.name());
    DrillRun.Options options =
        new DrillRun.Options(directory, Programs.ofBuild(place.root()), rate, out::println);
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
