package dev.backline.balancer.sim;

import dev.backline.balancer.control.BackendView;
import dev.backline.balancer.control.Effect;
import dev.backline.balancer.control.Event;
import dev.backline.balancer.control.PoolPolicy;
import dev.backline.balancer.control.PoolSnapshot;
import dev.backline.balancer.control.Snapshot;
import dev.backline.balancer.health.HealthPolicy;
import dev.backline.balancer.health.ProbeResult;
import dev.backline.balancer.health.Stalls;
import dev.backline.balancer.model.BackendId;
import dev.backline.balancer.model.Cause;
import dev.backline.balancer.proxy.BackendCell;
import dev.backline.balancer.proxy.LiveBackend;
import dev.backline.balancer.retry.RetryBudget;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
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

  private final World world;
  private final Dice dice;
  private final Core.Control control;
  private final List<SimulatedLoop> loops = new ArrayList<>();
  private final Stalls stalls;
  private final Deque<Runnable> held = new ArrayDeque<>();
  private final Map<BackendId, Schedule> schedules = new LinkedHashMap<>();
  private final List<Runnable> afterPublishing = new ArrayList<>();
  private SimulatedLoop.Published published;
  private long publishedAtNanos;
  private long mailNanos;
  private boolean publishing;
  private int lagging;
  private long standsUntilNanos;

  SimulatedMember(World world, Dice dice) {
    this.world = world;
    this.dice = dice;
    this.control = world.core.control(dice.generator());
    this.mailNanos = world.agenda.nowNanos();
    this.standsUntilNanos = mailNanos;
    this.stalls = new Stalls(mailNanos);
    this.publishedAtNanos = mailNanos - PUBLISH_INTERVAL_NANOS;
    PoolPolicy policy = world.options.policy();
    this.published =
        new SimulatedLoop.Published(
            0,
            policy,
            List.of(),
            world.core.budget(policy.retry()),
            0,
            new AtomicInteger(policy.queue().maxExchanges()));
    for (int i = 0; i < world.options.loops(); i++) {
      loops.add(new SimulatedLoop(world, published, dice.generator()));
    }
    onControl(Stalls.TICK_NANOS, this::tick);
    world.agenda.after(Stalls.TICK_NANOS, this::check);
  }

  List<SimulatedLoop> loops() {
    return loops;
  }

  /** Returns what the controller holds now; the loops see it a little later. */
  Snapshot snapshot() {
    return control.snapshot();
  }

  @Nullable PoolSnapshot pool() {
    return control.snapshot().pools().get(Options.POOL);
  }

  SimulatedLoop.Published published() {
    return published;
  }

  void lag(boolean more) {
    lagging += more ? 1 : -1;
  }

  /** The control loop does nothing for so long; what it had to do meanwhile, it does then. */
  void standStill(long nanos) {
    standsUntilNanos = Math.max(standsUntilNanos, world.agenda.nowNanos() + nanos);
    world.agenda.after(nanos, this::goOn);
  }

  private void goOn() {
    while (!standsStill() && !held.isEmpty()) {
      held.removeFirst().run();
    }
  }

  private boolean standsStill() {
    return world.agenda.nowNanos() < standsUntilNanos;
  }

  private void onControl(long delayNanos, Runnable task) {
    world.agenda.after(
        delayNanos,
        () -> {
          if (standsStill()) {
            held.addLast(task);
          } else {
            goOn(); // What has waited goes first.
            task.run();
          }
        });
  }

  /** Hands an event to the control loop, which takes them in the order of their coming. */
  void emit(Event event, Runnable afterwards) {
    long nowNanos = world.agenda.nowNanos();
    long delayNanos = dice.between(10 * Agenda.MICRO, 2 * Agenda.MILLI);
    if (lagging > 0) {
      delayNanos += dice.between(0, World.LONGEST_LAG_NANOS);
    }
    mailNanos = Math.max(mailNanos, nowNanos + delayNanos);
    onControl(mailNanos - nowNanos, () -> take(event, afterwards));
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
      onControl(PUBLISH_INTERVAL_NANOS - sinceNanos, this::publish);
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
    for (Effect effect : control.apply(event, world.agenda.nowNanos())) {
      world.census.count("effect", effect.getClass().getSimpleName());
      perform(effect);
    }
  }

  private void publish() {
    publishing = false;
    if (control.snapshot().version() != published.version()) {
      published = share(control.snapshot());
      publishedAtNanos = world.agenda.nowNanos();
      SimulatedLoop.Published next = published;
      for (SimulatedLoop loop : loops) {
        world.agenda.after(dice.between(0, 3 * Agenda.MILLI), () -> loop.onPublished(next));
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
    onControl(Stalls.TICK_NANOS, this::tick);
  }

  private void check() {
    world.checks.forEach(check -> check.onTick());
    world.agenda.after(Stalls.TICK_NANOS, this::check);
  }

  private void perform(Effect effect) {
    if (effect instanceof Effect.ProbeAfter probe) {
      probeAfter(probe.backend(), probe.delayNanos());
    } else if (effect instanceof Effect.StopProbing stop) {
      Schedule schedule = schedules.remove(stop.backend());
      if (schedule != null) {
        schedule.stopped = true;
      }
    } else if (effect instanceof Effect.CloseIdle close) {
      loops.forEach(
          loop ->
              world.agenda.after(
                  dice.between(0, 2 * Agenda.MILLI), () -> loop.closeKept(close.backend())));
    } else if (effect instanceof Effect.ClearSuspicion clear) {
      cell(clear.backend()).clearSuspicion();
    } else if (effect instanceof Effect.FreeAbandoned free) {
      cell(free.backend()).freeAbandoned();
    } else if (effect instanceof Effect.Renew renew) {
      cell(renew.backend()).renew();
    } else if (effect instanceof Effect.ShareObservation
        || effect instanceof Effect.WithdrawObservation) {
      return; // It is alone.
    } else if (effect instanceof Effect.AnswerOffer
        || effect instanceof Effect.ShareRegistration
        || effect instanceof Effect.KeepRegistrations
        || effect instanceof Effect.TellRegistration) {
      throw new AssertionError(effect + " (expected: none, its backends don't register)");
    } else if (effect instanceof Effect.TellVerdict tell) {
      world.census.count("verdict", tell.to().name());
      String turn = tell.from() + " -> " + tell.to() + ": " + tell.reason();
      world.trace.note("verdict", -1, tell.backend().name(), turn);
      world.checks.forEach(check -> check.onVerdict(tell));
    } else if (effect instanceof Effect.AlarmLocal alarm) {
      world.trace.note("alarm", -1, "", alarm.cause().words());
    } else {
      throw new AssertionError(effect);
    }
  }

  private void probeAfter(BackendId id, long delayNanos) {
    Schedule schedule = schedules.computeIfAbsent(id, i -> new Schedule());
    if (schedule.probing) {
      schedule.again |= delayNanos <= 0;
      return;
    }
    int timer = ++schedule.timer;
    onControl(
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
    HealthPolicy health = pool.policy().health();
    world.network.probe(
        world.backend(id),
        pool.policy().connection().connectTimeout().toNanos(),
        health.timeout().toNanos(),
        result -> onControl(0, () -> onProbed(id, schedule, result, startNanos)));
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
