package dev.backline.balancer.sim;

import dev.backline.balancer.control.Effect;
import dev.backline.balancer.health.ProbeResult;
import dev.backline.balancer.health.SelfDoubt;
import dev.backline.balancer.model.BackendId;
import dev.backline.balancer.model.Verdict;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * What is out for its probes or connections comes back after as many passes in a row as the policy
 * says, and not before. Only where the policy stayed.
 */
final class RiseHeld extends Check {
  private record Place(SimulatedMember member, BackendId backend) {}

  private final Map<Place, Integer> passed = new LinkedHashMap<>();
  private final boolean concerned;

  RiseHeld(World world) {
    super(world);
    this.concerned = !world.options.has(Fault.Kind.RELOAD);
  }

  @Override
  void onVerdict(SimulatedMember member, Effect.TellVerdict verdict) {
    Place place = new Place(member, verdict.backend().id());
    if (isDown(verdict.to())) {
      passed.remove(place);
    } else if (concerned && isDown(verdict.from()) && !isTakenBack(member, verdict)) {
      int times = passed.getOrDefault(place, 0) + 1; // This one is told of only now.
      int rise = world.policy().health().rise();
      if (times < rise) {
        throw violation(
            "%s is %s on %s after %d passes in a row (expected: after %d)"
                .formatted(verdict.backend().name(), verdict.to(), member, times, rise));
      }
    }
  }

  @Override
  void onProbed(SimulatedMember member, BackendId backend, ProbeResult result) {
    Place place = new Place(member, backend);
    if (result instanceof ProbeResult.Passed) {
      passed.merge(place, 1, Integer::sum);
    } else if (!isOurs(result) && !stoodStill(member)) {
      passed.remove(place);
    }
  }

  /** One that fails says little: a quick probe has less patience. */
  @Override
  void onQuickProbed(SimulatedMember member, BackendId backend, ProbeResult result) {
    if (result instanceof ProbeResult.Passed) {
      onProbed(member, backend, result);
    }
  }

  /** What failed while the member stood still says nothing. */
  private boolean stoodStill(SimulatedMember member) {
    long timeoutNanos = world.policy().health().timeout().toNanos();
    return member.thread.stoodStillNanosSince(nowNanos() - 2 * timeoutNanos) > 0;
  }

  /** By a member that is cut off from it: only suspect, as it had no reason. */
  private static boolean isTakenBack(SimulatedMember member, Effect.TellVerdict verdict) {
    return verdict.to() == Verdict.SUSPECT && member.doubt() == SelfDoubt.State.ISOLATED;
  }

  /** A failure of this machine says nothing. */
  private static boolean isOurs(ProbeResult result) {
    return result instanceof ProbeResult.Failed failed
        && failed.cause() != null
        && failed.cause().isLocal();
  }

  private static boolean isDown(Verdict verdict) {
    return switch (verdict) {
      case DOWN, REFUSING, DRAINING -> true;
      case UNPROVEN, UP, SUSPECT, EJECTED, TRIAL -> false;
    };
  }
}
