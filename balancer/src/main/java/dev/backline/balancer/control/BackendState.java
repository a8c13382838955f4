package dev.backline.balancer.control;

import dev.backline.balancer.balance.SlowStart;
import dev.backline.balancer.health.HealthTracker;
import dev.backline.balancer.health.Observation;
import dev.backline.balancer.model.AdminState;
import dev.backline.balancer.model.Backend;
import dev.backline.balancer.model.MemberId;
import java.util.Collections;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** What the controller keeps of one backend. Owned by it. */
final class BackendState {
  Backend backend;
  AdminState admin = AdminState.READY;
  HealthTracker tracker;
  SlowStart slowStart = SlowStart.OVER;
  boolean unlisted;
  @Nullable Long incarnation; // Null: it isn't registered.
  final Map<MemberId, Observation> heard = new TreeMap<>();
  @Nullable Observation shared;

  BackendState(Backend backend, HealthTracker tracker) {
    this.backend = backend;
    this.tracker = tracker;
  }

  BackendView view() {
    return new BackendView(
        backend,
        admin,
        tracker.verdict(),
        tracker.reason(),
        tracker.sinceNanos(),
        slowStart,
        tracker.lastProbe(),
        unlisted,
        heard.isEmpty() ? Map.of() : Collections.unmodifiableMap(new TreeMap<>(heard)));
  }
}
