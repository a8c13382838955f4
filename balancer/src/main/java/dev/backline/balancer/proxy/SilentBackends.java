package dev.backline.balancer.proxy;

import dev.backline.balancer.health.Evidence;
import dev.backline.balancer.health.SilenceWatch;
import dev.backline.balancer.model.BackendId;
import dev.backline.balancer.model.PoolName;

/**
 * Suspects the backends of one pool that have fallen silent, and tells the controller. Owned by its
 * event loop.
 */
final class SilentBackends {
  private final DataPlane plane;
  private final EvidenceReports reports;
  private final StallWatch stalls;
  private final SilenceWatch watch;
  private DataPlane.SharedPool shared;
  private HeardBackends heard;

  SilentBackends(
      DataPlane plane, DataPlane.SharedPool shared, EvidenceReports reports, StallWatch stalls) {
    this.plane = plane;
    this.shared = shared;
    this.heard = new HeardBackends(shared.byId(), plane.clock);
    this.reports = reports;
    this.stalls = stalls;
    this.watch = new SilenceWatch(plane.clock.getAsLong());
  }

  /** Takes in a new snapshot. */
  void replace(DataPlane.SharedPool next) {
    shared = next;
    heard = new HeardBackends(next.byId(), plane.clock);
    watch.retain(next.byId().keySet());
  }

  /** An attempt was sent whole, and waits for its head. */
  SilenceWatch.Waiting begin(BackendId backend) {
    return watch.begin(backend, plane.clock.getAsLong());
  }

  /** Its head came; returns whether its time is one of the usual, and no silence delayed it. */
  boolean onHead(SilenceWatch.Waiting waiting, long headNanos) {
    return watch.onHead(waiting, headNanos);
  }

  /** It waits no longer. */
  void end(SilenceWatch.Waiting waiting) {
    watch.end(waiting);
  }

  /** A byte came from a backend. */
  void onHeard(LiveBackend backend) {
    if (backend.cell().onHeard(plane.clock.getAsLong())) {
      reports.add(poolName(), backend.id(), new Evidence.Heard());
    }
  }

  void onTick() {
    watch
        .onTick(heard, stalls::nanosSince, plane.clock.getAsLong())
        .forEach(
            finding -> {
              if (finding instanceof SilenceWatch.Finding.Overdue overdue) {
                reports.add(poolName(), overdue.backend(), new Evidence.Overdue(overdue.nanos()));
              } else if (finding instanceof SilenceWatch.Finding.Silent silent) {
                suspect(silent);
              } else {
                throw new AssertionError(finding);
              }
            });
  }

  private void suspect(SilenceWatch.Finding.Silent silent) {
    LiveBackend live = shared.byId().get(silent.backend());
    if (live != null) {
      live.cell().suspect();
      reports.add(
          poolName(), silent.backend(), new Evidence.Silence(silent.nanos(), silent.limitNanos()));
    }
  }

  private PoolName poolName() {
    return shared.snapshot().policy().name();
  }
}
