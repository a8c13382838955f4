package dev.backline.balancer;

import dev.backline.balancer.control.Controller;
import dev.backline.balancer.control.Effect;
import dev.backline.balancer.control.Event;
import dev.backline.balancer.control.Events;
import dev.backline.balancer.control.Lease;
import dev.backline.balancer.control.Leases;
import dev.backline.balancer.control.Peers;
import dev.backline.balancer.control.PoolSnapshot;
import dev.backline.balancer.control.Registrar;
import dev.backline.balancer.control.Snapshot;
import dev.backline.balancer.health.SelfDoubt;
import dev.backline.balancer.health.Stalls;
import dev.backline.balancer.incident.Incident;
import dev.backline.balancer.incident.Recorder;
import dev.backline.balancer.incident.Recording;
import dev.backline.balancer.model.BackendId;
import dev.backline.balancer.model.MemberId;
import dev.backline.balancer.model.PoolName;
import dev.backline.balancer.probe.Prober;
import dev.backline.balancer.proxy.BackendCell;
import dev.backline.balancer.proxy.DataPlane;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.LongConsumer;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Owns the controller on an event loop that no exchange shares: takes events in, carries effects
 * out, and publishes snapshots.
 *
 * <p>The first change is published at once, those that follow within 5 ms together.
 */
final class ControlLoop implements Events, Registrar, Leases {
  private static final System.Logger LOG = System.getLogger(ControlLoop.class.getName());
  private static final long PUBLISH_INTERVAL_NANOS = 5_000_000;

  private final Vertx vertx;
  private final Context context;
  private final LongSupplier clock;
  private final Controller controller;
  private final Recorder recorder;
  private final IncidentTimer incidents;
  private final DataPlane plane;
  private final Peers peers;
  private final Prober prober;
  private final Stalls stalls;
  private final LongConsumer whenStalled;
  private final Consumer<Boolean> whenIsolated;
  private final Consumer<Effect.Keep> keeper;
  private final Map<Long, Registrar.Answer> answers = new LinkedHashMap<>();
  private long tickets;
  private final List<Runnable> afterPublishing = new ArrayList<>();
  private final List<CompletableFuture<Void>> awaitingProbes = new ArrayList<>();
  private long publishedAtNanos = -PUBLISH_INTERVAL_NANOS;
  private long ticking;
  private boolean publishing;
  private boolean stopped;

  /**
   * Creates the loop and, from it, the data plane that it publishes to.
   *
   * @param whenStalled told how many nanoseconds the loop stood still, on the loop, afterwards
   * @param whenPutOut told what led to it that backends were put out, on the loop, soon after
   * @param whenIsolated told whether this member is cut off from what the others reach, on the loop
   */
  ControlLoop(
      Vertx vertx,
      LongSupplier clock,
      MemberId own,
      long seed,
      Peers peers,
      LongConsumer whenStalled,
      Consumer<Boolean> whenIsolated,
      Consumer<Effect.Keep> keeper,
      Consumer<Recording> whenPutOut,
      Function<Events, DataPlane> dataPlane) {
    this.vertx = vertx;
    this.context = vertx.getOrCreateContext();
    this.clock = clock;
    this.peers = peers;
    this.whenStalled = whenStalled;
    this.whenIsolated = whenIsolated;
    this.stalls = new Stalls(clock.getAsLong());
    this.keeper = keeper;
    this.controller = new Controller(own, seed);
    this.recorder = new Recorder(controller);
    this.incidents = new IncidentTimer(vertx, why -> whenPutOut.accept(recording(why)));
    this.plane = dataPlane.apply(this);
    this.prober =
        new Prober(
            vertx,
            clock,
            this,
            name -> {
              PoolSnapshot pool = controller.snapshot().pools().get(name);
              return pool == null ? null : pool.policy().health();
            },
            (pool, backend) -> {
              Lease lease = at(pool, backend);
              return lease == null ? null : lease.name();
            });
    context.runOnContext(v -> begin());
  }

