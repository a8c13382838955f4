package dev.backline.balancer.proxy;

import dev.backline.balancer.balance.Selector;
import dev.backline.balancer.control.PoolPolicy;
import dev.backline.balancer.limit.ExchangeQueue;
import dev.backline.balancer.model.BackendId;
import dev.backline.balancer.model.RequestHead;
import dev.backline.balancer.retry.RetryBudget;
import io.vertx.core.Vertx;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/** One pool on one event loop: its selector, its connections and its queue. Owned by that loop. */
final class PoolLoop {
  private static final long QUEUE_TICK_MILLIS = 20;

  private final Vertx vertx;
  private final DataPlane plane;
  private final RandomGenerator random;
  private final StallWatch stalls;
  private final SilentBackends silence;
  private final Map<BackendId, BackendClient> clients = new LinkedHashMap<>();
  private DataPlane.SharedPool shared;
  private Selector selector;
  private final ExchangeQueue<Exchange> queue;
  private boolean ticking;
  private boolean releasing;
  private boolean closed;

  PoolLoop(
      Vertx vertx,
      DataPlane plane,
      DataPlane.SharedPool shared,
      RandomGenerator random,
      EvidenceReports reports,
      StallWatch stalls) {
    this.vertx = vertx;
    this.plane = plane;
    this.random = random;
    this.stalls = stalls;
    this.silence = new SilentBackends(plane, shared, reports, stalls);
    this.shared = shared;
    this.selector = new Selector(shared.snapshot().policy().balance(), random);
    this.queue = new ExchangeQueue<>(shared.queuePermits(), Exchange::waitDeadlineNanos);
  }

  PoolPolicy policy() {
    return shared.snapshot().policy();
  }

  /** Returns how much of the time since then this event loop stood still. */
  long stalledNanosSince(long sinceNanos) {
    return stalls.nanosSince(sinceNanos);
  }

  /** Returns who watches those that wait for heads. */
  SilentBackends silence() {
    return silence;
  }

  RetryBudget budget() {
    return shared.budget();
  }

  /** Takes in a new snapshot; what is under way goes on with what it has. */
  void replace(DataPlane.SharedPool next) {
    PoolPolicy before = policy();
    shared = next;
    silence.replace(next);
    if (!before.balance().equals(policy().balance())) {
      selector = new Selector(policy().balance(), random);
    }
    boolean reconnect =
        !before.connection().equals(policy().connection())
            || before.balance().maxInFlight() != policy().balance().maxInFlight();
    Set<BackendId> listed = new HashSet<>();
    shared.backends().forEach(live -> listed.add(live.id()));
    for (BackendId id : List.copyOf(clients.keySet())) {
      if (reconnect || !listed.contains(id)) {
        closeIdle(id);
      }
    }
    release();
  }

  /** Closes the pool: it is no longer configured. What is in flight finishes; nothing begins. */
  void close() {
    closed = true;
    closeIdle();
    for (Exchange first = queue.peek(); first != null; first = queue.peek()) {
      queue.remove(first);
      first.onWaitOver();
    }
  }

  /** Closes all kept connections: what became of them in the meantime is not known yet. */
  void closeIdle() {
    List.copyOf(clients.keySet()).forEach(this::closeIdle);
  }

  /** Closes the kept connections to a backend; attempts under way finish on theirs. */
  void closeIdle(BackendId backend) {
    BackendClient client = clients.remove(backend);
    if (client != null) {
      client.retire();
    }
  }

  /** Selects a backend and takes a slot of it; {@code null} if none can take the exchange now. */
  @Nullable LiveBackend take(RequestHead head, List<BackendId> tried, long nowNanos) {
    int maxInFlight = policy().balance().maxInFlight();
    LiveBackend backend = select(head, tried, nowNanos);
    while (backend != null && !backend.cell().tryBegin(maxInFlight)) {
      backend = select(head, tried, nowNanos); // Another event loop was quicker.
    }
    return backend;
  }

  private @Nullable LiveBackend select(RequestHead head, List<BackendId> tried, long nowNanos) {
    return closed ? null : selector.select(shared.backends(), head, tried, nowNanos);
  }

  long medianHeadNanos(long nowNanos) {
    return selector.medianHeadNanos(shared.backends(), nowNanos);
  }

  /** Returns the connections to a backend; what a stall made doubtful is not among them. */
  BackendClient client(BackendId backend) {
    stalls.look();
    return clients.computeIfAbsent(
        backend,
        id ->
            new BackendClient(vertx, id, policy().connection(), policy().balance().maxInFlight()));
  }

  /** Lets an exchange wait, or returns {@code false} if the queue is full. */
  boolean enqueue(Exchange exchange) {
    if (closed || !queue.offer(exchange)) {
      return false;
    }
    if (!ticking) {
      ticking = true;
      vertx.setPeriodic(
          QUEUE_TICK_MILLIS,
          timer -> {
            release();
            if (queue.size() == 0) {
              ticking = false;
              vertx.cancelTimer(timer);
            }
          });
    }
    return true;
  }

  /** Takes an exchange out of the queue; returns whether it waited there. */
  boolean dequeue(Exchange exchange) {
    return queue.remove(exchange);
  }

  /** Lets those go on that can, oldest first, and those give up whose time is over. */
  void release() {
    if (releasing) {
      return; // One that gives up comes back here: this loop goes on to the next anyway.
    }
    releasing = true;
    try {
      while (releaseFirst()) {
        // The next.
      }
    } finally {
      releasing = false;
    }
  }

  /** While this event loop stands still, nobody's time runs. */
  private boolean isWaitOver(Exchange exchange, long nowNanos) {
    long voidNanos = stalledNanosSince(exchange.waitSinceNanos());
    return exchange.waitDeadlineNanos() + voidNanos <= nowNanos;
  }

  private boolean releaseFirst() {
    long nowNanos = plane.clock.getAsLong();
    Exchange over = queue.firstOver(nowNanos, exchange -> isWaitOver(exchange, nowNanos));
    if (over != null) {
      queue.remove(over);
      over.onWaitOver();
      return true;
    }
    Exchange first = queue.peek();
    if (first == null) {
      return false;
    }
    LiveBackend backend = take(first.head(), List.of(), nowNanos);
    if (backend == null) {
      return false;
    }
    queue.remove(first);
    first.onReleased(backend);
    return true;
  }
}
