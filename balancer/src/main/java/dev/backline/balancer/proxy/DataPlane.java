package dev.backline.balancer.proxy;

import dev.backline.balancer.control.Events;
import dev.backline.balancer.control.Gauges;
import dev.backline.balancer.control.PoolPolicy;
import dev.backline.balancer.control.PoolSnapshot;
import dev.backline.balancer.control.Snapshot;
import dev.backline.balancer.limit.DescriptorBudget;
import dev.backline.balancer.model.BackendId;
import dev.backline.balancer.model.PoolName;
import dev.backline.balancer.retry.RetryBudget;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * What all event loops of a member share: the published snapshot, and counters.
 *
 * <p>The control loop publishes; event loops read one volatile field for each exchange.
 */
public final class DataPlane implements Gauges {
  /** Of requests and answers, so that others can be asked. */
  private static final long KEPT_BYTES = 64L << 20;

  /** What the event loops share of one pool. */
  record SharedPool(
      PoolSnapshot snapshot,
      List<LiveBackend> backends,
      Map<BackendId, LiveBackend> byId,
      RetryBudget budget,
      AtomicInteger queuePermits) {
    SharedPool(
        PoolSnapshot snapshot,
        List<LiveBackend> backends,
        RetryBudget budget,
        AtomicInteger queuePermits) {
      this(snapshot, backends, byId(backends), budget, queuePermits);
    }

    private static Map<BackendId, LiveBackend> byId(List<LiveBackend> backends) {
      Map<BackendId, LiveBackend> byId = new HashMap<>();
      backends.forEach(live -> byId.put(live.id(), live));
      return byId;
    }
  }

  /** A snapshot, with the cells of its backends. */
  record Published(Snapshot snapshot, Map<PoolName, SharedPool> pools) {
    static final Published NONE = new Published(Snapshot.EMPTY, Map.of());
  }

  final LongSupplier clock;
  final Events events;
  final AccessLog accessLog;
  final DescriptorBudget descriptors;
  final AtomicLong keptBytesLeft = new AtomicLong(KEPT_BYTES);
  final LongAdder exchangesInFlight = new LongAdder();
  final LongAdder localFailures = new LongAdder();

  private final List<ProxyServer> loops = new CopyOnWriteArrayList<>();
  private volatile Published published = Published.NONE;
  private volatile boolean draining;

  /**
   * Creates the shared part.
   *
   * @param clock the member's monotonic clock, in nanoseconds
   * @param descriptors how many clients there is room for
   */
  public DataPlane(
      LongSupplier clock, Events events, AccessLog accessLog, DescriptorBudget descriptors) {
    this.clock = clock;
    this.events = events;
    this.accessLog = accessLog;
    this.descriptors = descriptors;
  }

  /** Publishes a snapshot to all event loops. Called by the control loop only. */
  public void publish(Snapshot snapshot) {
    Map<PoolName, SharedPool> before = published.pools();
    Map<PoolName, SharedPool> pools = new LinkedHashMap<>();
    snapshot.pools().forEach((name, pool) -> pools.put(name, share(pool, before.get(name))));
    published = new Published(snapshot, pools);
    loops.forEach(ProxyServer::onPublished);
  }

  /** Returns a backend's cell, or {@code null} if the published snapshot doesn't list it. */
  public @Nullable BackendCell cell(PoolName pool, BackendId backend) {
    SharedPool shared = published.pools().get(pool);
    LiveBackend live = shared == null ? null : shared.byId().get(backend);
    return live == null ? null : live.cell();
  }

  /** Has every event loop close its kept connections to a backend that carry no exchange. */
  public void closeIdle(PoolName pool, BackendId backend) {
    loops.forEach(loop -> loop.closeIdle(pool, backend));
  }

  /** Tells the event loops nothing more: they are about to end. */
  public void close() {
    loops.clear();
  }

  /** From now on every answer asks its client to close the connection. */
  public void startDraining() {
    draining = true;
  }

  @Override
  public BackendGauges ofBackend(PoolName pool, BackendId backend) {
    BackendCell cell = cell(pool, backend);
    return cell == null
        ? BackendGauges.NONE
        : new BackendGauges(
            cell.inFlight(), cell.attempts(), cell.failures(), cell.headNanos(clock.getAsLong()));
  }

  @Override
  public long exchangesInFlight() {
    return exchangesInFlight.sum();
  }

  @Override
  public long accessLogDropped() {
    return accessLog.dropped();
  }

  @Override
  public long localFailures() {
    return localFailures.sum();
  }

  @Override
  public long clientsRefused() {
    return descriptors.refused();
  }

  @Override
  public int queued(PoolName pool) {
    SharedPool shared = published.pools().get(pool);
    return shared == null
        ? 0
        : shared.snapshot().policy().queue().maxExchanges() - shared.queuePermits().get();
  }

  /** Returns the snapshot that was published last. Any thread may call. */
  public Snapshot snapshot() {
    return published.snapshot();
  }

  Published published() {
    return published;
  }

  boolean isDraining() {
    return draining;
  }

  void add(ProxyServer loop) {
    loops.add(loop);
  }

  private static SharedPool share(PoolSnapshot pool, @Nullable SharedPool before) {
    Map<BackendId, LiveBackend> known = before == null ? Map.of() : before.byId();
    List<LiveBackend> backends =
        pool.backends().stream()
            .map(
                view -> {
                  LiveBackend same = known.get(view.backend().id());
                  return new LiveBackend(view, same == null ? new BackendCell() : same.cell());
                })
            .toList();
    PoolPolicy policy = pool.policy();
    int maxQueued = policy.queue().maxExchanges();
    if (before == null) {
      RetryBudget budget = new RetryBudget(policy.retry());
      return new SharedPool(pool, backends, budget, new AtomicInteger(maxQueued));
    }
    PoolPolicy old = before.snapshot().policy();
    before.queuePermits().addAndGet(maxQueued - old.queue().maxExchanges());
    RetryBudget budget =
        policy.retry().equals(old.retry()) ? before.budget() : new RetryBudget(policy.retry());
    return new SharedPool(pool, backends, budget, before.queuePermits());
  }
}
