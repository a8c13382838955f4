package dev.backline.balancer.proxy;

import dev.backline.balancer.balance.Selector;
import dev.backline.balancer.control.PoolPolicy;
import dev.backline.balancer.limit.ExchangeQueue;
import dev.backline.balancer.model.BackendId;
import dev.backline.balancer.model.RequestHead;
import dev.backline.balancer.retry.RetryBudget;
import io.vertx.core.Vertx;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/** One pool on one event loop: its selector, its connections and its queue. Owned by that loop. */
final class PoolLoop {
  private static final long QUEUE_TICK_MILLIS = 20;

  private final Vertx vertx;
  private final DataPlane plane;
  private final RandomGenerator random;
  private final Map<BackendId, BackendClient> clients = new LinkedHashMap<>();
  private DataPlane.SharedPool shared;
  private Selector selector;
  private ExchangeQueue<Exchange> queue;
  private boolean ticking;

  PoolLoop(Vertx vertx, DataPlane plane, DataPlane.SharedPool shared, RandomGenerator random) {
    this.vertx = vertx;
    this.plane = plane;
    this.random = random;
    this.shared = shared;
    this.selector = new Selector(shared.snapshot().policy().balance(), random);
    this.queue = new ExchangeQueue<>(shared.queuePermits());
  }

  PoolPolicy policy() {
    return shared.snapshot().policy();
  }

  RetryBudget budget() {
    return shared.budget();
  }

  /** Takes in a new snapshot; what is under way goes on with what it has. */
  void replace(DataPlane.SharedPool next) {
    PoolPolicy before = policy();
    shared = next;
    if (!before.balance().equals(policy().balance())) {
      selector = new Selector(policy().balance(), random);
    }
    boolean reconnect = !before.connection().equals(policy().connection());
    clients
        .entrySet()
        .removeIf(
            entry -> {
              boolean gone = reconnect || !isListed(entry.getKey());
              if (gone) {
                entry.getValue().close();
              }
              return gone;
            });
    release();
  }

  /** Closes the pool: it is no longer configured. */
  void close() {
    clients.values().forEach(BackendClient::close);
    clients.clear();
  }

  void closeIdle(BackendId backend) {
    BackendClient client = clients.get(backend);
    if (client != null) {
      client.closeIdle();
    }
  }

  @Nullable LiveBackend select(RequestHead head, List<BackendId> tried, long nowNanos) {
    return selector.select(shared.backends(), head, tried, nowNanos);
  }

  long medianHeadNanos(long nowNanos) {
    return selector.medianHeadNanos(shared.backends(), nowNanos);
  }

  BackendClient client(BackendId backend) {
    return clients.computeIfAbsent(
        backend,
        id ->
            new BackendClient(vertx, id, policy().connection(), policy().balance().maxInFlight()));
  }

  /** Lets an exchange wait, or returns {@code false} if the queue is full. */
  boolean enqueue(Exchange exchange) {
    if (!queue.offer(exchange)) {
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

  void dequeue(Exchange exchange) {
    queue.remove(exchange);
  }

  /** Lets those go on that can, oldest first, and those give up whose time is over. */
  void release() {
    for (Exchange first = queue.peek(); first != null; first = queue.peek()) {
      long nowNanos = plane.clock.getAsLong();
      if (first.waitDeadlineNanos() <= nowNanos) {
        queue.remove(first);
        first.onWaitOver();
      } else if (select(first.head(), List.of(), nowNanos) != null) {
        queue.remove(first);
        first.onReleased();
      } else {
        return;
      }
    }
  }

  private boolean isListed(BackendId id) {
    return shared.backends().stream().anyMatch(live -> live.id().equals(id));
  }
}
