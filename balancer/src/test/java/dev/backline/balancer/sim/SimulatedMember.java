package dev.backline.balancer.sim;

import dev.backline.balancer.control.BackendView;
import dev.backline.balancer.control.Effect;
import dev.backline.balancer.control.Event;
import dev.backline.balancer.control.PoolPolicy;
import dev.backline.balancer.control.PoolSnapshot;
import dev.backline.balancer.control.Snapshot;
import dev.backline.balancer.health.HealthPolicy;
import dev.backline.balancer.health.ProbeResult;
import dev.backline.balancer.health.SelfDoubt;
import dev.backline.balancer.health.Stalls;
import dev.backline.balancer.incident.Incident;
import dev.backline.balancer.model.BackendId;
import dev.backline.balancer.model.Cause;
import dev.backline.balancer.model.MemberId;
import dev.backline.balancer.proxy.BackendCell;
import dev.backline.balancer.proxy.LiveBackend;
import dev.backline.balancer.retry.RetryBudget;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * One balancer: the control loop with its controller, the prober, and event loops which see what it
 * published a little later, each at its own time.
 */
final class SimulatedMember {
  private static final long PUBLISH_INTERVAL_NANOS = 5 * Agenda.MILLI;

  /** At most one timer and one probe for each backend. */
  private static final class Schedule {
    int timer;
    boolean probing;
    boolean again;
    boolean stopped;
  }

  /** Of the control loop. */
  final SimulatedThread thread;

  private final World world;
  private final MemberId name;
  private final int serial;
  private final long beganNanos;
  private final Set<SimulatedExchange> exchanges = new LinkedHashSet<>();
  private final SimulatedPeers peers;
  private final Dice dice;
  private final Core.Control control;
  private final List<SimulatedLoop> loops = new ArrayList<>();
  private final Stalls stalls;
  private final Map<BackendId, Schedule> schedules = new LinkedHashMap<>();
  private final Map<BackendId, Long> listedNanos = new LinkedHashMap<>();
  private final List<Runnable> afterPublishing = new ArrayList<>();
  private SimulatedLoop.Published published;
  private long publishedAtNanos;
  private long mailNanos;
  private boolean publishing;
  private SelfDoubt.State doubt = SelfDoubt.State.SURE;
  private long doubtNanos;
  private boolean dead;
  private int lagging;
  private int interleaved;

  /**
   * Starts a member.
   *
   * @param serial of its lives, and those of the others, in their order
   */
  SimulatedMember(World world, MemberId name, int serial, Dice dice) {
    this.world = world;
    this.thread = new SimulatedThread(world.agenda, this::isDead);
    this.name = name;
    this.serial = serial;
    this.beganNanos = world.agenda.nowNanos();
    this.doubtNanos = beganNanos;
    this.dice = dice;
    this.control = world.core.control(name, dice.nextLong());
    this.peers = new SimulatedPeers(world, this, dice.split());
    this.mailNanos = world.agenda.nowNanos();
    this.stalls = new Stalls(mailNanos);
    this.publishedAtNanos = mailNanos - PUBLISH_INTERVAL_NANOS;
    PoolPolicy policy = world.options.policy();
    this.published =
        new SimulatedLoop.Published(
            0,
            policy,
            List.of(),
            world.core.budget(policy.retry()),
            1_000_000 * serial,
            new AtomicInteger(policy.queue().maxExchanges()));
    for (int i = 0; i < world.options.loops(); i++) {
      loops.add(new SimulatedLoop(world, this, published, dice.generator()));
    }
    thread.after(Stalls.TICK_NANOS, this::tick);
  }

  MemberId name() {
    return name;
  }

  /** Returns when this life of it began. */
  long beganNanos() {
    return beganNanos;
  }

  SimulatedPeers peers() {
    return peers;
  }

  boolean isDead() {
    return dead;
  }

  /** Returns whether it takes nobody out for silence, or has done so lately. */
  boolean doubtedSince(long sinceNanos) {
    return (doubt != SelfDoubt.State.SURE && doubt != SelfDoubt.State.BELIEVES)
        || doubtNanos > sinceNanos;
  }

  /** Returns what it makes of itself. */
  SelfDoubt.State doubt() {
    return doubt;
  }

