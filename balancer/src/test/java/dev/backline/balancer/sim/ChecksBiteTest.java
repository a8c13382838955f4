package dev.backline.balancer.sim;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Function;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Every check catches the core that breaks its promise. */
final class ChecksBiteTest {
  private static final int SEEDS = 5_000;

  /** A wrong core, and the check that must see it. */
  record Plant(String name, Supplier<Core> core, Function<World, Check> check, String checkName) {
    @Override
    public String toString() {
      return name + " is caught by " + checkName;
    }
  }

  static List<Plant> plants() {
    return List.of(
        plant("stale eligibility", WrongCores::staleEligibility, KnownDeadGetsNothing::new),
        plant("hears no failures", WrongCores::hearsNoFailures, DetectionBound::new),
        plant("retries POST", WrongCores::retriesPost, NeverTwice::new),
        plant("retries what may run late", WrongCores::retriesWhatMayRunLate, NeverTwice::new),
        plant("answers twice", WrongCores::answersTwice, OneEnd::new),
        plant("waits for ever", WrongCores::waitsForEver, OneEnd::new),
        plant("tries too often", WrongCores::triesTooOften, AttemptsBounded::new),
        plant("forgets tried", WrongCores::forgetsTried, AttemptsBounded::new),
        plant("waits anew", WrongCores::waitsAnew, WaitsBounded::new),
        plant("ignores the budget", WrongCores::ignoresTheBudget, RetryBudgetHeld::new),
        plant("refuses all", WrongCores::refusesAll, NeverStranded::new),
        plant("never forgets down", WrongCores::neverForgetsDown, EligibleAgain::new),
        plant("never clears suspicion", WrongCores::neverClearsSuspicion, EligibleAgain::new),
        plant("always the first", WrongCores::alwaysTheFirst, FairShare::new),
        plant("never hears passes", WrongCores::neverHearsPasses, FairShare::new),
        plant("ignores the key", WrongCores::ignoresTheKey, KeysStay::new),
        plant(
            "blames backends for local failures",
            WrongCores::blamesBackendsForLocalFailures,
            InnocentStaysUp::new),
        plant(
            "blames backends for its standstills",
            WrongCores::blamesBackendsForItsStandstills,
            InnocentStaysUp::new),
        plant("ejects all", WrongCores::ejectsAll, EjectionBounded::new),
        plant("starts at once", WrongCores::startsAtOnce, SlowStartHeld::new));
  }

  @ParameterizedTest
  @MethodSource("plants")
  void wrongCoreIsCaught(Plant plant) {
    for (int seed = 1; seed <= SEEDS; seed++) {
      Simulation.Run run =
          Simulation.run(Options.of(seed), plant.core().get(), List.of(plant.check()));
      if (run.violation() != null) {
        assertThat(run.violation().check()).isEqualTo(plant.checkName());
        assertThat(run.violation())
            .hasMessageMatching("(?s)seed " + seed + ": t=[0-9]+ms: .*expected: .*policy.*");
        return;
      }
    }
    throw new AssertionError(plant + ": not in " + SEEDS + " seeds (expected: in one of them)");
  }

  @Test
  void everyCheckIsBitten() {
    Set<String> bitten = new LinkedHashSet<>();
    plants().forEach(plant -> bitten.add(plant.checkName()));
    assertThat(bitten)
        .containsExactlyInAnyOrderElementsOf(
            Simulation.CHECKS.stream().map(ChecksBiteTest::nameOf).toList());
  }

  private static Plant plant(String name, Supplier<Core> core, Function<World, Check> check) {
    return new Plant(name, core, check, nameOf(check));
  }

  private static String nameOf(Function<World, Check> check) {
    World world = new World(Options.of(1), Core.REAL, List.of());
    return check.apply(world).getClass().getSimpleName();
  }
}
