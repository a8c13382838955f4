package dev.backline.balancer.sim;

import dev.backline.balancer.control.Event;
import dev.backline.balancer.control.PoolPolicy;
import dev.backline.balancer.health.Evidence;
import dev.backline.balancer.limit.ExchangeQueue;
import dev.backline.balancer.model.BackendId;
import dev.backline.balancer.model.RequestHead;
import dev.backline.balancer.proxy.LiveBackend;
import dev.backline.balancer.retry.RetryBudget;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/** One event loop of the member: a selector, a queue, connections, and reports of failures. */
final class SimulatedLoop {
  private static final long QUEUE_TICK_NANOS = 20 * Agenda.MILLI;

  /** What the control loop published, with what all loops share. */
  record Published(
      long version,
      PoolPolicy policy,
      List<LiveBackend> backends,
      RetryBudget budget,
      int budgetNumber,
      AtomicInteger permits) {}

  private final World world;
  private final RandomGenerator random;
  private final Map<BackendId, ArrayDeque<Link>> kept = new LinkedHashMap<>();
  private final Map<BackendId, List<Evidence>> pending = new LinkedHashMap<>();
  private final ExchangeQueue<SimulatedExchange> queue;
  private Published published;
  private Core.Choice choice;
  private boolean ticking;

  SimulatedLoop(World world, Published published, RandomGenerator random) {
    this.world = world;
    this.published = published;
    this.random = random;
    this.choice = world.core.choice(published.policy().balance(), random);
    this.queue = new ExchangeQueue<>(published.permits(), SimulatedExchange::waitDeadlineNanos);
  }

  Published published() {
    return published;
  }

  void onPublished(Published next) {
    if (next.version() <= published.version()) {
      return;
    }
    if (!published.policy().balance().equals(next.policy().balance())) {
      choice = world.core.choice(next.policy().balance(), random);
    }
    published = next;
    for (BackendId id : List.copyOf(kept.keySet())) {
      if (live(id) == null) {
        closeKept(id);
        kept.remove(id);
      }
    }
    release();
  }

  @Nullable LiveBackend select(RequestHead head, List<BackendId> tried) {
    return choice.select(published.backends(), head, tried, world.agenda.nowNanos());
  }

  long medianHeadNanos() {
    return choice.medianHeadNanos(published.backends(), world.agenda.nowNanos());
  }

  @Nullable LiveBackend live(BackendId id) {
    for (LiveBackend live : published.backends()) {
      if (live.id().equals(id)) {
        return live;
      }
    }
    return null;
  }

  // Connections

  /** Returns the connection used most recently, if one may be used for this request. */
  @Nullable Link keptLink(BackendId id, boolean safe) {
    ArrayDeque<Link> links = kept.get(id);
    long limitNanos = world.options.keepAliveNanos();
    while (links != null && !links.isEmpty()) {
      Link link = links.pop();
      long restedNanos = world.agenda.nowNanos() - link.restsSinceNanos;
      boolean noticed = restedNanos > limitNanos + world.options.netNanos();
      boolean risky = !safe && restedNanos > limitNanos / 2;
      if (!link.open || noticed || risky) {
        close(link);
        continue;
      }
      if (restedNanos > limitNanos) {
        link.closedByBackend = true; // And the notice of it is on the way.
      }
      return link;
    }
    return null;
  }

  void keep(BackendId id, Link link) {
    if (!link.open || live(id) == null) {
      close(link);
      return;
    }
    link.restsSinceNanos = world.agenda.nowNanos();
    kept.computeIfAbsent(id, i -> new ArrayDeque<>()).push(link);
  }

  void close(Link link) {
    link.open = false;
    link.backend.forget(link);
  }

  void closeKept(BackendId id) {
    ArrayDeque<Link> links = kept.get(id);
    if (links != null) {
      links.forEach(this::close);
      links.clear();
    }
  }

  // Queue

  boolean enqueue(SimulatedExchange exchange) {
    if (!queue.offer(exchange)) {
      return false;
    }
    if (!ticking) {
      ticking = true;
      world.agenda.after(QUEUE_TICK_NANOS, this::tick);
    }
    return true;
  }

  void dequeue(SimulatedExchange exchange) {
    queue.remove(exchange);
  }

  /** Lets those go on that can, oldest first, and those give up whose time is over. */
  void release() {
    for (SimulatedExchange first = queue.peek(); first != null; first = queue.peek()) {
      if (first.waitDeadlineNanos() <= world.agenda.nowNanos()) {
        queue.remove(first);
        first.onWaitOver();
      } else if (select(first.head, List.of()) != null) {
        queue.remove(first);
        first.onReleased();
      } else {
        return;
      }
    }
  }

  private void tick() {
    release();
    ticking = queue.size() > 0;
    if (ticking) {
      world.agenda.after(QUEUE_TICK_NANOS, this::tick);
    }
  }

  // Reports: at most one under way for each backend.

  void report(BackendId id, Evidence evidence) {
    List<Evidence> underWay = pending.get(id);
    if (underWay == null) {
      pending.put(id, new ArrayList<>());
      emit(id, List.of(evidence));
    } else {
      underWay.add(evidence);
    }
  }

  private void emit(BackendId id, List<Evidence> evidence) {
    world.member.emit(new Event.AttemptsFailed(Options.POOL, id, evidence), () -> onTaken(id));
  }

  private void onTaken(BackendId id) {
    List<Evidence> since = pending.remove(id);
    if (since != null && !since.isEmpty()) {
      pending.put(id, new ArrayList<>());
      emit(id, since);
    }
  }
}
