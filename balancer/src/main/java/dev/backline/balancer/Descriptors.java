package dev.backline.balancer;

import com.sun.management.UnixOperatingSystemMXBean;
import dev.backline.balancer.limit.DescriptorBudget;
import io.vertx.core.Vertx;
import java.lang.management.ManagementFactory;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/** Counts this process's file descriptors for its {@link DescriptorBudget}, where it may matter. */
final class Descriptors {
  private static final System.Logger LOG = System.getLogger(Descriptors.class.getName());
  private static final long COUNT_MILLIS = 100;
  private static final long TELL_MILLIS = 1_000;
  // Fewer connections than anybody means to serve.
  private static final long FEW = 256;

  private final DescriptorBudget budget;
  private final AtomicBoolean counting = new AtomicBoolean();
  private long told;

  private Descriptors(DescriptorBudget budget) {
    this.budget = budget;
  }

  /** Returns what this process may open, by what is open now. */
  static DescriptorBudget budget() {
    UnixOperatingSystemMXBean system = system();
    if (system == null) {
      return DescriptorBudget.unlimited();
    }
    long open = system.getOpenFileDescriptorCount();
    DescriptorBudget budget = new DescriptorBudget(system.getMaxFileDescriptorCount(), open);
    if (budget.mostOpen() - open < FEW) {
      LOG.log(
          System.Logger.Level.WARNING,
          "only {0} file descriptors may be opened for connections (limit {1}, see ulimit -n;"
              + " expected: at least {2})",
          budget.mostOpen() - open,
          String.valueOf(budget.limit()),
          FEW);
    }
    return budget;
  }

  /** From now on it is counted ten times a second, if need be; and told who is refused. */
  static void watch(DescriptorBudget budget, Vertx vertx) {
    UnixOperatingSystemMXBean system = system();
    if (system != null) {
      Descriptors descriptors = new Descriptors(budget);
      vertx.setPeriodic(COUNT_MILLIS, timer -> descriptors.count(vertx, system));
      vertx.setPeriodic(TELL_MILLIS, timer -> descriptors.tell());
    }
  }

  private void count(Vertx vertx, UnixOperatingSystemMXBean system) {
    if (budget.isWorthCounting() && counting.compareAndSet(false, true)) {
      var unused =
          vertx
              .executeBlocking(
                  () -> {
                    budget.count(system::getOpenFileDescriptorCount);
                    return true;
                  })
              .onComplete(counted -> counting.set(false));
    }
  }

  private void tell() {
    long refused = budget.refused();
    if (refused > told) {
      LOG.log(
          System.Logger.Level.WARNING,
          "{0} client connections were refused: {1} file descriptors and more are open"
              + " (limit {2}, see ulimit -n)",
          String.valueOf(refused - told),
          String.valueOf(budget.mostOpen()),
          String.valueOf(budget.limit()));
      told = refused;
    }
  }

  private static @Nullable UnixOperatingSystemMXBean system() {
    return ManagementFactory.getOperatingSystemMXBean() instanceof UnixOperatingSystemMXBean unix
        ? unix
        : null;
  }
}
