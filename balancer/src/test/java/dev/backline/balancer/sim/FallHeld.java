package dev.backline.balancer.sim;

import dev.backline.balancer.control.BackendView;
import dev.backline.balancer.control.Effect;
import dev.backline.balancer.health.ProbeResult;
import dev.backline.balancer.model.BackendId;
import dev.backline.balancer.model.Verdict;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * As many failed probes in a row as the policy says take a backend out, and no more. Only where the
 * member itself was well all the time, and its policy stayed: else some of them count no longer.
 */
final class FallHeld extends Check {
  private record Place(SimulatedMember member, BackendId backend) {}

  private final Map<Place, Integer> failed = new LinkedHashMap<>();
  private final boolean concerned;

  FallHeld(World world) {
    super(world);
    Options options = world.options;
    this.concerned =
        !options.has(Fault.Kind.CONTROL_LAG)
            && !options.has(Fault.Kind.STANDSTILL)
            && !options.has(Fault.Kind.FREEZE)
            && !options.has(Fault.Kind.RELOAD)
            && !options.has(Fault.Kind.UNLIST);
  }

  /** What speaks for it ends the row: a quick probe too, or a byte. */
  @Override
  void onVerdict(SimulatedMember member, Effect.TellVerdict verdict) {
    if (verdict.to() == Verdict.UP) {
      failed.remove(new Place(member, verdict.backend().id()));
    }
  }

  @Override
  void onQuickProbed(SimulatedMember member, BackendId backend, ProbeResult result) {
    if (!(result instanceof ProbeResult.Failed)) {
      failed.remove(new Place(member, backend));
    }
  }

  @Override
  void onProbed(SimulatedMember member, BackendId backend, ProbeResult result) {
    Place place = new Place(member, backend);
    if (!(result instanceof ProbeResult.Failed probe)) {
      failed.remove(place);
      return;
    }
    if (probe.cause() != null && probe.cause().isLocal()) {
      return;
    }
    int times = failed.merge(place, 1, Integer::sum);
    BackendView view = member.view(backend);
    int fall = world.policy().health().fall();
    if (view == null || view.verdict().isOut()) {
      return;
    }
    if (concerned && times >= fall && !member.doubtedSince(nowNanos() - Agenda.SECOND)) {
      throw violation(
          "%d probes of %s failed in a row, and it is %s on %s (expected: out after %d)"
              .formatted(times, view.backend().name(), view.verdict(), member, fall));
    }
  }
}
