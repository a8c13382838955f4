package dev.backline.balancer.sim;

import dev.backline.balancer.control.Effect;

/**
 * A backend with which nothing was ever wrong is never taken out, whatever happens to others or
 * here.
 */
final class InnocentStaysUp extends Check {
  InnocentStaysUp(World world) {
    super(world);
  }

  @Override
  void onVerdict(Effect.TellVerdict verdict) {
    boolean out =
        switch (verdict.to()) {
          case EJECTED, DOWN, REFUSING, DRAINING -> true;
          case UNPROVEN, UP, SUSPECT, TRIAL -> false;
        };
    SimulatedBackend backend = world.backend(verdict.backend().id());
    if (out && !backend.wasEverStruck()) {
      throw violation(
          "%s is %s for \"%s\", but nothing was ever wrong with it (expected: UP or SUSPECT)"
              .formatted(backend.name(), verdict.to(), verdict.reason()));
    }
  }
}
