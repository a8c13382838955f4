package dev.backline.balancer.proxy;

import dev.backline.balancer.health.Stalls;
import io.vertx.core.Context;
import io.vertx.core.Vertx;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.LongConsumer;
import java.util.function.LongSupplier;

/**
 * Sees to it that a stall of this event loop is known before anything is begun or judged. Owned by
 * that loop.
 */
final class StallWatch {
  /** After this some of those who wait have given up. */
  private static final long LONG_NANOS = 500_000_000L;

  private final Context loop;
  private final LongSupplier clock;
  private final Stalls stalls;
  private boolean readingOn;
  private final Deque<Runnable> putOff = new ArrayDeque<>();
  private final List<LongConsumer> told = new ArrayList<>();
  private final List<Runnable> ticked = new ArrayList<>();

  StallWatch(Context loop, LongSupplier clock) {
    this.loop = loop;
    this.clock = clock;
    this.stalls = new Stalls(clock.getAsLong());
  }

  /** Looks regularly, from now on. */
  void begin(Vertx vertx) {
    vertx.setPeriodic(TimeUnit.NANOSECONDS.toMillis(Stalls.TICK_NANOS), timer -> tick());
  }

  private void tick() {
    look();
    ticked.forEach(Runnable::run);
  }

  /** Has somebody called at each look that is regular, every {@link Stalls#TICK_NANOS}. */
  void whenTicking(Runnable another) {
    ticked.add(another);
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
    if (nanos >= LONG_NANOS && !readingOn) {
      readingOn = true;
      loop.runOnContext(v -> onAllRead());
    }
  }

  /**
   * Returns whether a long stall is just over, and what came meanwhile is still being read: who has
   * gone in that time needs no answer.
   */
  boolean isReadingOn() {
    look();
    return readingOn;
  }

  /** Does something once all that came meanwhile is read. */
  void onceAllIsRead(Runnable action) {
    putOff.add(action);
  }

  private void onAllRead() {
    readingOn = false;
    for (int left = putOff.size(); left > 0; left--) {
      putOff.remove().run();
    }
  }

  /** Returns how much of the time since then the loop stood still, until now. */
  long nanosSince(long sinceNanos) {
    look();
    return stalls.nanosSince(sinceNanos);
  }
}
