package dev.backline.balancer.sim;

import dev.backline.balancer.balance.SlowStart;
import dev.backline.balancer.control.BackendView;
import dev.backline.balancer.control.Effect;
import dev.backline.balancer.control.PoolSnapshot;
import dev.backline.balancer.model.BackendId;
import dev.backline.balancer.model.Verdict;
import java.util.LinkedHashMap;
import java.util.Map;

/** A backend that came back has no more than the weight that its slow start allows. */
final class SlowStartHeld extends Check {
  private static final long RETURN_NANOS = 2 * Agenda.SECOND;

  private record Place(SimulatedMember member, BackendId backend) {}

  private final Map<Place, SlowStart> expected = new LinkedHashMap<>();

  SlowStartHeld(World world) {
    super(world);
  }

  @Override
  void onVerdict(SimulatedMember member, Effect.TellVerdict verdict) {
    PoolSnapshot pool = member.pool();
    boolean back =
        verdict.to() == Verdict.UP || (verdict.to() == Verdict.TRIAL && verdict.from().isOut());
    if (!back || pool == null) {
      return;
    }
    long wholeNanos = pool.policy().balance().slowStart().toNanos();
    Place id = new Place(member, verdict.backend().id());
    switch (verdict.from()) {
      case UNPROVEN -> expected.put(id, new SlowStart(nowNanos(), wholeNanos));
      case DOWN, REFUSING, DRAINING ->
          expected.put(id, new SlowStart(nowNanos(), Math.min(wholeNanos, RETURN_NANOS)));
      case UP, SUSPECT, EJECTED, TRIAL -> {}
    }
  }

  @Override
  void onTick() {
    world.members().forEach(this::look);
  }

  private void look(SimulatedMember member) {
    PoolSnapshot pool = member.pool();
    if (pool == null) {
      return;
    }
    for (BackendView view : pool.backends()) {
      SlowStart slowStart = expected.get(new Place(member, view.backend().id()));
      if (slowStart != null && view.verdict() == Verdict.UP) {
        double factor = view.slowStart().factor(nowNanos());
        double most = slowStart.factor(nowNanos());
        if (factor > most + 1e-9) {
          throw violation(
              "%s has %.2f of its weight %d ms after it came back (expected: <= %.2f)"
                  .formatted(
                      view.backend().name(),
                      factor,
                      millis(nowNanos() - slowStart.startNanos()),
                      most));
        }
      }
    }
  }
}
