package dev.backline.balancer.proxy;

import dev.backline.balancer.health.ProbeResult;
import dev.backline.balancer.health.SilenceWatch;
import dev.backline.balancer.model.BackendId;
import java.util.Map;
import java.util.function.LongSupplier;

/**
 * What is known of a pool's backends when silence is looked for: out of their cells, and of the
 * snapshot. The cells change meanwhile. Any thread may read.
 *
 * @param byId the listed ones
 * @param clock the member's monotonic clock, in nanoseconds
 */
public record HeardBackends(Map<BackendId, LiveBackend> byId, LongSupplier clock)
    implements SilenceWatch.Facts {
  @Override
  public long heardNanos(BackendId backend) {
    LiveBackend live = byId.get(backend);
    return live == null ? Long.MIN_VALUE : live.cell().heardNanos();
  }

  @Override
  public long headNanos(BackendId backend) {
    LiveBackend live = byId.get(backend);
    return live == null ? 0 : live.headNanos(clock.getAsLong());
  }

  @Override
  public long probeNanos(BackendId backend) {
    LiveBackend live = byId.get(backend);
    return live != null && live.view().lastProbe() instanceof ProbeResult.Passed passed
        ? passed.nanos()
        : 0;
  }

  @Override
  public boolean isAnotherHeardSince(BackendId backend, long nanos) {
    for (LiveBackend live : byId.values()) {
      if (!live.id().equals(backend) && live.cell().heardNanos() >= nanos) {
        return true;
      }
    }
    return false;
  }
}
