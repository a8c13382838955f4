package dev.backline.balancer.sim;

import dev.backline.balancer.control.Effect;
import dev.backline.balancer.model.BackendId;
import dev.backline.balancer.model.Verdict;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * A backend is out for its answers for a second, and twice as long each time that it is ejected
 * again before it was well for a minute, up to 30 s: no shorter, and no longer.
 */
final class EjectionTimes extends Check {
  private static final long FIRST_NANOS = Agenda.SECOND;
  private static final long LONGEST_NANOS = 30 * Agenda.SECOND;
  private static final long CLEAN_NANOS = 60 * Agenda.SECOND;

  /** A tick, and what the control loop may be late. */
  private static final long LATE_NANOS = 20 * Agenda.MILLI + World.LONGEST_LAG_NANOS;

  private record Place(SimulatedMember member, BackendId backend) {}

  private final Map<Place, Long> ejectedNanos = new LinkedHashMap<>();
  private final Map<Place, Long> overNanos = new LinkedHashMap<>();
  private final Map<Place, Long> lastedNanos = new LinkedHashMap<>();
  private final boolean concerned;

  EjectionTimes(World world) {
    super(world);
    Options options = world.options;
    this.concerned =
        !options.has(Fault.Kind.STANDSTILL)
            && !options.has(Fault.Kind.FREEZE)
            && !options.has(Fault.Kind.UNLIST);
  }

  @Override
  void onVerdict(SimulatedMember member, Effect.TellVerdict verdict) {
    Place place = new Place(member, verdict.backend().id());
    if (verdict.to() == Verdict.EJECTED) {
      ejectedNanos.put(place, nowNanos());
      return;
    }
    Long since = ejectedNanos.remove(place);
    boolean served = verdict.to() == Verdict.TRIAL || verdict.to() == Verdict.SUSPECT;
    if (since == null || !served || !concerned) {
      lastedNanos.remove(place); // It went down meanwhile: how long it was out says nothing.
      return;
    }
    long lasted = nowNanos() - since;
    Long before = lastedNanos.get(place);
    boolean clean = since - overNanos.getOrDefault(place, since) >= CLEAN_NANOS;
    long least =
        before == null || clean ? FIRST_NANOS : Math.min(LONGEST_NANOS, 2 * (before - LATE_NANOS));
    if (lasted < least || lasted > LONGEST_NANOS + LATE_NANOS) {
      throw violation(
          "%s was ejected for %d ms on %s (expected: %d to %d ms)"
              .formatted(
                  verdict.backend().name(),
                  millis(lasted),
                  member,
                  millis(least),
                  millis(LONGEST_NANOS)));
    }
    lastedNanos.put(place, lasted);
    overNanos.put(place, nowNanos());
  }

  @Override
  boolean isSatisfied() {
    for (Map.Entry<Place, Long> each : ejectedNanos.entrySet()) {
      boolean lives = world.members().contains(each.getKey().member());
      if (concerned && lives && nowNanos() - each.getValue() > LONGEST_NANOS + LATE_NANOS) {
        throw violation(
            "%s is ejected since %d ms (expected: at most %d)"
                .formatted(
                    world.backend(each.getKey().backend()).name(),
                    millis(nowNanos() - each.getValue()),
                    millis(LONGEST_NANOS)));
      }
    }
    return true;
  }
}
