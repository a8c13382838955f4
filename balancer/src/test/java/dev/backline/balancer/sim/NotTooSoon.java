package dev.backline.balancer.sim;

import dev.backline.balancer.control.Effect;
import dev.backline.balancer.control.Event;
import dev.backline.balancer.health.Evidence;
import dev.backline.balancer.health.ProbeResult;
import dev.backline.balancer.model.BackendId;
import dev.backline.balancer.model.Cause;
import dev.backline.balancer.model.Verdict;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * A backend that was in service is down only after as many failed probes as the policy says, or
 * after two failures of connections, since a probe of it passed or it was up.
 */
final class NotTooSoon extends Check {
  private static final int STRIKES = 2;

  private record Place(SimulatedMember member, BackendId backend) {}

  private static final class Against {
    int probes;
    int strikes;
  }

  private final Map<Place, Against> against = new LinkedHashMap<>();
  private final Map<Place, Long> turnedNanos = new LinkedHashMap<>();
  private final boolean concerned;

  /** Failures of connections that were told with, and after, a byte that may have made it up. */
  private int sinceHeard;

  NotTooSoon(World world) {
    super(world);
    this.concerned = !world.options.has(Fault.Kind.RELOAD);
  }

  @Override
  void onTold(SimulatedMember member, Event event) {
    sinceHeard = 0;
    if (event instanceof Event.ProbeFinished probe) {
      onProbe(new Place(member, probe.backend()), probe.result(), probe.startNanos());
    } else if (event instanceof Event.QuickProbeFinished probe) {
      onProbe(new Place(member, probe.backend()), probe.result(), probe.startNanos());
    } else if (event instanceof Event.EvidenceSeen seen) {
      for (Evidence evidence : seen.evidence()) {
        if (evidence instanceof Evidence.Transport) {
          at(new Place(member, seen.backend())).strikes++;
          sinceHeard++;
        } else if (evidence instanceof Evidence.Heard) {
          sinceHeard = 0;
        }
      }
    }
  }

  private void onProbe(Place place, ProbeResult result, long startNanos) {
    if (result instanceof ProbeResult.Passed) {
      if (startNanos >= turnedNanos.getOrDefault(place, Long.MIN_VALUE)) {
        against.remove(place); // An older one may say nothing of what came since.
      }
    } else if (result instanceof ProbeResult.Failed failed) {
      at(place).probes++;
      if (failed.cause() != null && failed.cause() != Cause.TIMEOUT) {
        at(place).strikes++;
      }
    }
  }

  @Override
  void onVerdict(SimulatedMember member, Effect.TellVerdict verdict) {
    Place place = new Place(member, verdict.backend().id());
    turnedNanos.put(place, nowNanos());
    if (verdict.to() == Verdict.UP) {
      if (verdict.from() != Verdict.EJECTED) {
        against.remove(place); // Who was pardoned may be silent meanwhile.
      }
      at(place).strikes = sinceHeard;
      return;
    }
    boolean down = verdict.to() == Verdict.DOWN || verdict.to() == Verdict.REFUSING;
    if (!concerned || !down || verdict.from().isOut()) {
      return;
    }
    Against seen = at(place);
    int fall = world.policy().health().fall();
    if (seen.probes < fall && seen.strikes < STRIKES) {
      throw violation(
          "%s is %s on %s after %d failed probes and %d connections (expected: %d, or %d)"
              .formatted(
                  verdict.backend().name(),
                  verdict.to(),
                  member,
                  seen.probes,
                  seen.strikes,
                  fall,
                  STRIKES));
    }
  }

  private Against at(Place place) {
    return against.computeIfAbsent(place, p -> new Against());
  }
}