  /** Ends as one that was asked to, as far as the others see it: it says farewell first. */
  void leave() {
    peers.sayFarewell();
    die();
  }

  /** Ends at once; what it was at is lost. */
  void die() {
    dead = true;
    world.cluster.die(peers);
    List.copyOf(exchanges).forEach(SimulatedExchange::onMemberDied);
    exchanges.clear();
  }

  void onBegin(SimulatedExchange exchange) {
    exchanges.add(exchange);
  }

  void onEnd(SimulatedExchange exchange) {
    exchanges.remove(exchange);
  }

  /** All of it stands still: the control loop, its event loops, and what it hears of the others. */
  void freeze(long nanos) {
    thread.standStill(nanos);
    peers.thread.standStill(nanos);
    loops.forEach(loop -> loop.thread.standStill(nanos));
  }

  @Override
  public String toString() {
    return name.toString();
  }

  List<SimulatedLoop> loops() {
    return loops;
  }

  /** Returns what the controller holds now; the loops see it a little later. */
  Snapshot snapshot() {
    return control.snapshot();
  }

  /** Returns what it was told so far; {@code null} where a test decides otherwise. */
  @Nullable Incident incident(Incident.Header header) {
    return control.incident(header);
  }

  @Nullable PoolSnapshot pool() {
    return control.snapshot().pools().get(Options.POOL);
  }

  @Nullable BackendView view(BackendId id) {
    PoolSnapshot pool = pool();
    return pool == null
        ? null
        : pool.backends().stream()
            .filter(view -> view.backend().id().equals(id))
            .findFirst()
            .orElse(null);
  }

  /** Returns whether it lists a backend of that name. */
  boolean lists(String backend) {
    PoolSnapshot pool = pool();
    return pool != null
        && pool.backends().stream().anyMatch(view -> view.backend().name().equals(backend));
  }

  SimulatedLoop.Published published() {
    return published;
  }

  void lag(boolean more) {
    lagging += more ? 1 : -1;
  }

  /** Its event loops lose the processor between two steps, from now on or no longer. */
  void interleave(boolean more) {
    interleaved += more ? 1 : -1;
  }

  boolean isInterleaved() {
    return interleaved > 0;
  }

  /** Hands an event to the control loop, which takes them in the order of their coming. */
  void emit(Event event, Runnable afterwards) {
    long nowNanos = world.agenda.nowNanos();
    long delayNanos = dice.between(10 * Agenda.MICRO, 2 * Agenda.MILLI);
    if (lagging > 0) {
      delayNanos += dice.between(0, World.LONGEST_LAG_NANOS);
    }
    mailNanos = Math.max(mailNanos, nowNanos + delayNanos);
    thread.after(mailNanos - nowNanos, () -> take(event, afterwards));
  }

  void emit(Event event) {
    emit(event, () -> {});
  }

  private void take(Event event, Runnable afterwards) {
    noticeStall();
    apply(event);
    afterPublishing.add(afterwards);
    if (publishing) {
      return;
    }
    long sinceNanos = world.agenda.nowNanos() - publishedAtNanos;
    if (sinceNanos >= PUBLISH_INTERVAL_NANOS) {
      publish();
    } else {
      publishing = true;
      thread.after(PUBLISH_INTERVAL_NANOS - sinceNanos, this::publish);
    }
  }

  private void noticeStall() {
    long nanos = stalls.onRunning(world.agenda.nowNanos());
    if (nanos > 0) {
      apply(new Event.Stalled(nanos));
    }
  }

  private void apply(Event event) {
    world.census.count("event", event.getClass().getSimpleName());
    List<Effect> effects = control.apply(event, world.agenda.nowNanos());
    noteListed();
    world.checks.forEach(check -> check.onTold(this, event));
    for (Effect effect : effects) {
      world.census.count("effect", effect.getClass().getSimpleName());
      perform(effect);
    }
    if (event instanceof Event.ProbeFinished probe) {
      world.checks.forEach(check -> check.onProbed(this, probe.backend(), probe.result()));
    } else if (event instanceof Event.QuickProbeFinished probe) {
      world.checks.forEach(check -> check.onQuickProbed(this, probe.backend(), probe.result()));
    }
  }

