package dev.backline.balancer.sim;

import dev.backline.balancer.balance.Eligibility;
import dev.backline.balancer.model.BackendId;
import dev.backline.balancer.model.Outcome;
import dev.backline.balancer.proxy.BackendCell;
import dev.backline.balancer.proxy.LiveBackend;
import dev.backline.balancer.retry.Step;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * A backend on trial gets one exchange at a time from each event loop, while another is eligible:
 * so at most as many as a member has loops that selected it in the same moment.
 */
final class OneOnTrial extends Check {
  /** One that is listed again has another cell: what was sent before is forgotten. */
  private record Place(SimulatedLoop loop, BackendCell cell) {}

  private final Map<Place, Set<Integer>> open = new LinkedHashMap<>();
  private final Map<Integer, Place> places = new LinkedHashMap<>();

  OneOnTrial(World world) {
    super(world);
  }

  @Override
  void onSelected(
      SimulatedExchange exchange, SimulatedLoop loop, LiveBackend to, List<BackendId> tried) {
    end(exchange.number);
    Place place = new Place(loop, to.cell());
    Set<Integer> there = open.computeIfAbsent(place, p -> new LinkedHashSet<>());
    if (to.eligibility() == Eligibility.TRIAL
        && !there.isEmpty()
        && Others.isAnotherEligible(loop, to, tried)) {
      throw violation(
          "%s is on trial and gets #%d beside %s of the same event loop (expected: one at a time)"
              .formatted(to.view().backend().name(), exchange.number, there));
    }
    there.add(exchange.number);
    places.put(exchange.number, place);
  }

  @Override
  void onStep(SimulatedExchange exchange, Outcome outcome, Step step) {
    if (!(outcome instanceof Outcome.Answered)) {
      end(exchange.number);
    }
  }

  @Override
  void onEnd(SimulatedExchange exchange, SimulatedExchange.Fate fate, boolean again) {
    end(exchange.number);
  }

  private void end(int number) {
    Place place = places.remove(number);
    if (place != null) {
      open.getOrDefault(place, new LinkedHashSet<>()).remove(number);
    }
  }
}
