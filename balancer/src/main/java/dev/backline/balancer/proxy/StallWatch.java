package dev.backline.balancer.proxy;

import dev.backline.balancer.health.Stalls;
import io.vertx.core.Vertx;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.LongConsumer;
import java.util.function.LongSupplier;

/**
 * Sees to it that a stall of this event loop is known before anything is begun or judged. Owned by
 * that loop.
 */
final class StallWatch {
  private final LongSupplier clock;
  private final Stalls stalls;
  private final List<LongConsumer> told = new ArrayList<>();

  StallWatch(LongSupplier clock) {
    this.clock = clock;
    this.stalls = new Stalls(clock.getAsLong());
  }

  /** Looks regularly, from now on. */
  void begin(Vertx vertx) {
    vertx.setPeriodic(TimeUnit.NANOSECONDS.toMillis(Stalls.TICK_NANOS), timer -> look());
  }

  /** Has somebody told of each stall, in nanoseconds, as soon as it is seen to be over. */
  void whenStalled(LongConsumer another) {
    told.add(another);
  }

  /** Tells of a stall that is just over, if there was one. */
  void look() {
    long nanos = stalls.onRunning(clock.getAsLong());
    if (nanos > 0) {
      told.forEach(each -> each.accept(nanos));
    }
  }

  /** Returns how much of the time since then the loop stood still, until now. */
  long nanosSince(long sinceNanos) {
    look();
    return stalls.nanosSince(sinceNanos);
  }
}
