package dev.backline.balancer.sim;

import dev.backline.balancer.control.BackendView;
import dev.backline.balancer.control.Effect;
import dev.backline.balancer.control.PoolSnapshot;
import dev.backline.balancer.model.Verdict;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A member that knows that it is cut off takes nobody out for it: neither while it is, nor for what
 * it began meanwhile, which fails after it is whole again. Who went out just before is taken back.
 */
final class CutOffTakesNobodyOut extends Check {
  private static final long STILL_FAILING_NANOS = Agenda.SECOND / 2;
  private static final long TOGETHER_NANOS = Agenda.SECOND;

  /**
   * For how long a member said that it is cut off.
   *
   * @param fromNanos whom it lost since then it lost together with the others
   * @param untilNanos {@code Long.MAX_VALUE}: it says so
   */
  private record Isolation(long fromNanos, long untilNanos) {
    boolean lasts() {
      return untilNanos == Long.MAX_VALUE;
    }
  }

  private record Place(SimulatedMember member, SimulatedBackend backend) {}

  private final Map<SimulatedMember, Isolation> isolations = new HashMap<>();
  private final Map<Place, Long> cutSinceNanos = new HashMap<>();

  CutOffTakesNobodyOut(World world) {
    super(world);
  }

  @Override
  void onDoubt(SimulatedMember member) {
    switch (member.doubt()) {
      case ISOLATED ->
          isolations.put(member, new Isolation(nowNanos() - TOGETHER_NANOS, Long.MAX_VALUE));
      case BELIEVES -> isolations.remove(member); // The others don't reach them either.
      case SURE, ASKING, RETURNING ->
          isolations.computeIfPresent(
              member,
              (known, last) -> last.lasts() ? new Isolation(last.fromNanos(), nowNanos()) : last);
    }
  }

  @Override
  void onVerdict(SimulatedMember member, Effect.TellVerdict verdict) {
    Isolation isolation = isolations.get(member);
    SimulatedBackend backend = world.backend(verdict.backend().id());
    if (isOut(verdict.to())
        && isolation != null
        && nowNanos() - STILL_FAILING_NANOS < isolation.untilNanos()
        && !backend.wasEverStruck()) {
      throw violation(
          "%s calls %s %s for \"%s\", though it is cut off or was so lately (expected: SUSPECT)"
              .formatted(member, backend.name(), verdict.to(), verdict.reason()));
    }
  }

  @Override
  void onTick() {
    for (SimulatedMember member : world.members()) {
      PoolSnapshot pool = member.pool();
      if (pool != null && !member.isDead()) {
        Isolation last = isolations.get(member);
        Isolation isolation = last != null && last.lasts() ? last : null;
        pool.backends().forEach(view -> assertTakenBack(member, view, isolation));
      }
    }
  }

  private void assertTakenBack(
      SimulatedMember member, BackendView view, @Nullable Isolation isolation) {
    SimulatedBackend backend = world.backend(view.backend().id());
    Place place = new Place(member, backend);
    if (!world.network.isCut(member, backend)) {
      cutSinceNanos.remove(place);
      return;
    }
    long sinceNanos = cutSinceNanos.computeIfAbsent(place, p -> nowNanos());
    // Who was out before the cut began has still to come back from that.
    boolean lostTogether =
        isolation != null && sinceNanos >= isolation.fromNanos() && view.sinceNanos() >= sinceNanos;
    if (isOut(view.verdict()) && lostTogether && !backend.wasEverStruck()) {
      throw violation(
          "%s is %s on %s, which says that it is cut off (expected: SUSPECT)"
              .formatted(backend.name(), view.verdict(), member));
    }
  }

  private static boolean isOut(Verdict verdict) {
    return verdict == Verdict.DOWN || verdict == Verdict.REFUSING;
  }
}
