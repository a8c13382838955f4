package dev.backline.balancer.sim;

/** A promise that was broken in a run, with all that it takes to see how. */
final class Violation extends AssertionError {
  private static final long serialVersionUID = 1;
  private final long seed;
  private final String check;

  Violation(Check check, World world, String text) {
    super(
        "seed %d: t=%dms: %s%n  check %s%n  %s%n  the last of %d events:%n  %s%n"
            .formatted(
                world.options.seed(),
                world.agenda.elapsedMillis(),
                text,
                check.getClass().getSimpleName(),
                world.options.toString().replace("\n", "\n  "),
                world.trace.count(),
                String.join("\n  ", world.trace.told())));
    this.seed = world.options.seed();
    this.check = check.getClass().getSimpleName();
  }

  long seed() {
    return seed;
  }

  String check() {
    return check;
  }
}
