package dev.backline.balancer.sim;

import dev.backline.balancer.control.Effect;
import dev.backline.balancer.model.Verdict;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * A backend of which nothing changes isn't put out again and again.
 *
 * <p>Where it answers its probes always or never, it is out for its connections once, and returns
 * on trial if its probes pass; each time that it is ejected lasts at least as long as the design
 * says: 1, 2, 4, 8, 16, and then 30 s; one that is taken back, since most of the pool answers
 * badly, counts once in the two seconds for which that is held against all. Where its probes pass
 * or fail by chance, as those of one that is slow, it is out for half a second each time, before it
 * is probed again.
 */
final class NoFlapping extends Check {
  private static final int FIRST = 2;
  private static final long PARDON_NANOS = 2 * Agenda.SECOND;
  private static final long OUT_NANOS = 500 * Agenda.MILLI;

  /** A time in which nothing changes about a backend, for a member. */
  private record Calm(SimulatedMember member, SimulatedBackend backend, long sinceNanos) {}

  private final Map<Calm, Integer> outs = new LinkedHashMap<>();
  private final Map<Calm, Integer> pardons = new LinkedHashMap<>();

  NoFlapping(World world) {
    super(world);
  }

  @Override
  void onVerdict(SimulatedMember member, Effect.TellVerdict verdict) {
    SimulatedBackend backend = world.backend(verdict.backend().id());
    long sinceNanos = world.steadySinceNanos(member, backend);
    if (sinceNanos > nowNanos()) {
      return; // Its name is about to be looked up again.
    }
    Calm calm = new Calm(member, backend, sinceNanos);
    if (verdict.from() == Verdict.EJECTED && verdict.to() == Verdict.UP) {
      pardons.merge(calm, 1, Integer::sum);
    }
    if (isOut(verdict.from()) || !isOut(verdict.to())) {
      return;
    }
    int times = outs.merge(calm, 1, Integer::sum);
    long calmNanos = nowNanos() - sinceNanos;
    int pardoned = Math.min(pardons.getOrDefault(calm, 0), 1 + (int) (calmNanos / PARDON_NANOS));
    int most =
        FIRST
            + pardoned
            + (backend.isConstant() ? ejections(calmNanos) : (int) (calmNanos / OUT_NANOS));
    if (times > most) {
      throw violation(
          "%s is out on %s for the %d. time in %d ms in which nothing changed (expected: <= %d)"
              .formatted(backend.name(), member, times, millis(calmNanos), most));
    }
  }

  /** Returns how many ejections, one after the other, may have ended in that time. */
  private static int ejections(long nanos) {
    int ended = 0;
    long lastsNanos = Agenda.SECOND;
    for (long left = nanos - lastsNanos; left >= 0; left -= lastsNanos) {
      ended++;
      lastsNanos = Math.min(2 * lastsNanos, Bounds.LONGEST_EJECTION_NANOS);
    }
    return ended;
  }

  private static boolean isOut(Verdict verdict) {
    return switch (verdict) {
      case EJECTED, DOWN, REFUSING, DRAINING -> true;
      case UNPROVEN, UP, SUSPECT, TRIAL -> false;
    };
  }
}
