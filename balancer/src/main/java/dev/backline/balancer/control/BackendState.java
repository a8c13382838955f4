package dev.backline.balancer.control;

import dev.backline.balancer.balance.SlowStart;
import dev.backline.balancer.health.HealthPolicy;
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
  /** What another member said last, and when that came. */
  record Said(Observation observation, long atNanos) {}

  /** All that is known of one at one moment. */
  record Checkpoint(
      Backend backend,
      AdminState admin,
      HealthTracker.Checkpoint tracker,
      SlowStart slowStart,
      boolean unlisted,
      boolean mine,
      boolean inSubset,
      boolean used,
      @Nullable Long incarnation,
      Map<MemberId, Said> heard,
      @Nullable Observation shared) {
    Checkpoint {
      heard = Collections.unmodifiableMap(new TreeMap<>(heard));
    }
  }

  Backend backend;
  AdminState admin = AdminState.READY;
  final HealthTracker tracker;
  SlowStart slowStart = SlowStart.OVER;
  boolean unlisted;
  boolean mine = true; // To probe.
  boolean inSubset = true;
  boolean used; // Is in the subset, or refills it.
  @Nullable Long incarnation; // Null: it isn't registered.
  final Map<MemberId, Said> heard = new TreeMap<>();
  @Nullable Observation shared;

  BackendState(Backend backend, HealthTracker tracker) {
    this.backend = backend;
    this.tracker = tracker;
  }

  /** Goes on from a checkpoint. */
  BackendState(HealthPolicy policy, Checkpoint from) {
    backend = from.backend();
    admin = from.admin();
    tracker = new HealthTracker(policy, from.tracker());
    slowStart = from.slowStart();
    unlisted = from.unlisted();
    mine = from.mine();
    inSubset = from.inSubset();
    used = from.used();
    incarnation = from.incarnation();
    heard.putAll(from.heard());
    shared = from.shared();
  }

  Checkpoint checkpoint() {
    return new Checkpoint(
        backend,
        admin,
        tracker.checkpoint(),
        slowStart,
        unlisted,
        mine,
        inSubset,
        used,
        incarnation,
        heard,
        shared);
  }

  /** Returns what the other members said last, each; the caller's own. */
  Map<MemberId, Observation> observations() {
    Map<MemberId, Observation> observations = new TreeMap<>();
    heard.forEach((member, said) -> observations.put(member, said.observation()));
    return observations;
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
        used,
        heard.isEmpty() ? Map.of() : Collections.unmodifiableMap(observations()));
  }
}
