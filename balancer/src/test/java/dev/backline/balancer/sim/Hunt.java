package dev.backline.balancer.sim;

import java.util.List;
import java.util.function.Function;
import java.util.function.IntFunction;
import org.jspecify.annotations.Nullable;

/**
 * Runs a seed with one check alone, and returns what is broken, or {@code null}. Made by {@link
 * MutantLoader} in a world of classes of its own, it speaks in classes of the JDK.
 */
final class Hunt implements IntFunction<@Nullable String> {
  private final Function<World, Check> check;

  Hunt(String name) {
    this.check =
        Simulation.CHECKS.stream()
            .filter(each -> Check.nameOf(each).equals(name))
            .findFirst()
            .orElseThrow(() -> new AssertionError("no such check: " + name));
  }

  @Override
  public @Nullable String apply(int seed) {
    Simulation.Run run = Simulation.run(Options.of(seed), Core.REAL, List.of(check));
    return run.violation() == null ? null : run.violation().getMessage();
  }
}
