package dev.backline.balancer.sim;

import dev.backline.balancer.balance.SelectionPolicy;
import dev.backline.balancer.model.BackendId;
import dev.backline.balancer.proxy.LiveBackend;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * A loop doesn't go on sending where its own attempts vanish: once one of them has waited for twice
 * the time that this pool's answers can take, and then for as long as a quick probe has, others are
 * preferred. Where keys are hashed, suspicion moves none.
 */
final class SilenceSeen extends Check {
  /** Of 95 % of twenty heads at least; a bucket of the percentile is a sixteenth wide. */
  private static final int ENOUGH = 60;

  /** So many others it takes to make one late head no more than one in twenty. */
  private static final int LATE_HEAD = 40;

  private static final double BUCKET = 1.07;

  /** Twice what the slowest health request takes. */
  private static final long ASKED_NANOS = 140 * Agenda.MILLI;

  private static final long TICKS_NANOS = 30 * Agenda.MILLI;
  private static final long JUST_HEARD_NANOS = 50 * Agenda.MILLI;
  private static final int SLOWER = 40;

  /** So long a loop remembers that it was late, and is patient. */
  private static final long LATE_NANOS = 1_500 * Agenda.MILLI;

  private record Place(SimulatedLoop loop, BackendId backend) {}

  private final Map<Place, Map<Integer, Long>> waiting = new LinkedHashMap<>();
  private final Map<SimulatedLoop, Integer> heads = new LinkedHashMap<>();
  private final Map<Integer, Place> places = new LinkedHashMap<>();
  private final long longestNanos;
  private final long boundNanos;

  SilenceSeen(World world) {
    super(world);
    Options options = world.options;
    boolean slow = options.has(Fault.Kind.SLOW);
    long netNanos =
        options.has(Fault.Kind.REORDER) ? SimulatedNetwork.REORDERED_NANOS : options.netNanos();
    this.longestNanos =
        Math.max(
            options.has(Fault.Kind.LONG_POLL) ? Options.LONGEST_POLL_NANOS : 0,
            3 * options.serviceNanos() / 2 * (slow ? SLOWER : 1) + 4 * netNanos);
    long overdueNanos = Math.max(50 * Agenda.MILLI, (long) (2 * BUCKET * longestNanos));
    this.boundNanos = overdueNanos + JUST_HEARD_NANOS + ASKED_NANOS + TICKS_NANOS;
  }

  @Override
  void onSelected(
      SimulatedExchange exchange, SimulatedLoop loop, LiveBackend to, List<BackendId> tried) {
    Place place = new Place(loop, to.id());
    SimulatedBackend backend = world.backend(to.id());
    boolean hashes = exchange.policy.balance().selection() instanceof SelectionPolicy.Hash;
    if (!hashes
        && (backend.isSilent() || world.network.isCut(loop.member(), backend))
        && loop.thread.stoodStillNanosSince(nowNanos() - boundNanos - LATE_NANOS) == 0
        && heads.getOrDefault(loop, 0) >= ENOUGH) {
      long silentNanos = world.steadySinceNanos(loop.member(), backend);
      for (long beganNanos : waiting.getOrDefault(place, Map.of()).values()) {
        if (beganNanos < silentNanos) {
          continue; // About this one it may have been asked, and have answered.
        }
        long waitsNanos = nowNanos() - beganNanos;
        if (waitsNanos > boundNanos && Others.isAnotherPreferred(loop, to, tried)) {
          throw violation(
              "%s is silent, an attempt waits there since %d ms, and it still gets requests"
                      .formatted(backend.name(), millis(waitsNanos))
                  + " (expected: <= %d ms)".formatted(millis(boundNanos)));
        }
        break; // It is the oldest.
      }
    }
    end(exchange.number);
  }

  @Override
  void onSent(SimulatedExchange exchange, LiveBackend to) {
    Place place = new Place(exchange.loop(), to.id());
    places.put(exchange.number, place);
    waiting.computeIfAbsent(place, p -> new LinkedHashMap<>()).put(exchange.number, nowNanos());
  }

  @Override
  void onHead(SimulatedExchange exchange) {
    heads.merge(exchange.loop(), isLate(exchange) ? -LATE_HEAD : 1, Integer::sum);
    end(exchange.number);
  }

  @Override
  void onEnd(SimulatedExchange exchange, SimulatedExchange.Fate fate, boolean again) {
    end(exchange.number);
  }

  /**
   * One that was delayed by a hang too short to be seen counts as usual, if it is one of twenty.
   */
  private boolean isLate(SimulatedExchange exchange) {
    Place place = places.get(exchange.number);
    Long sentNanos =
        place == null ? null : waiting.getOrDefault(place, Map.of()).get(exchange.number);
    return sentNanos != null && nowNanos() - sentNanos > longestNanos;
  }

  private void end(int number) {
    Place place = places.remove(number);
    if (place != null) {
      waiting.getOrDefault(place, new LinkedHashMap<>()).remove(number);
    }
  }
}