  /** Returns what this member was told lately; {@code why} somebody wants to know. Off the loop. */
  CompletionStage<Recording> recall(String why) {
    Promise<Recording> recalled = Promise.promise();
    context.runOnContext(v -> recalled.complete(recording(List.of(why))));
    return recalled.future().toCompletionStage();
  }

  private Recording recording(List<String> why) {
    long wallMillis = System.currentTimeMillis();
    return recorder.recording(
        new Incident.Header(Main.version(), why, wallMillis, clock.getAsLong()));
  }

  private void begin() {
    Thread.currentThread().setName("control-loop");
    ticking =
        vertx.setPeriodic(TimeUnit.NANOSECONDS.toMillis(Stalls.TICK_NANOS), timer -> onTick());
  }

  @Override
  public @Nullable Lease at(PoolName pool, BackendId address) {
    return controller.lease(pool, address);
  }

  DataPlane dataPlane() {
    return plane;
  }

  /** Returns when each backend listed now was probed once, and event loops know what came of it. */
  CompletionStage<Void> whenProbed() {
    CompletableFuture<Void> probed = new CompletableFuture<>();
    context.runOnContext(
        v -> {
          awaitingProbes.add(probed);
          tellIfProbed();
        });
    return probed;
  }

  private void tellIfProbed() {
    Snapshot latest = controller.snapshot();
    if (latest.version() == plane.snapshot().version() && latest.isProbed()) {
      awaitingProbes.forEach(probed -> probed.complete(null));
      awaitingProbes.clear();
    }
  }

  /** Returns what was published last. Any thread may call. */
  Snapshot snapshot() {
    return plane.snapshot();
  }

  @Override
  public void emit(Event event, Runnable afterwards) {
    context.runOnContext(v -> take(event, afterwards));
  }

  @Override
  public CompletionStage<Registrar.Answer> offer(Registrar.Offer offer) {
    Promise<Registrar.Answer> answered = Promise.promise();
    context.runOnContext(
        v -> {
          long ticket = ++tickets;
          take(
              new Event.RegistrationOffered(ticket, offer),
              () -> answered.complete(answers.remove(ticket)));
        });
    return answered.future().toCompletionStage();
  }

  /** Ends it: what breaks from now on is cut off here, and nobody else's fault. */
  Future<?> stop() {
    Promise<Void> done = Promise.promise();
    context.runOnContext(
        v -> {
          stopped = true;
          incidents.writeNow();
          vertx.cancelTimer(ticking);
          done.complete();
        });
    return done.future();
  }

  private void take(Event event, Runnable afterwards) {
    if (stopped) {
      afterwards.run();
      return;
    }
    noticeStall();
    apply(event);
    afterPublishing.add(afterwards);
    if (publishing) {
      return;
    }
    long sinceNanos = clock.getAsLong() - publishedAtNanos;
    if (sinceNanos >= PUBLISH_INTERVAL_NANOS) {
      publish();
    } else {
      publishing = true;
      long millis = Math.max(1, (PUBLISH_INTERVAL_NANOS - sinceNanos) / 1_000_000);
      vertx.setTimer(millis, timer -> publish());
    }
  }

  /** Before anything is judged that happened, or did not, meanwhile. */
  private void noticeStall() {
    long nanos = stalls.onRunning(clock.getAsLong());
    if (nanos > 0) {
      apply(new Event.Stalled(nanos));
      whenStalled.accept(nanos);
    }
  }

  private void apply(Event event) {
    recorder.apply(event, clock.getAsLong()).forEach(this::perform);
  }

  private void publish() {
    publishing = false;
    if (controller.snapshot().version() != plane.snapshot().version()) {
      plane.publish(controller.snapshot());
      publishedAtNanos = clock.getAsLong();
    }
    tellIfProbed();
    List<Runnable> due = List.copyOf(afterPublishing);
    afterPublishing.clear();
    due.forEach(Runnable::run);
  }

  private void onTick() {
    noticeStall();
    if (clock.getAsLong() >= controller.nextDeadlineNanos()) {
      take(new Event.TimePassed(), () -> {});
    }
  }

