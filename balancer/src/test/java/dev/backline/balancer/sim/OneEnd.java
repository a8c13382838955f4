package dev.backline.balancer.sim;

import java.util.LinkedHashMap;
import java.util.Map;

/** Every exchange ends, once, and not long after its time is over. */
final class OneEnd extends Check {
  private static final long SLACK_NANOS = 50 * Agenda.MILLI;

  private final Map<Integer, SimulatedExchange> open = new LinkedHashMap<>();

  OneEnd(World world) {
    super(world);
  }

  @Override
  void onBegin(SimulatedExchange exchange) {
    open.put(exchange.number, exchange);
  }

  @Override
  void onEnd(SimulatedExchange exchange, SimulatedExchange.Fate fate, boolean again) {
    open.remove(exchange.number);
    if (again) {
      throw violation(
          "#%d ends a second time: %s (expected: once)".formatted(exchange.number, fate));
    }
  }

  @Override
  void onTick() {
    // The oldest is the first.
    for (SimulatedExchange oldest : open.values()) {
      long boundNanos =
          oldest.policy.retry().total().toNanos()
              + oldest.policy.connection().connectTimeout().toNanos()
              + oldest.policy.connection().idleTimeout().toNanos()
              + SLACK_NANOS;
      long ageNanos =
          nowNanos()
              - oldest.beganNanos
              - oldest.loop().thread.stoodStillNanosSince(oldest.beganNanos);
      if (ageNanos > boundNanos) {
        throw violation(
            "#%d has no end after %d ms (expected: <= %d ms)"
                .formatted(oldest.number, millis(ageNanos), millis(boundNanos)));
      }
      return;
    }
  }

  @Override
  void onFinished() {
    if (!open.isEmpty()) {
      throw violation(
          "%d exchanges have no end: %s (expected: none)".formatted(open.size(), open.keySet()));
    }
  }
}
