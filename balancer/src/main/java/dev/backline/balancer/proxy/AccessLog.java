package dev.backline.balancer.proxy;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Writes the access log, a line an exchange, on a thread of its own.
 *
 * <p>Event loops never wait for it: when a slow disk lets the queue fill up, lines are dropped and
 * counted.
 */
public final class AccessLog {
  private static final int MAX_QUEUED = 16_384;
  private static final System.Logger LOG = System.getLogger(AccessLog.class.getName());

  private final BlockingQueue<String> lines = new ArrayBlockingQueue<>(MAX_QUEUED);
  private final AtomicLong dropped = new AtomicLong();
  private final OutputStream out;
  private final Thread writer;
  private boolean failing;
  private volatile boolean closing;

  /** Starts writing to a stream, which it closes at the end. */
  public AccessLog(OutputStream out) {
    this.out = out;
    this.writer = new Thread(this::write, "access-log");
    writer.setDaemon(true);
    writer.start();
  }

  /** Queues a line; any thread may call. */
  void add(String line) {
    if (!lines.offer(line)) {
      dropped.incrementAndGet();
    }
  }

  /** Returns how many lines were lost. */
  public long dropped() {
    return dropped.get();
  }

  /** Writes what is queued and closes the stream. */
  public void close() throws InterruptedException {
    closing = true;
    writer.join(TimeUnit.SECONDS.toMillis(5));
  }

  private void write() {
    try (out) {
      while (!closing || !lines.isEmpty()) {
        String line = lines.poll(50, TimeUnit.MILLISECONDS);
        if (line != null) {
          write(line);
        }
      }
    } catch (IOException e) {
      LOG.log(System.Logger.Level.WARNING, "access log: not closed: {0}", e.getMessage());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /**
   * Writes a line, and those that came meanwhile. A disk that is full may have room again later.
   */
  private void write(String first) {
    int taken = 0;
    try {
      for (String line = first; line != null; line = lines.poll()) {
        taken++;
        out.write(line.getBytes(StandardCharsets.UTF_8));
      }
      out.flush();
      failing = false;
    } catch (IOException e) {
      dropped.addAndGet(taken);
      if (!failing) {
        failing = true;
        LOG.log(System.Logger.Level.ERROR, "access log: lines are lost: {0}", e.getMessage());
      }
    }
  }
}
