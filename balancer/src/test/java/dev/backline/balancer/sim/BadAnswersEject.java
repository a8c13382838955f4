package dev.backline.balancer.sim;

import dev.backline.balancer.control.BackendView;
import dev.backline.balancer.control.Effect;
import dev.backline.balancer.control.Event;
import dev.backline.balancer.control.PoolSnapshot;
import dev.backline.balancer.health.Evidence;
import dev.backline.balancer.model.AdminState;
import dev.backline.balancer.model.BackendId;
import dev.backline.balancer.model.Verdict;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;

/**
 * Who answers five requests in a row badly is out for it, while all others of the pool are up and
 * answer well: then neither the cap nor a common cause speaks against it. And nobody is ejected for
 * a single bad answer, but on trial.
 */
final class BadAnswersEject extends Check {
  private static final int IN_A_ROW = 5;
  private static final int OF_WINDOW = 5;

  private record Place(SimulatedMember member, BackendId backend) {}

  private final Map<Place, Integer> inARow = new LinkedHashMap<>();
  private final Map<Place, Integer> bad = new LinkedHashMap<>();
  private final Set<Place> broke = new LinkedHashSet<>();
  private final boolean concerned;

  BadAnswersEject(World world) {
    super(world);
    Options options = world.options;
    this.concerned =
        !options.has(Fault.Kind.STANDSTILL)
            && !options.has(Fault.Kind.FREEZE)
            && !options.has(Fault.Kind.WISH)
            && !options.has(Fault.Kind.UNLIST);
  }

  @Override
  void onTold(SimulatedMember member, Event event) {
    if (!(event instanceof Event.EvidenceSeen seen)) {
      return;
    }
    Place place = new Place(member, seen.backend());
    boolean answered = false;
    for (Evidence evidence : seen.evidence()) {
      if (evidence instanceof Evidence.Transport) {
        broke.add(place); // It may be an outlier for that too.
      } else if (evidence instanceof Evidence.Request request) {
        answered = true;
        bad.merge(place, 1, Integer::sum);
        inARow.merge(place, 1, (before, one) -> request.cleanBefore() == 0 ? before + 1 : 1);
      }
    }
    if (concerned
        && answered // Others may have come since the last answer.
        && !member.doubtedSince(nowNanos()) // Or it ejects nobody.
        && inARow.getOrDefault(place, 0) >= IN_A_ROW
        && isInService(member, seen.backend())
        && areOthersWell(member, seen.backend())) {
      throw violation(
          "%s answered %d requests in a row badly, and is in service on %s (expected: ejected)"
              .formatted(world.backend(seen.backend()).name(), inARow.get(place), member));
    }
  }

  private static boolean isInService(SimulatedMember member, BackendId id) {
    BackendView view = member.view(id);
    return view != null
        && view.admin() == AdminState.READY
        && (view.verdict() == Verdict.UP || view.verdict() == Verdict.SUSPECT);
  }

  private boolean areOthersWell(SimulatedMember member, BackendId id) {
    PoolSnapshot pool = member.pool();
    return pool != null
        && pool.backends().size() > 1
        && pool.backends().stream()
            .filter(view -> !view.backend().id().equals(id))
            .allMatch(
                view -> {
                  Place other = new Place(member, view.backend().id());
                  return view.verdict() == Verdict.UP
                      && !bad.containsKey(other)
                      && !broke.contains(other);
                });
  }

  @Override
  void onVerdict(SimulatedMember member, Effect.TellVerdict verdict) {
    Place place = new Place(member, verdict.backend().id());
    boolean alone =
        world.members().size() == 1
            && verdict.to() == Verdict.EJECTED
            && verdict.from() != Verdict.TRIAL;
    int seen = bad.getOrDefault(place, 0);
    if (alone && seen > 0 && seen < OF_WINDOW && !broke.contains(place)) {
      throw violation(
          "%s is ejected for %d bad answers (expected: at least %d)"
              .formatted(verdict.backend().name(), seen, OF_WINDOW));
    }
    inARow.remove(place);
  }
}
