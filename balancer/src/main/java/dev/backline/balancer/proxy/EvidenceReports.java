package dev.backline.balancer.proxy;

import dev.backline.balancer.control.Event;
import dev.backline.balancer.control.Events;
import dev.backline.balancer.health.Evidence;
import dev.backline.balancer.model.BackendId;
import dev.backline.balancer.model.PoolName;
import io.vertx.core.Context;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Tells the controller what attempts show of backends: at most one report for each is under way
 * from an event loop, so that a total outage doesn't flood the control loop. Owned by its event
 * loop.
 */
final class EvidenceReports {
  // What more than this says of one backend within one turn of the control loop, it says already.
  private static final int MAX_PENDING = 64;

  private record Key(PoolName pool, BackendId backend) {}

  private final Events events;
  private final Context context;
  private final Map<Key, List<Evidence>> pending = new LinkedHashMap<>();

  EvidenceReports(Events events, Context context) {
    this.events = events;
    this.context = context;
  }

  void add(PoolName pool, BackendId backend, Evidence evidence) {
    Key key = new Key(pool, backend);
    List<Evidence> underWay = pending.get(key);
    if (underWay == null) {
      pending.put(key, new ArrayList<>());
      emit(key, List.of(evidence));
    } else if (underWay.size() < MAX_PENDING) {
      underWay.add(evidence);
    }
  }

  private void emit(Key key, List<Evidence> evidence) {
    events.emit(
        new Event.EvidenceSeen(key.pool(), key.backend(), evidence),
        () -> context.runOnContext(v -> onTaken(key)));
  }

  private void onTaken(Key key) {
    List<Evidence> since = pending.remove(key);
    if (since != null && !since.isEmpty()) {
      pending.put(key, new ArrayList<>());
      emit(key, since);
    }
  }
}
