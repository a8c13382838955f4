package dev.backline.balancer.probe;

import dev.backline.balancer.control.Event;
import dev.backline.balancer.control.Events;
import dev.backline.balancer.health.HealthPolicy;
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

  private record Target(PoolName pool, BackendId backend) {}

  /** At most one timer and one probe for each target. */
  private static final class Schedule {
    long timer = NO_TIMER;
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
  }

  /** Probes after that time; at once where it is 0, and again if a probe is just under way. */
  public void probeAfter(PoolName pool, BackendId backend, long delayNanos) {
    Target target = new Target(pool, backend);
    Schedule schedule = schedules.computeIfAbsent(target, t -> new Schedule());
    if (schedule.probing) {
      // Its result brings the next order; only a hurry must not be forgotten.
      schedule.again |= delayNanos <= 0;
      return;
    }
    vertx.cancelTimer(schedule.timer);
    schedule.timer = NO_TIMER;
    if (delayNanos <= 0) {
      send(target, schedule);
    } else {
      long millis = Math.max(1, delayNanos / 1_000_000);
      schedule.timer = vertx.setTimer(millis, timer -> send(target, schedule));
    }
  }

  /** Stops probing a backend; the result of a probe under way is not reported. */
  public void stop(PoolName pool, BackendId backend) {
    Schedule schedule = schedules.remove(new Target(pool, backend));
    if (schedule != null) {
      schedule.stopped = true;
      vertx.cancelTimer(schedule.timer);
    }
  }

  private void send(Target target, Schedule schedule) {
    HealthPolicy policy = policies.apply(target.pool());
    if (policy == null || schedule.stopped) {
      return;
    }
    schedule.timer = NO_TIMER;
    schedule.probing = true;
    schedule.again = false;
    long startNanos = clock.getAsLong();
    String instance = registered.apply(target.pool(), target.backend());
    probe
        .send(new HttpProbe.Question(target.backend(), policy, instance))
        .onSuccess(result -> finish(target, schedule, result, startNanos));
  }

  private void finish(Target target, Schedule schedule, ProbeResult result, long startNanos) {
    schedule.probing = false;
    if (schedule.stopped) {
      return;
    }
    events.emit(new Event.ProbeFinished(target.pool(), target.backend(), result, startNanos));
    if (schedule.again) {
      send(target, schedule);
    }
  }
}
