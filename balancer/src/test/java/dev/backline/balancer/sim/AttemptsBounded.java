package dev.backline.balancer.sim;

import dev.backline.balancer.model.BackendId;
import dev.backline.balancer.proxy.LiveBackend;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * No exchange is sent more often than its policy says, goes to a backend twice between two waits,
 * or begins an attempt after its time.
 */
final class AttemptsBounded extends Check {
  /** A standstill is known to a tick. */
  private static final long STALL_SLACK_NANOS = 10 * Agenda.MILLI;

  private final Map<Integer, Integer> sent = new LinkedHashMap<>();

  AttemptsBounded(World world) {
    super(world);
  }

  @Override
  void onSelected(
      SimulatedExchange exchange, SimulatedLoop loop, LiveBackend to, List<BackendId> tried) {
    if (tried.contains(to.id())) {
      throw violation(
          "#%d goes to %s again (expected: not among %s)"
              .formatted(exchange.number, to.view().backend().name(), tried));
    }
    long ageNanos =
        nowNanos() - exchange.beganNanos - loop.thread.stoodStillNanosSince(exchange.beganNanos);
    if (ageNanos > exchange.policy.retry().total().toNanos() + STALL_SLACK_NANOS) {
      throw violation(
          "#%d begins an attempt after %d ms (expected: <= %s)"
              .formatted(exchange.number, millis(ageNanos), exchange.policy.retry().total()));
    }
  }

  @Override
  void onSent(SimulatedExchange exchange, LiveBackend to) {
    int times = sent.merge(exchange.number, 1, Integer::sum);
    if (times > exchange.policy.retry().attempts()) {
      throw violation(
          "#%d is sent %d times (expected: <= %d)"
              .formatted(exchange.number, times, exchange.policy.retry().attempts()));
    }
  }

  @Override
  void onEnd(SimulatedExchange exchange, SimulatedExchange.Fate fate, boolean again) {
    sent.remove(exchange.number);
  }
}
