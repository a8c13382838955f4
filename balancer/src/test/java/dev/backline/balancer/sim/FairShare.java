package dev.backline.balancer.sim;

import dev.backline.balancer.balance.SelectionPolicy;
import dev.backline.balancer.model.BackendId;
import dev.backline.balancer.proxy.LiveBackend;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Once all is well, every backend gets its share by weight: round robin exactly, but for the turns
 * that each loop has begun and those that full or suspect ones miss; two choices within 5 % and
 * what chance may make of so few (five standard deviations), where all weigh the same and nothing
 * timed out in this run; else within half of it, since a light backend that is idle is better than
 * a heavy one that isn't. What many more exchanges make of it is in {@link ScenarioTest}.
 */
final class FairShare extends Steady {
  private static final int EXCHANGES = 400;
  private static final double SPARE = 0.05;
  private static final int PROBING = 3;
  private static final double LEAST = 0.5;
  private static final double MOST = 1.5;
  private static final double MOST_OF_WEIGHTED = 2.5;
  private static final int DEVIATIONS = 5;

  private final Map<BackendId, Integer> counts = new LinkedHashMap<>();
  private int total;
  private boolean turnsMissed;

  FairShare(World world) {
    super(world, true);
  }

  @Override
  boolean concerns(SelectionPolicy selection) {
    return !(selection instanceof SelectionPolicy.Hash);
  }

  @Override
  void begin() {
    counts.clear();
    total = 0;
    turnsMissed = false;
  }

  @Override
  void onSelected(
      SimulatedExchange exchange, SimulatedLoop loop, LiveBackend to, List<BackendId> tried) {
    if (!isSteady() || !concerns(world.policy().balance().selection())) {
      return;
    }
    counts.merge(to.id(), 1, Integer::sum);
    turnsMissed |= Others.isAnyFull(loop);
    if (++total == EXCHANGES) {
      judge(loop.published().backends());
      done();
    }
  }

  private void judge(List<LiveBackend> backends) {
    double sum = backends.stream().mapToInt(LiveBackend::listedWeight).sum();
    boolean weighted = backends.stream().mapToInt(LiveBackend::listedWeight).distinct().count() > 1;
    boolean undisturbed = suspicions() == 0 && !turnsMissed;
    boolean exact =
        undisturbed && world.policy().balance().selection() instanceof SelectionPolicy.RoundRobin;
    // What was abandoned takes slots for a while, and its backend looks busy.
    boolean abandoned = world.census.of("outcome", "TimedOut") > 0;
    boolean even = undisturbed && !weighted && !abandoned;
    if (abandoned && world.options.members() > PROBING) {
      return; // Who probes seldom gives such slots back as seldom.
    }
    for (LiveBackend backend : backends) {
      double share = backend.listedWeight() / sum;
      double fair = share * EXCHANGES;
      double chance = DEVIATIONS * Math.sqrt(EXCHANGES * share * (1 - share));
      double turns = 2.0 * world.loops().size();
      double least = exact ? fair - turns : (even ? 1 - SPARE : LEAST) * fair - chance;
      double most =
          exact
              ? fair + turns
              : (even ? 1 + SPARE : weighted ? MOST_OF_WEIGHTED : MOST) * fair + chance;
      int got = counts.getOrDefault(backend.id(), 0);
      if (got < least || got > most) {
        throw violation(
            "%s of weight %d gets %d of %d exchanges, %d slots taken, head %d us (expected: %.0f, %.0f to %.0f)"
                .formatted(
                    backend.view().backend().name(),
                    backend.listedWeight(),
                    got,
                    EXCHANGES,
                    backend.inFlight(),
                    backend.headNanos(nowNanos()) / 1000,
                    fair,
                    least,
                    most));
      }
    }
  }
}
