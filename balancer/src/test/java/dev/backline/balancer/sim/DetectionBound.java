package dev.backline.balancer.sim;

import dev.backline.balancer.model.BackendId;
import dev.backline.balancer.proxy.LiveBackend;
import java.util.List;

/**
 * A backend that is really gone or hung gets no exchanges for longer than probes need to see it.
 */
final class DetectionBound extends Check {
  private final Bounds bounds;

  DetectionBound(World world) {
    super(world);
    this.bounds = new Bounds(world.options);
  }

  @Override
  void onSelected(
      SimulatedExchange exchange, SimulatedLoop loop, LiveBackend to, List<BackendId> tried) {
    SimulatedBackend backend = world.backend(to.id());
    boolean cut = world.network.isCut(loop.member(), backend);
    if ((!backend.isSilent() && !cut) || !world.network.isLocallyWell(loop.member(), backend)) {
      return;
    }
    long boundNanos =
        backend.isGone() || cut ? bounds.detectGoneNanos() : bounds.detectSilentNanos();
    long sinceNanos = nowNanos() - world.steadySinceNanos(loop.member(), backend);
    // Where it may be cut off itself, it takes its time.
    boolean doubted = loop.member().doubtedSince(nowNanos() - boundNanos);
    if (sinceNanos > boundNanos && !doubted && Others.isAnotherEligible(loop, to, tried)) {
      throw violation(
          "%s is %s since %d ms and still gets requests (expected: <= %d ms)"
              .formatted(
                  backend.name(),
                  backend.isGone() || cut ? "down" : "hung",
                  millis(sinceNanos),
                  millis(boundNanos)));
    }
  }
}
