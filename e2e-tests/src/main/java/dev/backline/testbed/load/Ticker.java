package dev.backline.testbed.load;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/**
 * A thread that wants to run every 20 ms and notes by how much it was kept from it: how the drill
 * knows a starved machine. Owns its thread; {@link #close} ends it.
 */
public final class Ticker implements AutoCloseable {
  private static final long PERIOD_NANOS = TimeUnit.MILLISECONDS.toNanos(20);

  private final Thread thread = new Thread(this::run, "ticker");
  private volatile long longestGapNanos;
  private volatile boolean closed;

  public void start() {
    thread.setDaemon(true);
    thread.start();
  }

  public long longestGapMillis() {
    return TimeUnit.NANOSECONDS.toMillis(longestGapNanos);
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
      last = now;
    }
  }
}
