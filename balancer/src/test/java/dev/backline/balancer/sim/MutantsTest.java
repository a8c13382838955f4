package dev.backline.balancer.sim;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.function.IntFunction;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.FieldSource;

/**
 * Every check bites: each mistake in the real code is seen by the check that is named for it, run
 * alone, in one of the first seeds; and in the same seeds the real code breaks nothing.
 */
@Execution(ExecutionMode.CONCURRENT)
final class MutantsTest {
  private static final int SEEDS = 1_000;
  private static final MutantLoader REAL = MutantLoader.real();

  static final List<Mutant> MUTANTS = Mutants.ALL;

  @ParameterizedTest
  @FieldSource("MUTANTS")
  void mutantIsKilled(Mutant mutant) {
    IntFunction<@Nullable String> wrong = MutantLoader.of(mutant).hunt(mutant.check());
    IntFunction<@Nullable String> real = REAL.hunt(mutant.check());
    for (int seed = 1; seed <= SEEDS; seed++) {
      assertThat(real.apply(seed)).as("the real code, seed %d", seed).isNull();
      String broken = wrong.apply(seed);
      if (broken != null) {
        System.out.printf("%s in seed %d%n", mutant, seed);
        assertThat(broken).matches("(?s)seed " + seed + ": t=[0-9]+ms: .*expected: .*policy.*");
        return;
      }
    }
    throw new AssertionError(mutant + ": it lives, after " + SEEDS + " seeds (expected: killed)");
  }

  @Test
  void everyCheckKills() {
    Set<String> killers = new LinkedHashSet<>();
    MUTANTS.forEach(mutant -> killers.add(mutant.check()));
    assertThat(killers)
        .containsExactlyInAnyOrderElementsOf(
            Simulation.CHECKS.stream().map(Check::nameOf).toList());
  }

  @Test
  void namesAreNames() {
    assertThat(MUTANTS.stream().map(Mutant::name)).doesNotHaveDuplicates();
  }
}
