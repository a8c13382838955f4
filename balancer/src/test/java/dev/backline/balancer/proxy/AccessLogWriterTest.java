package dev.backline.balancer.proxy;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.junit.jupiter.api.Test;

class AccessLogWriterTest {
  private static final Logger QUIET = Logger.getLogger("dev.backline.balancer");

  /** A disk that can be full, or slow. */
  private static final class Disk extends OutputStream {
    private final ByteArrayOutputStream written = new ByteArrayOutputStream();
    private final CountDownLatch lost = new CountDownLatch(1);
    private final CountDownLatch ready = new CountDownLatch(1);
    private volatile boolean full;
    private volatile boolean closed;

    @Override
    public void write(int b) {
      throw new AssertionError("byte by byte");
    }

    @Override
    public void write(byte[] bytes) throws IOException {
      try {
        ready.await(30, TimeUnit.SECONDS);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
      if (full) {
        lost.countDown();
        throw new IOException("No space left on device");
      }
      written.write(bytes);
    }

    @Override
    public void close() {
      closed = true;
    }
  }

  private final Disk disk = new Disk();

  @Test
  void linesAreWrittenInTheirOrderAndTheStreamIsClosed() throws InterruptedException {
    disk.ready.countDown();
    AccessLog log = new AccessLog(disk);
    for (int i = 0; i < 1_000; i++) {
      log.add(i + "\n");
    }

    log.close();

    assertThat(disk.closed).isTrue();
    String[] lines = disk.written.toString(StandardCharsets.UTF_8).split("\n", -1);
    assertThat(lines).hasSize(1_001).startsWith("0", "1").endsWith("999", "");
    assertThat(log.dropped()).isZero();
  }

  /** Was: after one failure nothing was ever written again. */
  @Test
  void fullDiskLosesLinesAndIsUsedAgainWhenThereIsRoom() throws InterruptedException {
    QUIET.setLevel(Level.OFF);
    disk.ready.countDown();
    disk.full = true;
    AccessLog log = new AccessLog(disk);
    log.add("lost\n");
    assertThat(disk.lost.await(30, TimeUnit.SECONDS)).isTrue();
    disk.full = false;
    log.add("kept\n");

    log.close();

    assertThat(disk.written.toString(StandardCharsets.UTF_8)).isEqualTo("kept\n");
    assertThat(log.dropped()).isEqualTo(1);
  }

  @Test
  void slowDiskIsNotWaitedForAndWhatIsLostIsCounted() throws InterruptedException {
    AccessLog log = new AccessLog(disk);
    for (int i = 0; i < 20_000; i++) {
      log.add("x\n");
    }
    long dropped = log.dropped();

    disk.ready.countDown();
    log.close();

    assertThat(dropped).isBetween(3_000L, 4_000L);
    assertThat(disk.written.size() / 2).isEqualTo(20_000 - (int) dropped);
  }
}
