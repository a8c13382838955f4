package dev.backline.balancer.sim;

import static org.assertj.core.api.Assertions.assertThat;

import dev.backline.balancer.control.PoolPolicy;
import dev.backline.balancer.model.Outcome;
import dev.backline.balancer.retry.Step;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Function;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Named faults on three backends with the default policies, and what clients see of them. */
final class ScenarioTest {
  private static final int SEEDS = 20;

  /**
   * Counts exchanges without an answer, by method. Those whose client left aren't counted, nor
   * those whose answer was under way or whose body was too large: nothing can save these.
   */
  private static final class Failed extends Check {
    final Map<String, Integer> byMethod = new TreeMap<>();
    int retried;

    Failed(World world) {
      super(world);
    }

    @Override
    void onStep(SimulatedExchange exchange, Outcome outcome, Step step) {
      if (step instanceof Step.TryOn) {
        retried++;
      }
    }

    @Override
    void onEnd(SimulatedExchange exchange, SimulatedExchange.Fate fate, boolean again) {
      switch (fate) {
        case ANSWERED, CLIENT_GONE, CUT_OFF -> {}
        case GIVEN_UP, QUEUE_FULL -> byMethod.merge(exchange.head.method(), 1, Integer::sum);
      }
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"KILL", "FLAP"})
  void killedBackendLosesNoGetAndFewPosts(Fault.Kind kind) {
    int retried = 0;
    int posts = 0;
    for (int seed = 1; seed <= SEEDS; seed++) {
      Failed failed = run(seed, fault(kind, 2_000, 4_000));
      posts += failed.byMethod.getOrDefault("POST", 0);
      failed.byMethod.remove("POST");
      assertThat(failed.byMethod).as("seed %d", seed).isEmpty();
      retried += failed.retried;
    }
    assertThat(retried).isPositive();
    // One in flight on it, at most, each time that it is killed.
    assertThat(posts).isLessThan(kind == Fault.Kind.KILL ? SEEDS : 8 * SEEDS);
  }

  @Test
  void announcedStopLosesNothing() {
    for (int seed = 1; seed <= SEEDS; seed++) {
      assertThat(run(seed, fault(Fault.Kind.DRAIN, 2_000, 5_000)).byMethod)
          .as("seed %d", seed)
          .isEmpty();
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"UNLIST", "WISH", "ADD", "RELOAD", "CONTROL_LAG"})
  void whatAnOperatorDoesLosesNothing(Fault.Kind kind) {
    for (int seed = 1; seed <= SEEDS; seed++) {
      assertThat(run(seed, fault(kind, 2_000, 4_000)).byMethod).as("seed %d", seed).isEmpty();
    }
  }

  @Test
  void backendThatAnswersErrorsIsOutAfterAFew() {
    for (int seed = 1; seed <= SEEDS; seed++) {
      Simulation.Run run =
          simulate(seed, List.of(fault(Fault.Kind.LYING_ERRORS, 2_000, 6_000)), List.of());
      assertThat(run.census().of("verdict", "EJECTED")).as("seed %d", seed).isPositive();
    }
  }

  /** Of a machine that others share, say. */
  @Test
  void memberThatStandsStillAllTheTimeSeesABackendHangAllTheSame() {
    List<Fault> faults = new ArrayList<>();
    faults.add(fault(Fault.Kind.HANG, 2_000, 10_000));
    for (int at = 1_500; at < 9_800; at += 400) {
      faults.add(fault(Fault.Kind.STANDSTILL, at, at + 130));
    }
    for (int seed = 1; seed <= SEEDS; seed++) {
      Simulation.Run run = simulate(seed, faults, Simulation.CHECKS);
      assertThat(run.census().of("verdict", "DOWN")).as("seed %d", seed).isEqualTo(1);
    }
  }

  private static Failed run(int seed, Fault fault) {
    List<Failed> made = new ArrayList<>();
    List<Function<World, Check>> checks = new ArrayList<>(Simulation.CHECKS);
    checks.add(
        world -> {
          made.add(new Failed(world));
          return made.get(0);
        });
    simulate(seed, List.of(fault), checks);
    return made.get(0);
  }

  private static Simulation.Run simulate(
      int seed, List<Fault> faults, List<Function<World, Check>> checks) {
    PoolPolicy policy = PoolPolicy.ofDefaults(Options.POOL);
    Options options =
        new Options(
            seed,
            0,
            2,
            List.of(1, 1, 1),
            policy,
            List.of(policy),
            100,
            20,
            10 * Agenda.MILLI,
            Agenda.MILLI / 2,
            5 * Agenda.SECOND,
            10 * Agenda.SECOND,
            faults);
    Simulation.Run run = Simulation.run(options, Core.REAL, checks);
    if (run.violation() != null) {
      throw run.violation();
    }
    return run;
  }

  private static Fault fault(Fault.Kind kind, long beginMillis, long endMillis) {
    return new Fault(kind, 2, beginMillis * Agenda.MILLI, endMillis * Agenda.MILLI, 100);
  }
}
