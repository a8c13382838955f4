package dev.backline.balancer.sim;

import static org.assertj.core.api.Assertions.assertThat;

import dev.backline.balancer.balance.Eligibility;
import dev.backline.balancer.control.Effect;
import dev.backline.balancer.control.Event;
import dev.backline.balancer.health.ProbeResult;
import dev.backline.balancer.health.SelfDoubt;
import dev.backline.balancer.model.Outcome;
import dev.backline.balancer.model.Verdict;
import dev.backline.balancer.retry.Step;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.parallel.Isolated;

/**
 * All promises in many simulated runs. {@code -Dsimulation.seeds=10000} runs more of them, {@code
 * -Dsimulation.first=4711} begins there.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@Isolated("thousands of runs in a minute, on all processors")
final class SimulationTest {
  private static final int SEEDS = Integer.getInteger("simulation.seeds", 2_000);
  private static final int FIRST = Integer.getInteger("simulation.first", 1);
  private static final int TOLD = 3;
  private static final long LEAST_MINUTES = 10;

  /** Of what people are told of backends that register, all but the addresses they moved to. */
  private static final Set<String> OF_REGISTRATIONS =
      Set.of(
          "registered",
          "withdrew",
          "its lease ended",
          "kept: a member that may have taken its renewals is silent");

  /** All turns of verdicts. */
  private static final Set<String> TURNS =
      Set.of(
          "UNPROVEN->UP",
          "UP->SUSPECT",
          "UP->DOWN",
          "UP->REFUSING",
          "UP->EJECTED",
          "UP->DRAINING",
          "SUSPECT->UP",
          "SUSPECT->DOWN",
          "SUSPECT->REFUSING",
          "SUSPECT->EJECTED",
          "DOWN->UP",
          "DOWN->TRIAL",
          "DOWN->REFUSING",
          "REFUSING->UP",
          "REFUSING->DOWN",
          "REFUSING->DRAINING",
          "REFUSING->SUSPECT",
          "EJECTED->TRIAL",
          "EJECTED->UP",
          "EJECTED->DOWN",
          "EJECTED->REFUSING",
          "TRIAL->UP",
          "TRIAL->SUSPECT",
          "TRIAL->EJECTED",
          "DRAINING->UP",
          "DRAINING->REFUSING",
          "UNPROVEN->DRAINING",
          "EJECTED->SUSPECT",
          "SUSPECT->DRAINING",
          "EJECTED->DRAINING",
          "TRIAL->DOWN",
          "TRIAL->REFUSING",
          "TRIAL->DRAINING",
          "DOWN->DRAINING",
          "DOWN->SUSPECT",
          "DRAINING->DOWN",
          "DRAINING->TRIAL");

  private final Census census = new Census();
  private final List<Violation> violations = new ArrayList<>();
  private final List<Path> records = new ArrayList<>();

  @BeforeAll
  void runAll() {
    long beganNanos = System.nanoTime();
    long events = 0;
    long exchanges = 0;
    long simulatedMillis = 0;
    Set<Integer> seeds = seeds();
    List<Simulation.Run> runs = seeds.stream().parallel().map(Simulation::run).toList();
    for (Simulation.Run run : runs) {
      census.add(run.census(), run.simulatedMillis());
      events += run.events();
      exchanges += run.exchanges();
      simulatedMillis += run.simulatedMillis();
      if (run.violation() != null) {
        violations.add(run.violation());
        records.addAll(Records.write(run, Path.of("target/simulation")));
      }
    }
    System.out.printf(
        "%d runs, %d simulated minutes, %d exchanges, %d events in %d ms%n%s",
        seeds.size(),
        simulatedMillis / 60_000,
        exchanges,
        events,
        (System.nanoTime() - beganNanos) / 1_000_000,
        census);
  }

  @Test
  void promisesHoldInEveryRun() {
    StringBuilder told = new StringBuilder();
    violations.stream().limit(TOLD).forEach(v -> told.append(v.getMessage()).append('\n'));
    assertThat(violations).as("%srecords: %s%n", told, records).isEmpty();
  }

  @Test
  void everythingThatCanHappenHappened() {
    for (Fault.Kind kind : Fault.Kind.values()) {
      assertOccurred("fault", kind.name());
      assertThat(census.of("minutes", kind.name()) / 60_000)
          .as("minutes of traffic with %s", kind)
          .isGreaterThanOrEqualTo(LEAST_MINUTES * SEEDS / 2_000);
    }
    for (SelfDoubt.State state : SelfDoubt.State.values()) {
      assertOccurred("doubt", state.name());
    }
    for (Verdict verdict : Verdict.values()) {
      if (verdict != Verdict.UNPROVEN) { // Nothing turns unproven: it begins so.
        assertOccurred("verdict", verdict.name());
      }
    }
    assertOccurred("slot", "others came");
    assertThat(census.of("slot", "taken by another")).as("slots lost to another").isPositive();
    TURNS.forEach(turn -> assertOccurred("turn", turn));
    assertThat(TURNS).as("turns that can occur").containsAll(census.names("turn"));
    for (Eligibility eligibility : Eligibility.values()) {
      if (eligibility != Eligibility.NONE) {
        assertOccurred("selected", eligibility.name());
      }
    }
    for (SimulatedExchange.Fate fate : SimulatedExchange.Fate.values()) {
      assertOccurred("fate", fate.name());
    }
    assertAllOccurred("event", Event.class);
    assertAllOccurred("effect", Effect.class);
    assertAllOccurred("outcome", Outcome.class);
    assertAllOccurred("probe", ProbeResult.class);
    OF_REGISTRATIONS.forEach(what -> assertOccurred("registration", what));
    for (String evidence :
        List.of("Transport", "Request", "Local", "Overdue", "Silence", "Heard")) {
      assertOccurred("evidence", evidence);
    }
    for (Class<?> step : Step.class.getPermittedSubclasses()) {
      if (!step.equals(Step.GiveUp.class)) {
        assertOccurred("step", step.getSimpleName());
      }
    }
    for (int status : new int[] {499, 502, 503, 504}) {
      assertOccurred("step", "GiveUp " + status);
    }
    assertThat(census.of("selected", Eligibility.NONE.name())).isZero();
  }

  @Test
  void sameSeedSameRun() {
    for (int seed = FIRST; seed < FIRST + 20; seed++) {
      Simulation.Run once = Simulation.run(seed);
      Simulation.Run again = Simulation.run(seed);
      assertThat(again.digest()).as("digest of seed %d", seed).isEqualTo(once.digest());
      assertThat(again.events()).as("events of seed %d", seed).isEqualTo(once.events());
    }
  }

  @Test
  void anotherSeedAnotherRun() {
    Set<Long> digests = new LinkedHashSet<>();
    for (int seed = 1; seed <= 20; seed++) {
      digests.add(Simulation.run(seed).digest());
    }
    assertThat(digests).hasSize(20);
  }

  @Test
  void runsAreAsTheyWere() {
    List<String> lines = Digests.lines();
    assertThat(lines)
        .as(
            "seed, digest, events. If decisions were changed on purpose, these lines belong into"
                + " src/test/resources/dev/backline/balancer/sim/digests.txt:%n%s%n",
            String.join("\n", lines))
        .isEqualTo(Digests.resource("digests.txt"));
  }

  /** Another JVM has other salts for sets and maps, and here other identities and no compiler. */
  @Test
  void anotherJvmMakesTheSameRuns() throws Exception {
    List<String> command =
        new ArrayList<>(
            List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:+UnlockExperimentalVMOptions",
                "-XX:hashCode=3",
                "-Xint",
                "-Xmx128m",
                "-XX:+UseSerialGC",
                "-cp",
                System.getProperty("java.class.path"),
                Digests.class.getName()));
    List<Integer> seeds = Digests.SEEDS.subList(0, 3);
    seeds.forEach(seed -> command.add(seed.toString()));
    Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
    String printed = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(process.waitFor(2, TimeUnit.MINUTES)).as(printed).isTrue();
    assertThat(printed.lines().toList()).isEqualTo(Digests.lines().subList(0, seeds.size()));
  }

  private void assertAllOccurred(String group, Class<?> sealed) {
    for (Class<?> type : sealed.getPermittedSubclasses()) {
      if (type.isSealed()) {
        assertAllOccurred(group, type);
      } else {
        assertOccurred(group, type.getSimpleName());
      }
    }
  }

  private void assertOccurred(String group, String name) {
    assertThat(census.runsWith(group, name))
        .as("runs of %d with %s %s", SEEDS, group, name)
        .isGreaterThanOrEqualTo(SEEDS / 100);
  }

  /** Those of the file first: once they failed. */
  private static Set<Integer> seeds() {
    Set<Integer> seeds = KeptSeeds.of(Digests.resource("seeds.txt"));
    for (int seed = FIRST; seed < FIRST + SEEDS; seed++) {
      seeds.add(seed);
    }
    return seeds;
  }
}