  private void perform(Effect effect) {
    if (effect instanceof Effect.ProbeAfter probe) {
      prober.probeAfter(probe.pool(), probe.backend(), probe.delayNanos(), probe.urgent());
    } else if (effect instanceof Effect.ProbeQuickly probe) {
      prober.probeQuickly(probe.pool(), probe.backend(), probe.timeoutNanos());
    } else if (effect instanceof Effect.StopProbing stop) {
      prober.stop(stop.pool(), stop.backend());
    } else if (effect instanceof Effect.CloseIdle close) {
      plane.closeIdle(close.pool(), close.backend());
    } else if (effect instanceof Effect.NoteHeard note) {
      onCell(note.pool(), note.backend(), cell -> cell.noteHeard(clock.getAsLong()));
    } else if (effect instanceof Effect.ReportHeard report) {
      onCell(report.pool(), report.backend(), BackendCell::reportHeard);
    } else if (effect instanceof Effect.ClearSuspicion clear) {
      onCell(clear.pool(), clear.backend(), BackendCell::clearSuspicion);
    } else if (effect instanceof Effect.FreeAbandoned free) {
      onCell(free.pool(), free.backend(), BackendCell::freeAbandoned);
    } else if (effect instanceof Effect.Renew renew) {
      onCell(renew.pool(), renew.backend(), BackendCell::renew);
    } else if (effect instanceof Effect.ShareObservation share) {
      peers.share(share.pool(), share.backend(), share.observation());
    } else if (effect instanceof Effect.WithdrawObservation withdraw) {
      peers.withdraw(withdraw.pool(), withdraw.backend());
    } else if (effect instanceof Effect.AnswerOffer answer) {
      answers.put(answer.ticket(), answer.answer());
    } else if (effect instanceof Effect.ShareRegistration share) {
      peers.share(share.registration());
    } else if (effect instanceof Effect.Keep keep) {
      keeper.accept(keep);
    } else if (effect instanceof Effect.TellRegistration tell) {
      LOG.log(
          System.Logger.Level.INFO,
          "registration pool={0} name={1} address={2} what=\"{3}\"",
          tell.pool(),
          tell.backend().name(),
          tell.backend().id(),
          tell.what());
    } else if (effect instanceof Effect.TellVerdict tell) {
      LOG.log(
          System.Logger.Level.INFO,
          "backend pool={0} name={1} address={2} from={3} to={4} why=\"{5}\"",
          tell.pool(),
          tell.backend().name(),
          tell.backend().id(),
          tell.from(),
          tell.to(),
          tell.reason());
      if (isPutOut(tell)) {
        incidents.onReason(
            "%s (pool %s): %s -> %s: %s"
                .formatted(
                    tell.backend().name(),
                    tell.pool(),
                    tell.from().word(),
                    tell.to().word(),
                    tell.reason()));
      }
    } else if (effect instanceof Effect.TellDoubt tell) {
      LOG.log(
          System.Logger.Level.WARNING,
          "member doubts itself from={0} to={1} why=\"{2}\"",
          tell.from(),
          tell.to(),
          tell.to().words());
      whenIsolated.accept(tell.to() == SelfDoubt.State.ISOLATED);
      if (tell.to() == SelfDoubt.State.ISOLATED) {
        incidents.onReason("this member is cut off from what others reach");
      }
    } else if (effect instanceof Effect.AlarmLocal alarm) {
      LOG.log(System.Logger.Level.WARNING, "local failure why=\"{0}\"", alarm.cause().words());
    } else {
      throw new AssertionError(effect);
    }
  }

  private static boolean isPutOut(Effect.TellVerdict tell) {
    return switch (tell.to()) {
      case DOWN, REFUSING, EJECTED ->
          switch (tell.from()) {
            case UP, SUSPECT, TRIAL -> true;
            case UNPROVEN, EJECTED, DOWN, REFUSING, DRAINING -> false;
          };
      case UNPROVEN, UP, SUSPECT, TRIAL, DRAINING -> false;
    };
  }

  private void onCell(PoolName pool, BackendId backend, Consumer<BackendCell> action) {
    BackendCell cell = plane.cell(pool, backend);
    if (cell != null) {
      action.accept(cell);
    }
  }
}
