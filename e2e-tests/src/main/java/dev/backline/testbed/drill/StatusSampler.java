package dev.backline.testbed.drill;

import dev.backline.testbed.driver.Testbed;
import dev.backline.testbed.driver.TestbedException;
import dev.backline.testbed.history.PoolStatus;
import dev.backline.testbed.history.StatusSample;
import dev.backline.testbed.load.Clock;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.locks.LockSupport;

/** Reads one balancer's status again and again, on a thread of its own. */
final class StatusSampler implements AutoCloseable {
  private static final Duration INTERVAL = Duration.ofMillis(50);

  private final Testbed testbed;
  private final String balancer;
  private final Clock clock;
  private final List<StatusSample> samples = new CopyOnWriteArrayList<>();
  private final Thread thread = new Thread(this::run, "status-sampler");
  private volatile boolean closed;

  StatusSampler(Testbed testbed, String balancer, Clock clock) {
    this.testbed = testbed;
    this.balancer = balancer;
    this.clock = clock;
  }

  void start() {
    thread.setDaemon(true);
    thread.start();
  }

  List<StatusSample> samples() {
    return List.copyOf(samples);
  }

  @Override
  public void close() {
    closed = true;
    LockSupport.unpark(thread);
  }

  private void run() {
    while (!closed) {
      try {
        PoolStatus status = testbed.status(balancer);
        samples.add(new StatusSample(balancer, clock.micros(), status));
      } catch (TestbedException e) {
        // A balancer that is being stopped doesn't answer: no sample.
        LockSupport.parkNanos(INTERVAL.toNanos());
      }
      LockSupport.parkNanos(INTERVAL.toNanos());
    }
  }
}
