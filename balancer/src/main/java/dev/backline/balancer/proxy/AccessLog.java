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
        if (line == null) {
          continue;
        }
        while (line != null) {
          out.write(line.getBytes(StandardCharsets.UTF_8));
          line = lines.poll();
        }
        out.flush();
      }
    } catch (IOException e) {
      LOG.log(System.Logger.Level.ERROR, "access log: can't be written: {0}", e.getMessage());
      closing = true;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
