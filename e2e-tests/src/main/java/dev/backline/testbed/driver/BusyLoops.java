package dev.backline.testbed.driver;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Processes that take all the processor time of this machine that they get, whatever the testbed is
 * made of. They die with the testbed, as its guardian's; and should that be killed as well, each
 * ends when it has taken {@link #MOST_SECONDS} of processor time. Used by one thread.
 */
public final class BusyLoops implements AutoCloseable {
  /** Well above what one can take in a drill. */
  static final int MOST_SECONDS = 300;

  private static final String LOOP = "ulimit -t " + MOST_SECONDS + "; while :; do :; done";

  private final List<Process> loops = new ArrayList<>();
  private @Nullable Guardian guardian;

  /** Starts so many. */
  public void start(int number) throws TestbedException {
    Guardian guard = Guardian.start();
    guardian = guard;
    try {
      for (int i = 0; i < number; i++) {
        Process loop = new ProcessBuilder("sh", "-c", LOOP).start();
        loops.add(loop);
        guard.guard(loop.pid());
      }
    } catch (IOException e) {
      throw new TestbedException("cannot start a shell to keep a processor busy", e);
    }
  }

  /** Ends them all; fails if one had ended before: the machine was not as busy as it should be. */
  public void end() throws TestbedException {
    long running = loops.stream().filter(Process::isAlive).count();
    int started = loops.size();
    close();
    if (running < started) {
      throw new TestbedException(
          TestbedException.Cause.NOTHING_PROVED,
          "%d of %d busy loops ran to the end (expected: all)".formatted(running, started));
    }
  }

  List<Long> pids() {
    return loops.stream().map(Process::pid).toList();
  }

  /** Ends what still runs. */
  @Override
  public void close() {
    Guardian guard = guardian;
    for (Process loop : loops) {
      loop.destroyForcibly();
      if (guard != null) {
        guard.release(loop.pid());
      }
    }
    loops.clear();
    if (guard != null) {
      guard.close();
      guardian = null;
    }
  }
}