  private void noteListed() {
    PoolSnapshot pool = pool();
    if (world.options.registered() && pool != null) {
      Set<BackendId> there = new LinkedHashSet<>();
      pool.backends().forEach(view -> there.add(view.backend().id()));
      listedNanos.keySet().retainAll(there);
      there.forEach(id -> listedNanos.putIfAbsent(id, world.agenda.nowNanos()));
    }
  }

  /** Returns since when it lists a backend that registers, as the same process. */
  long listedNanos(BackendId id) {
    return listedNanos.getOrDefault(id, world.agenda.nowNanos());
  }

  private void publish() {
    publishing = false;
    if (control.snapshot().version() != published.version()) {
      published = share(control.snapshot());
      publishedAtNanos = world.agenda.nowNanos();
      SimulatedLoop.Published next = published;
      for (SimulatedLoop loop : loops) {
        world.agenda.after(
            dice.between(0, 3 * Agenda.MILLI),
            () -> loop.thread.read(() -> loop.onPublished(next)));
      }
    }
    List<Runnable> due = List.copyOf(afterPublishing);
    afterPublishing.clear();
    due.forEach(Runnable::run);
  }

  private SimulatedLoop.Published share(Snapshot snapshot) {
    PoolSnapshot pool = snapshot.pools().get(Options.POOL);
    if (pool == null) {
      throw new AssertionError("the pool is never removed: " + snapshot);
    }
    List<LiveBackend> backends = new ArrayList<>();
    for (BackendView view : pool.backends()) {
      backends.add(new LiveBackend(view, cell(view.backend().id())));
    }
    PoolPolicy old = published.policy();
    PoolPolicy policy = pool.policy();
    published.permits().addAndGet(policy.queue().maxExchanges() - old.queue().maxExchanges());
    boolean same = policy.retry().equals(old.retry());
    RetryBudget budget = same ? published.budget() : world.core.budget(policy.retry());
    int number = published.budgetNumber() + (same ? 0 : 1);
    return new SimulatedLoop.Published(
        snapshot.version(), policy, backends, budget, number, published.permits());
  }

  private BackendCell cell(BackendId id) {
    for (LiveBackend live : published.backends()) {
      if (live.id().equals(id)) {
        return live.cell();
      }
    }
    return new BackendCell();
  }

  private void tick() {
    noticeStall();
    if (world.agenda.nowNanos() >= control.nextDeadlineNanos()) {
      take(new Event.TimePassed(), () -> {});
    }
    thread.after(Stalls.TICK_NANOS, this::tick);
  }

  private void perform(Effect effect) {
    if (effect instanceof Effect.ProbeAfter probe) {
      probeAfter(probe.backend(), probe.delayNanos());
    } else if (effect instanceof Effect.ProbeQuickly probe) {
      probeQuickly(probe.backend(), probe.timeoutNanos());
    } else if (effect instanceof Effect.NoteHeard note) {
      cell(note.backend()).noteHeard(world.agenda.nowNanos());
    } else if (effect instanceof Effect.ReportHeard report) {
      cell(report.backend()).reportHeard();
    } else if (effect instanceof Effect.StopProbing stop) {
      Schedule schedule = schedules.remove(stop.backend());
      if (schedule != null) {
        schedule.stopped = true;
      }
    } else if (effect instanceof Effect.CloseIdle close) {
      loops.forEach(
          loop ->
              world.agenda.after(
                  dice.between(0, 2 * Agenda.MILLI),
                  () -> loop.thread.read(() -> loop.closeKept(close.backend()))));
    } else if (effect instanceof Effect.ClearSuspicion clear) {
      cell(clear.backend()).clearSuspicion();
    } else if (effect instanceof Effect.FreeAbandoned free) {
      cell(free.backend()).freeAbandoned();
    } else if (effect instanceof Effect.Renew renew) {
      cell(renew.backend()).renew();
    } else if (effect instanceof Effect.ShareObservation share) {
      peers.share(share.backend(), share.observation());
    } else if (effect instanceof Effect.WithdrawObservation withdraw) {
      peers.withdraw(withdraw.backend());
    } else if (effect instanceof Effect.Keep keep) {
      world.keep(this, keep);
    } else if (effect instanceof Effect.AnswerOffer answer) {
      world.answer(this, answer);
    } else if (effect instanceof Effect.ShareRegistration share) {
      peers.share(share.registration());
    } else if (effect instanceof Effect.TellRegistration tell) {
      listedNanos.put(tell.backend().id(), world.agenda.nowNanos());
      world.census.count("registration", tell.what().replaceAll("[0-9.:]+$", "ADDRESS"));
      world.trace.note("registration", serial, tell.backend().name(), tell.what());
    } else if (effect instanceof Effect.TellVerdict tell) {
      world.census.count("verdict", tell.to().name());
      world.census.count("turn", tell.from() + "->" + tell.to());
      String turn = tell.from() + " -> " + tell.to() + ": " + tell.reason();
      world.trace.note("verdict", serial, tell.backend().name(), turn);
      world.checks.forEach(check -> check.onVerdict(this, tell));
    } else if (effect instanceof Effect.TellDoubt tell) {
      world.census.count("doubt", tell.to().name());
      doubt = tell.to();
      doubtNanos = world.agenda.nowNanos();
      world.checks.forEach(check -> check.onDoubt(this));
      world.trace.note("doubt", -1, "", tell.to().name());
    } else if (effect instanceof Effect.AlarmLocal alarm) {
      world.trace.note("alarm", -1, "", alarm.cause().words());
    } else {
      throw new AssertionError(effect);
    }
  }

