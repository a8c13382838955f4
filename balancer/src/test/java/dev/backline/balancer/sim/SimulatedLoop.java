package dev.backline.balancer.sim;

import dev.backline.balancer.control.Event;
import dev.backline.balancer.control.PoolPolicy;
import dev.backline.balancer.health.Evidence;
import dev.backline.balancer.health.SilenceWatch;
import dev.backline.balancer.health.Stalls;
import dev.backline.balancer.limit.ExchangeQueue;
import dev.backline.balancer.model.BackendId;
import dev.backline.balancer.model.RequestHead;
import dev.backline.balancer.proxy.HeardBackends;
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
  private static final long OUTDATING_STALL_NANOS = 500 * Agenda.MILLI;
  private static final int INTERLEAVED_PERCENT = 50;
  private static final long LONGEST_INTERRUPTION_NANOS = 3 * Agenda.MILLI;

  /** What the control loop published, with what all loops share. */
  record Published(
      long version,
      PoolPolicy policy,
      List<LiveBackend> backends,
      RetryBudget budget,
      int budgetNumber,
      AtomicInteger permits) {}

  final SimulatedThread thread;
  private final World world;
  private final SimulatedMember member;
  private final RandomGenerator random;
  private final Dice dice;
  private final Stalls stalls;
  private final Map<BackendId, ArrayDeque<Link>> kept = new LinkedHashMap<>();
  private final Map<BackendId, List<Evidence>> pending = new LinkedHashMap<>();
  private final ExchangeQueue<SimulatedExchange> queue;
  private final SilenceWatch watch;
  private Published published;
  private HeardBackends heard;
  private Core.Choice choice;
  private boolean ticking;

  SimulatedLoop(World world, SimulatedMember member, Published published, RandomGenerator random) {
    this.world = world;
    this.member = member;
    this.stalls = new Stalls(world.agenda.nowNanos());
    this.thread = new SimulatedThread(world.agenda, member::isDead);
    this.published = published;
    this.heard = heardOf(published);
    this.random = random;
    this.dice = new Dice(world.options.seed() * 2_147_483_659L + world.agenda.elapsedNanos());
    this.choice = world.core.choice(published.policy().balance(), random);
    this.queue = new ExchangeQueue<>(published.permits(), SimulatedExchange::waitDeadlineNanos);
    this.watch = new SilenceWatch(world.agenda.nowNanos());
    thread.after(Stalls.TICK_NANOS, this::tick);
  }

  SimulatedMember member() {
    return member;
  }

  /** Returns how much of the time since then it stood still, until now. */
  long stalledNanosSince(long sinceNanos) {
    noticeStall();
    return stalls.nanosSince(sinceNanos);
  }

  private void noticeStall() {
    long nanos = stalls.onRunning(world.agenda.nowNanos());
    if (nanos >= OUTDATING_STALL_NANOS) {
      List.copyOf(kept.keySet()).forEach(this::closeKept);
    }
  }

  private void tick() {
    noticeStall();
    lookForSilence();
    thread.after(Stalls.TICK_NANOS, this::tick);
  }

  Published published() {
    return published;
  }

  private HeardBackends heardOf(Published of) {
    Map<BackendId, LiveBackend> byId = new LinkedHashMap<>();
    of.backends().forEach(backend -> byId.put(backend.id(), backend));
    return new HeardBackends(byId, world.agenda::nowNanos);
  }

  void onPublished(Published next) {
    if (next.version() <= published.version()) {
      return;
    }
    if (!published.policy().balance().equals(next.policy().balance())) {
      choice = world.core.choice(next.policy().balance(), random);
    }
    published = next;
    heard = heardOf(next);
    watch.retain(heard.byId().keySet());
    for (BackendId id : List.copyOf(kept.keySet())) {
      if (live(id) == null) {
        closeKept(id);
        kept.remove(id);
      }
    }
    release();
  }

  /**
   * Selects a backend for it and takes a slot, or returns {@code null} if none can take it now. In
   * between other event loops may do the same, by counts without this choice.
   */
  @Nullable LiveBackend take(SimulatedExchange exchange, List<BackendId> tried) {
    int maxInFlight = published.policy().balance().maxInFlight();
    for (LiveBackend to = select(exchange.head, tried);
        to != null && !member.isDead();
        to = select(exchange.head, tried)) {
      LiveBackend selected = to;
      world.checks.forEach(check -> check.onSelected(exchange, this, selected, tried));
      if (member.isInterleaved() && dice.percent(INTERLEAVED_PERCENT)) {
        int before = selected.inFlight();
        thread.loseProcessor(dice.between(0L, LONGEST_INTERRUPTION_NANOS));
        world.census.count("slot", selected.inFlight() == before ? "as selected" : "others came");
      }
      boolean taken = selected.cell().tryBegin(maxInFlight);
      world.census.count("slot", taken ? "taken" : "taken by another");
      if (taken) {
        return selected;
      }
    }
    return null;
  }

  private @Nullable LiveBackend select(RequestHead head, List<BackendId> tried) {
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
      thread.after(QUEUE_TICK_NANOS, this::lookIntoQueue);
    }
    return true;
  }

  void dequeue(SimulatedExchange exchange) {
    queue.remove(exchange);
  }

  /** Lets those go on that can, oldest first, and those give up whose time is over. */
  void release() {
    while (releaseFirst()) {
      // The next.
    }
  }

  private boolean releaseFirst() {
    long nowNanos = world.agenda.nowNanos();
    SimulatedExchange over = queue.firstOver(nowNanos, each -> isWaitOver(each, nowNanos));
    SimulatedExchange first = queue.peek();
    if (over != null) {
      queue.remove(over);
      over.onWaitOver();
      return true;
    }
    LiveBackend to = first == null ? null : take(first, List.of());
    if (first == null || to == null || member.isDead()) {
      return false;
    }
    queue.remove(first);
    first.onReleased(to);
    return true;
  }

  private boolean isWaitOver(SimulatedExchange exchange, long nowNanos) {
    long voidNanos = stalledNanosSince(exchange.waitSinceNanos());
    return exchange.waitDeadlineNanos() + voidNanos <= nowNanos;
  }

  private void lookIntoQueue() {
    release();
    ticking = queue.size() > 0;
    if (ticking) {
      thread.after(QUEUE_TICK_NANOS, this::lookIntoQueue);
    }
  }

  // Silence

  SilenceWatch watch() {
    return watch;
  }

  void onHeard(LiveBackend from) {
    if (from.cell().onHeard(world.agenda.nowNanos())) {
      report(from.id(), new Evidence.Heard());
    }
  }

  private void lookForSilence() {
    List<SilenceWatch.Finding> found =
        world.core.look(watch, heard, this::stalledNanosSince, world.agenda.nowNanos());
    for (SilenceWatch.Finding finding : found) {
      String name = world.backend(finding.backend()).name();
      world.trace.note("watch", -1, name, finding.toString().hashCode(), finding);
      if (finding instanceof SilenceWatch.Finding.Overdue overdue) {
        report(overdue.backend(), new Evidence.Overdue(overdue.nanos()));
      } else if (finding instanceof SilenceWatch.Finding.Silent silent) {
        LiveBackend live = live(silent.backend());
        if (live != null) {
          live.cell().suspect();
          report(silent.backend(), new Evidence.Silence(silent.nanos(), silent.limitNanos()));
        }
      }
    }
  }

  // Reports: at most one under way for each backend.

  void report(BackendId id, Evidence evidence) {
    world.census.count("evidence", evidence.getClass().getSimpleName());
    List<Evidence> underWay = pending.get(id);
    if (underWay == null) {
      pending.put(id, new ArrayList<>());
      emit(id, List.of(evidence));
    } else {
      underWay.add(evidence);
    }
  }

  private void emit(BackendId id, List<Evidence> evidence) {
    member.emit(
        new Event.EvidenceSeen(Options.POOL, id, evidence), () -> thread.read(() -> onTaken(id)));
  }

  private void onTaken(BackendId id) {
    List<Evidence> since = pending.remove(id);
    if (since != null && !since.isEmpty()) {
      pending.put(id, new ArrayList<>());
      emit(id, since);
    }
  }
}
