package dev.backline.balancer.probe;

import dev.backline.balancer.control.Event;
import dev.backline.balancer.control.Events;
import dev.backline.balancer.health.HealthPolicy;
import dev.backline.balancer.health.ProbePacer;
import dev.backline.balancer.health.ProbeResult;
import dev.backline.balancer.model.BackendId;
import dev.backline.balancer.model.PoolName;
import io.vertx.core.Vertx;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.BiFunction;
import java.util.function.Function;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Sends probes when it is told to and reports what came back. Decides nothing. Owned by the control
 * loop.
 */
public final class Prober {
  private static final long NO_TIMER = -1;
  private static final long PACE_MILLIS = 10;

  private record Target(PoolName pool, BackendId backend) {}

  /** What waits to be sent. */
  private record Turn(Target target, boolean quick) {}

  /** At most one timer and one probe for each target, and quick ones beside it. */
  private static final class Schedule {
    long timer = NO_TIMER;
    long quickTimeoutNanos;
    boolean probing;
    boolean again;
    boolean stopped;
  }

  private final Vertx vertx;
  private final LongSupplier clock;
  private final Events events;
  private final HttpProbe probe;
  private final Function<PoolName, @Nullable HealthPolicy> policies;
  private final BiFunction<PoolName, BackendId, @Nullable String> registered;
  private final Map<Target, Schedule> schedules = new LinkedHashMap<>();
  private final ProbePacer<Turn> pacer;
  private boolean pacing;

  /**
   * Creates a prober that has nothing to do yet.
   *
   * @param policies how a pool is probed now; {@code null} if it is no longer there
   * @param registered who registered at an address; {@code null} if nobody did
   */
  public Prober(
      Vertx vertx,
      LongSupplier clock,
      Events events,
      Function<PoolName, @Nullable HealthPolicy> policies,
      BiFunction<PoolName, BackendId, @Nullable String> registered) {
    this.vertx = vertx;
    this.clock = clock;
    this.events = events;
    this.policies = policies;
    this.registered = registered;
    this.probe = new HttpProbe(vertx, clock);
    this.pacer = new ProbePacer<>(clock.getAsLong());
  }

  /**
   * Probes after that time; at once where it is 0, and again if a probe is just under way.
   *
   * @param urgent whether it goes before others that wait because there are too many
   */
  public void probeAfter(PoolName pool, BackendId backend, long delayNanos, boolean urgent) {
    Target target = new Target(pool, backend);
    Schedule schedule = schedules.computeIfAbsent(target, t -> new Schedule());
    if (schedule.probing) {
      // Its result brings the next order; a hurry must not be forgotten, unless it is called off.
      schedule.again = delayNanos <= 0;
      return;
    }
    vertx.cancelTimer(schedule.timer);
    schedule.timer = NO_TIMER;
    if (delayNanos <= 0) {
      enqueue(target, schedule, urgent);
    } else {
      pacer.withdraw(new Turn(target, false));
      long millis = Math.max(1, delayNanos / 1_000_000);
      schedule.timer = vertx.setTimer(millis, timer -> enqueue(target, schedule, urgent));
    }
  }

  private void enqueue(Target target, Schedule schedule, boolean urgent) {
    schedule.timer = NO_TIMER;
    pacer.offer(new Turn(target, false), urgent);
    pace();
  }

  private void pace() {
    for (Turn next = pacer.poll(now()); next != null; next = pacer.poll(now())) {
      Schedule schedule = schedules.get(next.target());
      if (schedule != null && next.quick()) {
        sendQuickly(next.target(), schedule);
      } else if (schedule != null) {
        send(next.target(), schedule);
      }
    }
    if (pacer.isWaiting() && !pacing) {
      pacing = true;
      vertx.setTimer(
          PACE_MILLIS,
          timer -> {
            pacing = false;
            pace();
          });
    }
  }

  /** Probes now, beside what is under way, with that timeout. */
  public void probeQuickly(PoolName pool, BackendId backend, long timeoutNanos) {
    Target target = new Target(pool, backend);
    Schedule schedule = schedules.get(target);
    if (schedule == null) {
      return;
    }
    schedule.quickTimeoutNanos = timeoutNanos;
    pacer.offer(new Turn(target, true), true); // Where they have to wait, one is enough.
    pace();
  }

  private void sendQuickly(Target target, Schedule schedule) {
    HealthPolicy policy = policies.apply(target.pool());
    if (policy == null) {
      return;
    }
    long startNanos = now();
    probe
        .send(question(target, policy), schedule.quickTimeoutNanos)
        .onSuccess(
            result -> {
              if (!schedule.stopped) {
                events.emit(
                    new Event.QuickProbeFinished(
                        target.pool(), target.backend(), result, startNanos));
              }
            });
  }

  /** Stops probing a backend; the results of probes under way are not reported. */
  public void stop(PoolName pool, BackendId backend) {
    Target target = new Target(pool, backend);
    Schedule schedule = schedules.remove(target);
    if (schedule != null) {
      pacer.withdraw(new Turn(target, false));
      pacer.withdraw(new Turn(target, true));
      schedule.stopped = true;
      vertx.cancelTimer(schedule.timer);
    }
  }

  private void send(Target target, Schedule schedule) {
    HealthPolicy policy = policies.apply(target.pool());
    if (policy == null) {
      return;
    }
    schedule.probing = true;
    schedule.again = false;
    long startNanos = now();
    probe
        .send(question(target, policy), policy.timeout().toNanos())
        .onSuccess(result -> finish(target, schedule, result, startNanos));
  }

  private HttpProbe.Question question(Target target, HealthPolicy policy) {
    String instance = registered.apply(target.pool(), target.backend());
    return new HttpProbe.Question(target.backend(), policy.path(), instance);
  }

  private void finish(Target target, Schedule schedule, ProbeResult result, long startNanos) {
    schedule.probing = false;
    if (schedule.stopped) {
      return;
    }
    events.emit(new Event.ProbeFinished(target.pool(), target.backend(), result, startNanos));
    if (schedule.again) {
      enqueue(target, schedule, true);
    }
  }

  private long now() {
    return clock.getAsLong();
  }
}
