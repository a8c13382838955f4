package dev.backline.balancer.sim;

import java.io.IOException;
import java.nio.file.Path;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.stream.LongStream;

/**
 * Runs many seeds and tells what came of them: {@code ./backline simulate}. Exits with 1 if a
 * promise broke, with 2 for wrong arguments.
 */
final class Simulate {
  private static final String USAGE =
      """
      ./backline simulate [--seeds 1000] [--first 1]
          runs the decisions of a cluster through that many runs of faults, each decided by its seed,
          and tells what was promised and broken, how often everything occurred, how soon what fell
          silent was out, and who was put out that was well; seeds that failed are kept for ever in
          balancer's sim/seeds.txt, the first two of each promise
      """;
  private static final int AT_ONCE = 500;
  private static final int WORST = 5;
  private static final int TOLD = 2;
  private static final int SEEDS_TOLD = 50;

  /** A run, and how well it went. */
  private record Result(Simulation.Run run, Findings findings) {
    static Result of(long seed) {
      List<Findings> made = new ArrayList<>();
      List<Function<World, Check>> checks = new ArrayList<>(Simulation.CHECKS);
      checks.add(
          world -> {
            made.add(new Findings(world));
            return made.get(0);
          });
      Simulation.Run run = Simulation.run(Options.of(seed), Core.REAL, checks);
      return new Result(run, made.get(0));
    }
  }

  /** How long it took to see one silent backend. */
  private record Detection(long millis, long seed) {}

  private static final Path RECORDS = Path.of("target/simulation");

  private final Census census = new Census();
  private final List<Path> records = new ArrayList<>();
  private final Map<String, List<Violation>> violations = new TreeMap<>();
  private final List<Detection> detections = new ArrayList<>();
  private final List<Long> falselyEjecting = new ArrayList<>();
  private int falseEjections;
  private long millis;

  /** Runs what the arguments say. */
  public static void main(String[] args) {
    long first = 1;
    long seeds = 1_000;
    for (int i = 0; i < args.length; i += 2) {
      if (args[i].equals("--help")) {
        System.out.print(USAGE);
        return;
      }
      if (i + 1 == args.length || !args[i + 1].matches("[0-9]{1,9}")) {
        wrong(args[i] + " (expected: a number of at most nine digits after it)");
      }
      switch (args[i]) {
        case "--first" -> first = Long.parseLong(args[i + 1]);
        case "--seeds" -> seeds = Long.parseLong(args[i + 1]);
        default -> wrong(args[i] + " (expected: --seeds or --first)");
      }
    }
    Simulate simulate = new Simulate();
    long beganNanos = System.nanoTime();
    for (long from = first; from < first + seeds; from += AT_ONCE) {
      long to = Math.min(from + AT_ONCE, first + seeds);
      LongStream.range(from, to).parallel().mapToObj(Result::of).toList().forEach(simulate::add);
      System.err.printf("%d of %d seeds%n", to - first, seeds);
    }
    simulate.tell(seeds, (System.nanoTime() - beganNanos) / 1_000_000_000);
    System.exit(simulate.violations.isEmpty() ? 0 : 1);
  }

  private static void wrong(String what) {
    System.err.printf("simulate: %s%n%s", what, USAGE);
    System.exit(2);
  }

  private void add(Result result) {
    Simulation.Run run = result.run();
    census.add(run.census(), run.simulatedMillis());
    millis += run.simulatedMillis();
    for (long each : result.findings().detectedMillis()) {
      detections.add(new Detection(each, run.seed()));
    }
    if (result.findings().falseEjections() > 0) {
      falseEjections += result.findings().falseEjections();
      falselyEjecting.add(run.seed());
    }
    if (run.violation() != null) {
      records.addAll(Records.write(run, RECORDS));
      violations
          .computeIfAbsent(run.violation().check(), check -> new ArrayList<>())
          .add(run.violation());
    }
  }

  private void tell(long seeds, long seconds) {
    System.out.printf("%s", census);
    System.out.printf(
        "%n%d seeds, %d simulated minutes in %d s%n", seeds, millis / 60_000, seconds);
    tellDetections();
    System.out.printf(
        "put out though well for a second (after a fault of theirs): %d times in %d seeds: %s%n",
        falseEjections,
        falselyEjecting.size(),
        falselyEjecting.subList(0, Math.min(10, falselyEjecting.size())));
    violations.forEach(
        (check, all) -> {
          System.out.printf("%n%s: broken in %d seeds%n", check, all.size());
          all.stream().limit(TOLD).forEach(this::tell);
          System.out.printf(
              "all of them: %s%n", all.stream().map(Violation::seed).limit(SEEDS_TOLD).toList());
        });
    records.stream().limit(TOLD).forEach(file -> System.out.println("./backline replay " + file));
  }

  private void tell(Violation violation) {
    System.out.println(violation.getMessage());
    String file = System.getProperty("simulation.kept");
    if (file == null) {
      System.out.printf("not kept (expected: -Dsimulation.kept=.../sim/seeds.txt)%n");
      return;
    }
    LocalDate today = LocalDate.now(ZoneOffset.UTC);
    try {
      boolean added = KeptSeeds.keep(Path.of(file), violation.seed(), violation.check(), today);
      System.out.printf(
          "seed %d %s %s%n", violation.seed(), added ? "is kept from now on in" : "is in", file);
    } catch (IOException e) {
      System.out.printf("seed %d is not kept: %s%n", violation.seed(), e);
    }
  }

  private void tellDetections() {
    detections.sort((a, b) -> Long.compare(a.millis(), b.millis()));
    if (detections.isEmpty()) {
      return;
    }
    System.out.printf("silent backends were out after (ms, %d times):", detections.size());
    for (int percent : new int[] {10, 50, 90, 99}) {
      System.out.printf(
          " p%d %d", percent, detections.get((detections.size() - 1) * percent / 100).millis());
    }
    List<Detection> worst =
        new ArrayList<>(
            detections.subList(Math.max(0, detections.size() - WORST), detections.size()));
    Collections.reverse(worst);
    System.out.print("; the worst:");
    worst.forEach(each -> System.out.printf(" %d (seed %d)", each.millis(), each.seed()));
    System.out.println();
  }
}
