package dev.backline.balancer.sim;

import dev.backline.balancer.control.BackendView;
import dev.backline.balancer.control.Effect;
import dev.backline.balancer.health.Evidence;
import dev.backline.balancer.health.ProbeResult;
import dev.backline.balancer.model.BackendId;
import dev.backline.balancer.model.Outcome;
import dev.backline.balancer.model.Verdict;
import dev.backline.balancer.proxy.LiveBackend;
import dev.backline.balancer.retry.Step;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * A member that finds a backend well, and never got enough bad answers of it, ejects it only if two
 * others have: one may be at fault itself.
 */
final class EjectionSeconded extends Check {
  private static final int ENOUGH_BAD = 5;
  private static final int ENOUGH_SAY_SO = 2;

  /** Who was probed so lately is an observer. */
  private static final long FRESH_NANOS = 2 * Agenda.SECOND;

  private record Place(SimulatedMember member, BackendId backend) {}

  private final Map<Integer, Place> attempts = new LinkedHashMap<>();
  private final Map<Place, Integer> bad = new LinkedHashMap<>();
  private final Map<Place, Long> probedNanos = new LinkedHashMap<>();

  EjectionSeconded(World world) {
    super(world);
  }

  @Override
  void onSelected(
      SimulatedExchange exchange, SimulatedLoop loop, LiveBackend to, List<BackendId> tried) {
    attempts.put(exchange.number, new Place(loop.member(), to.id()));
  }

  @Override
  void onStep(SimulatedExchange exchange, Outcome outcome, Step step) {
    Place place = attempts.get(exchange.number);
    boolean clean =
        outcome instanceof Outcome.Answered answered && !Evidence.isServerError(answered.status());
    if (place != null && !clean && !(outcome instanceof Outcome.Refused)) {
      bad.merge(place, 1, Integer::sum);
    }
  }

  @Override
  void onEnd(SimulatedExchange exchange, SimulatedExchange.Fate fate, boolean again) {
    attempts.remove(exchange.number);
  }

  @Override
  void onProbed(SimulatedMember member, BackendId backend, ProbeResult result) {
    if (result instanceof ProbeResult.Passed) {
      probedNanos.put(new Place(member, backend), nowNanos());
    }
  }

  @Override
  void onVerdict(SimulatedMember member, Effect.TellVerdict verdict) {
    BackendId id = verdict.backend().id();
    Place place = new Place(member, id);
    BackendView view = member.view(id);
    Long probed = probedNanos.get(place);
    if (verdict.from() != Verdict.UP
        || verdict.to() != Verdict.EJECTED
        || view == null
        || bad.getOrDefault(place, 0) >= ENOUGH_BAD
        || probed == null
        || nowNanos() - probed > FRESH_NANOS) {
      return;
    }
    long sayingSo =
        view.heard().values().stream().filter(o -> o.verdict() == Verdict.EJECTED).count();
    if (sayingSo < ENOUGH_SAY_SO) {
      throw violation(
          "%s ejects %s, of which it got %d bad answers, after %d others (expected: %d of either)"
              .formatted(
                  member,
                  verdict.backend().name(),
                  bad.getOrDefault(place, 0),
                  sayingSo,
                  ENOUGH_SAY_SO));
    }
  }
}