  private void probeAfter(BackendId id, long delayNanos) {
    Schedule schedule = schedules.computeIfAbsent(id, i -> new Schedule());
    if (schedule.probing) {
      schedule.again = delayNanos <= 0;
      return;
    }
    int timer = ++schedule.timer;
    thread.after(
        delayNanos,
        () -> {
          if (schedule.timer == timer && !schedule.probing) {
            probe(id, schedule);
          }
        });
  }

  private void probe(BackendId id, Schedule schedule) {
    PoolSnapshot pool = pool();
    if (pool == null || schedule.stopped) {
      return;
    }
    schedule.timer++;
    schedule.probing = true;
    schedule.again = false;
    long startNanos = world.agenda.nowNanos();
    world.checks.forEach(check -> check.onProbing(this, id));
    HealthPolicy health = pool.policy().health();
    world.network.probe(
        this,
        world.backend(id),
        pool.policy().connection().connectTimeout().toNanos(),
        health.timeout().toNanos(),
        result -> thread.after(0, () -> onProbed(id, schedule, result, startNanos)));
  }

  private void probeQuickly(BackendId id, long timeoutNanos) {
    Schedule schedule = schedules.get(id);
    PoolSnapshot pool = pool();
    if (schedule == null || pool == null) {
      return;
    }
    long startNanos = world.agenda.nowNanos();
    world.checks.forEach(check -> check.onProbing(this, id));
    world.network.probe(
        this,
        world.backend(id),
        pool.policy().connection().connectTimeout().toNanos(),
        timeoutNanos,
        result ->
            thread.after(
                0,
                () -> {
                  if (!schedule.stopped) {
                    String name = world.backend(id).name();
                    world.census.count("quick probe", result.getClass().getSimpleName());
                    world.trace.note("quick", -1, name, result.toString().hashCode(), result);
                    emit(new Event.QuickProbeFinished(Options.POOL, id, result, startNanos));
                  }
                }));
  }

  private void onProbed(BackendId id, Schedule schedule, ProbeResult got, long startNanos) {
    schedule.probing = false;
    PoolSnapshot pool = pool();
    if (schedule.stopped || pool == null) {
      return;
    }
    ProbeResult result = got;
    long timeoutNanos = pool.policy().health().timeout().toNanos();
    if (world.agenda.nowNanos() - startNanos > timeoutNanos + Agenda.MILLI && dice.percent(50)) {
      result = ProbeResult.failed(Cause.TIMEOUT); // After a standstill its timer came first.
    }
    world.census.count("probe", result.getClass().getSimpleName());
    world.trace.note("probe", -1, world.backend(id).name(), result.toString().hashCode(), result);
    emit(new Event.ProbeFinished(Options.POOL, id, result, startNanos));
    if (schedule.again) {
      probe(id, schedule);
    }
  }
}
