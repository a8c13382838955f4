package dev.backline.balancer.sim;

import dev.backline.balancer.incident.Incident;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Runs the pure core through faults and their healing, in simulated time: first nothing may go
 * wrong that must not (safety), then all must be well again (liveness).
 */
final class Simulation {
  /** All promises that are checked in every run. */
  static final List<Function<World, Check>> CHECKS =
      List.of(
          KnownDeadGetsNothing::new,
          DetectionBound::new,
          SilenceSeen::new,
          NeverTwice::new,
          NeverOvertaken::new,
          OneEnd::new,
          AttemptsBounded::new,
          WaitsBounded::new,
          RetryBudgetHeld::new,
          NeverStranded::new,
          EligibleAgain::new,
          FairShare::new,
          KeysStay::new,
          InnocentStaysUp::new,
          EjectionBounded::new,
          OneOnTrial::new,
          NoFlapping::new,
          FallHeld::new,
          NotTooSoon::new,
          BadAnswersEject::new,
          EjectionTimes::new,
          EjectionSeconded::new,
          RiseHeld::new,
          CapHeld::new,
          ProbesBounded::new,
          MembersAgree::new,
          TombstonesHold::new,
          LeaseHeld::new,
          RegistrationsAgree::new,
          IsolatedOnlyIfCut::new,
          CutOffTakesNobodyOut::new,
          SlowStartHeld::new);

  private static final long LONGEST_HEALING_NANOS = 90 * Agenda.SECOND;
  private static final long CLOSING_SLACK_NANOS = Agenda.SECOND;
  private static final long LOOK_NANOS = 100 * Agenda.MILLI;

  /**
   * A run.
   *
   * @param digest of all that happened
   * @param violation the promise that was broken, if any
   * @param incidents what each member was told that lives at the end, where one was broken
   */
  record Run(
      long seed,
      long digest,
      long events,
      int exchanges,
      long simulatedMillis,
      Census census,
      @Nullable Violation violation,
      List<Incident> incidents) {}

  private Simulation() {}

  static Run run(long seed) {
    return run(Options.of(seed), Core.REAL, CHECKS);
  }

  static Run run(Options options, Core core, List<Function<World, Check>> checks) {
    World world = new World(options, core, checks);
    Violation violation = null;
    try {
      untilHealedAndWell(world);
      untilAllHaveEnded(world);
      world.checks.forEach(Check::onFinished);
    } catch (Violation e) {
      violation = e;
    }
    return new Run(
        options.seed(),
        world.trace.digest(),
        world.trace.count(),
        world.begun(),
        world.agenda.elapsedMillis(),
        world.census,
        violation,
        violation == null ? List.of() : incidents(world, violation));
  }

  private static List<Incident> incidents(World world, Violation violation) {
    String why = "seed " + world.options.seed() + ": " + violation.check();
    Incident.Header header =
        new Incident.Header(
            "simulation", List.of(why), world.agenda.elapsedMillis(), world.agenda.nowNanos());
    List<Incident> incidents = new ArrayList<>();
    for (SimulatedMember member : world.members()) {
      Incident incident = member.incident(header);
      if (incident != null) {
        incidents.add(incident);
      }
    }
    return incidents;
  }

  private static void untilHealedAndWell(World world) {
    long latestNanos = world.options.healNanos() + LONGEST_HEALING_NANOS;
    long nextLookNanos = 0;
    while (true) {
      world.agenda.step();
      long elapsedNanos = world.agenda.elapsedNanos();
      if (world.isHealed() && elapsedNanos >= nextLookNanos) {
        nextLookNanos = elapsedNanos + LOOK_NANOS;
        Check waiting = firstUnsatisfied(world);
        if (waiting == null) {
          return;
        }
        if (elapsedNanos > latestNanos) {
          throw waiting.violation(
              "still not satisfied %d ms after all faults were over (expected: <= %d ms)"
                  .formatted(
                      Check.millis(elapsedNanos - world.options.healNanos()),
                      Check.millis(LONGEST_HEALING_NANOS)));
        }
      }
    }
  }

  private static void untilAllHaveEnded(World world) {
    world.close();
    long latestNanos =
        world.agenda.elapsedNanos()
            + new Bounds(world.options).exchangeNanos()
            + CLOSING_SLACK_NANOS;
    while (world.ended() < world.begun() && world.agenda.elapsedNanos() < latestNanos) {
      world.agenda.step();
    }
  }

  private static @Nullable Check firstUnsatisfied(World world) {
    for (Check check : world.checks) {
      if (!check.isSatisfied()) {
        return check;
      }
    }
    return null;
  }
}
