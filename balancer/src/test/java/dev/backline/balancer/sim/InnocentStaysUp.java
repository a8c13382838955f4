package dev.backline.balancer.sim;

import dev.backline.balancer.control.Effect;
import dev.backline.balancer.model.Verdict;

/**
 * A backend with which nothing was ever wrong, and that was never cut off from a member, is never
 * taken out, whatever happens to others or here. One that takes long on purpose, but longer than
 * heads are waited for, may be ejected for that, and no more.
 */
final class InnocentStaysUp extends Check {
  private static final long UNNOTICED_NANOS = 100 * Agenda.MILLI;

  InnocentStaysUp(World world) {
    super(world);
  }

  @Override
  void onVerdict(SimulatedMember member, Effect.TellVerdict verdict) {
    boolean out =
        switch (verdict.to()) {
          case EJECTED, DOWN, REFUSING, DRAINING -> true;
          case UNPROVEN, UP, SUSPECT, TRIAL -> false;
        };
    SimulatedBackend backend = world.backend(verdict.backend().id());
    boolean late =
        verdict.to() == Verdict.EJECTED && backend.everPolledNanos() >= world.options.headNanos();
    if (out
        && !late
        && !stoodStillUnnoticed(member, verdict)
        && !backend.wasEverStruck()
        && !world.network.wasEverCut(member, backend)) {
      throw violation(
          "%s is %s on %s for \"%s\", but nothing was ever wrong with it (expected: UP or SUSPECT)"
              .formatted(backend.name(), verdict.to(), member, verdict.reason()));
    }
  }

  /** A member that stood still for less than it notices may have missed an answer. */
  private boolean stoodStillUnnoticed(SimulatedMember member, Effect.TellVerdict verdict) {
    long timeoutNanos = world.policy().health().timeout().toNanos();
    long stoodNanos = member.thread.stoodStillNanosSince(nowNanos() - 2 * timeoutNanos);
    return verdict.to() == Verdict.DOWN && stoodNanos > 0 && stoodNanos <= UNNOTICED_NANOS;
  }
}
