package dev.backline.balancer.sim;

import dev.backline.balancer.model.BackendId;
import dev.backline.balancer.model.Outcome;
import dev.backline.balancer.proxy.LiveBackend;
import dev.backline.balancer.retry.Step;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** All waits of an exchange together last no longer than the queue's policy says. */
final class WaitsBounded extends Check {
  // The queue is looked at every 20 ms, and a stall is known to 10 ms.
  private static final long SLACK_NANOS = 40 * Agenda.MILLI;

  /** Whoever loses the processor each time that it lets one go is late for all of them. */
  private static final long INTERLEAVED_SLACK_NANOS = 250 * Agenda.MILLI;

  private final Map<Integer, Long> firstNanos = new LinkedHashMap<>();
  private final long slackNanos;
  private final Map<Integer, Long> waitingNanos = new LinkedHashMap<>();

  WaitsBounded(World world) {
    super(world);
    this.slackNanos =
        world.options.has(Fault.Kind.INTERLEAVING) ? INTERLEAVED_SLACK_NANOS : SLACK_NANOS;
  }

  @Override
  void onStep(SimulatedExchange exchange, Outcome outcome, Step step) {
    check(exchange);
    if (step instanceof Step.Wait wait) {
      firstNanos.putIfAbsent(exchange.number, nowNanos());
      waitingNanos.put(exchange.number, nowNanos());
      long boundNanos =
          firstNanos.getOrDefault(exchange.number, 0L)
              + exchange.policy.queue().maxWait().toNanos();
      if (wait.deadlineNanos() > boundNanos) {
        throw violation(
            "#%d may wait until %d ms after its bound (expected: %s in all)"
                .formatted(
                    exchange.number,
                    millis(wait.deadlineNanos() - boundNanos),
                    exchange.policy.queue().maxWait()));
      }
    }
  }

  @Override
  void onSelected(
      SimulatedExchange exchange, SimulatedLoop loop, LiveBackend to, List<BackendId> tried) {
    check(exchange);
    waitingNanos.remove(exchange.number);
  }

  @Override
  void onEnd(SimulatedExchange exchange, SimulatedExchange.Fate fate, boolean again) {
    check(exchange);
    firstNanos.remove(exchange.number);
    waitingNanos.remove(exchange.number);
  }

  private void check(SimulatedExchange exchange) {
    Long since = waitingNanos.get(exchange.number);
    if (since != null) {
      long waitedNanos = nowNanos() - since - exchange.loop().thread.stoodStillNanosSince(since);
      if (waitedNanos > exchange.policy.queue().maxWait().toNanos() + slackNanos) {
        throw violation(
            "#%d waits for %d ms (expected: <= %s)"
                .formatted(
                    exchange.number, millis(waitedNanos), exchange.policy.queue().maxWait()));
      }
    }
  }
}
