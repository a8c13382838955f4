package dev.backline.balancer.control;

import dev.backline.balancer.model.BackendId;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * What a pool's source listed before its backends were to register themselves. They are kept, while
 * they answer, until one lease after the first registration: whoever is first must not be the whole
 * pool. Owned by {@link RegisteredBackends}.
 */
final class Former {
  /** All that it knows at one moment. */
  record Checkpoint(List<BackendId> backends, long leaseNanos, long endNanos) {
    Checkpoint {
      backends = List.copyOf(backends);
    }
  }

  private final Set<BackendId> backends;
  private final long leaseNanos;
  private long endNanos = Long.MAX_VALUE;

  Former(Collection<BackendId> backends, long leaseNanos) {
    this.backends = new LinkedHashSet<>(backends);
    this.leaseNanos = leaseNanos;
  }

  /** Goes on from a checkpoint. */
  Former(Checkpoint from) {
    this(from.backends(), from.leaseNanos());
    endNanos = from.endNanos();
  }

  /** There was none. */
  static Former none() {
    return new Former(List.of(), 0);
  }

  Checkpoint checkpoint() {
    return new Checkpoint(List.copyOf(backends), leaseNanos, endNanos);
  }

  /** A backend has registered; the first counts. */
  void onRegistered(long nowNanos) {
    if (!backends.isEmpty() && endNanos == Long.MAX_VALUE) {
      endNanos = nowNanos + leaseNanos;
    }
  }

  /** Returns when {@link #onTime} is due; {@code Long.MAX_VALUE}: never. */
  long endNanos() {
    return endNanos;
  }

  /** Returns whether its time is over in this moment. */
  boolean onTime(long nowNanos) {
    if (nowNanos < endNanos) {
      return false;
    }
    backends.clear();
    endNanos = Long.MAX_VALUE;
    return true;
  }

  /** This member stood still: nobody could register. */
  void postpone(long nanos) {
    endNanos = endNanos == Long.MAX_VALUE ? endNanos : endNanos + nanos;
  }

  /** Returns whether a backend is kept, that isn't registered; what is out has failed. */
  boolean keeps(BackendState state) {
    return backends.contains(state.backend.id()) && !state.tracker.verdict().isOut();
  }
}
