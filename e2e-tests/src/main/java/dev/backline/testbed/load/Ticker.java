package dev.backline.testbed.load;

import dev.backline.testbed.history.Moment;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/**
 * A thread that wants to run every 20 ms and notes by how much it was kept from it: how the drill
 * knows a starved machine. Owns its thread; {@link #close} ends it.
 */
public final class Ticker implements AutoCloseable {
  private static final long PERIOD_NANOS = TimeUnit.MILLISECONDS.toNanos(20);

  /** What a balancer calls a stall of its own. */
  private static final long STALL_NANOS = TimeUnit.MILLISECONDS.toNanos(100);

  private final Clock clock;
  private final List<Moment> stalls = new CopyOnWriteArrayList<>();
  private final Thread thread = new Thread(this::run, "ticker");
  private volatile long longestGapNanos;
  private volatile boolean closed;

  public Ticker(Clock clock) {
    this.clock = clock;
  }

  public void start() {
    thread.setDaemon(true);
    thread.start();
  }

  public long longestGapMillis() {
    return TimeUnit.NANOSECONDS.toMillis(longestGapNanos);
  }

  /** When it was kept from running for as long as a balancer would call a stall. */
  public List<Moment> stalls() {
    return List.copyOf(stalls);
  }

  @Override
  public void close() {
    closed = true;
    LockSupport.unpark(thread);
  }

  private void run() {
    long last = System.nanoTime();
    while (!closed) {
      LockSupport.parkNanos(PERIOD_NANOS);
      long now = System.nanoTime();
      longestGapNanos = Math.max(longestGapNanos, now - last);
      if (now - last > STALL_NANOS) {
        String text = "for %d ms".formatted(TimeUnit.NANOSECONDS.toMillis(now - last));
        stalls.add(
            new Moment(Moment.Kind.STALL, "machine", clock.micros(last), clock.micros(now), text));
      }
      last = now;
    }
  }
}
