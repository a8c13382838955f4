package dev.backline.balancer.sim;

import dev.backline.balancer.model.Outcome;
import dev.backline.balancer.proxy.LiveBackend;
import dev.backline.balancer.retry.Step;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;

/**
 * No request that isn't idempotent is executed twice, and none that timed out and isn't safe is
 * sent again: it may run late, and undo what was done since.
 */
final class NeverTwice extends Check {
  private final Map<Integer, String> executed = new LinkedHashMap<>();
  private final Set<Integer> sent = new LinkedHashSet<>();
  private final Set<Integer> timedOut = new LinkedHashSet<>();

  NeverTwice(World world) {
    super(world);
  }

  @Override
  void onSent(SimulatedExchange exchange, LiveBackend to) {
    if (!exchange.head.isIdempotent() && !sent.add(exchange.number)) {
      throw violation(
          "%s #%d is sent twice (expected: once)"
              .formatted(exchange.head.method(), exchange.number));
    }
    if (!exchange.head.isSafe() && timedOut.contains(exchange.number)) {
      throw violation(
          "%s #%d is sent again after it timed out (expected: given up)"
              .formatted(exchange.head.method(), exchange.number));
    }
  }

  @Override
  void onStep(SimulatedExchange exchange, Outcome outcome, Step step) {
    if (outcome instanceof Outcome.TimedOut) {
      timedOut.add(exchange.number);
    }
  }

  @Override
  void onExecuted(SimulatedBackend backend, SimulatedExchange exchange) {
    if (!exchange.head.isIdempotent()) {
      String before = executed.putIfAbsent(exchange.number, backend.name());
      if (before != null) {
        throw violation(
            "%s #%d is executed on %s and on %s (expected: once)"
                .formatted(exchange.head.method(), exchange.number, before, backend.name()));
      }
    }
  }
}
