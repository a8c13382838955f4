package dev.backline.balancer.sim;

import dev.backline.balancer.proxy.LiveBackend;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;

/**
 * A PUT is never overtaken by an older one of the same client: what has been answered isn't
 * executed again after a PUT that began later, and nothing is sent of what has ended. One that was
 * given up is the client's to mind: it is told that it may have been executed.
 */
final class NeverOvertaken extends Check {
  private final Map<Integer, Long> answeredNanos = new LinkedHashMap<>();
  private final Set<Integer> ended = new LinkedHashSet<>();

  /** When the newest PUT of each client that was executed began. */
  private final Map<String, Long> newestNanos = new LinkedHashMap<>();

  NeverOvertaken(World world) {
    super(world);
  }

  @Override
  void onSent(SimulatedExchange exchange, LiveBackend to) {
    if (ended.contains(exchange.number)) {
      throw violation(
          "%s #%d is sent to %s after it has ended (expected: never)"
              .formatted(exchange.head.method(), exchange.number, to.view().backend().name()));
    }
  }

  @Override
  void onExecuted(SimulatedBackend backend, SimulatedExchange exchange) {
    if (!isPut(exchange)) {
      return;
    }
    Long answered = answeredNanos.get(exchange.number);
    long newest = newestNanos.getOrDefault(exchange.head.clientAddress(), Long.MIN_VALUE);
    if (answered != null && newest > answered) {
      throw violation(
          "PUT #%d of %s is executed on %s, answered %d ms ago, after a newer one (expected: before)"
              .formatted(
                  exchange.number,
                  exchange.head.clientAddress(),
                  backend.name(),
                  millis(nowNanos() - answered)));
    }
    newestNanos.merge(exchange.head.clientAddress(), exchange.beganNanos, Math::max);
  }

  @Override
  void onEnd(SimulatedExchange exchange, SimulatedExchange.Fate fate, boolean again) {
    if (isPut(exchange)) {
      ended.add(exchange.number);
      if (fate == SimulatedExchange.Fate.ANSWERED) {
        answeredNanos.putIfAbsent(exchange.number, nowNanos());
      }
    }
  }

  private static boolean isPut(SimulatedExchange exchange) {
    return exchange.head.method().equals("PUT");
  }
}
