package dev.backline.testbed.up;

import dev.backline.testbed.control.Commands;
import dev.backline.testbed.control.ControlServer;
import dev.backline.testbed.driver.AddressPlan;
import dev.backline.testbed.driver.Node;
import dev.backline.testbed.driver.ProcessTestbed;
import dev.backline.testbed.driver.Programs;
import dev.backline.testbed.driver.Setup;
import dev.backline.testbed.driver.Testbed;
import dev.backline.testbed.driver.TestbedException;
import dev.backline.testbed.driver.Topology;
import dev.backline.testbed.http.Address;
import dev.backline.testbed.load.Clock;
import java.io.PrintStream;
import java.nio.file.Path;
import java.time.LocalTime;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/** Runs a testbed until it is told to end, and shows how it is. */
public final class Up {
  private static final long INTERVAL_NANOS = TimeUnit.MILLISECONDS.toNanos(500);
  private static final String WRAP_OFF = "\u001b[?7l";
  private static final String WRAP_ON = "\u001b[?7h";
  private static final DateTimeFormatter TIME = DateTimeFormatter.ofPattern("HH:mm:ss");

  private final Options options;
  private final PrintStream out;
  private volatile boolean watching;
  private volatile boolean ending;

  /**
   * How to run it.
   *
   * @param directory of control file, configuration, logs and ledgers
   * @param topology which nodes at first
   * @param terminal whether the output is one, so that the table can be drawn over itself
   */
  public record Options(
      Path directory,
      Programs programs,
      AddressPlan addresses,
      Topology topology,
      boolean terminal) {}

  public Up(Options options, PrintStream out) {
    this.options = options;
    this.out = out;
  }

  /** Ends only by an exception: SIGINT and SIGTERM end the process, in order, with code 0. */
  public void run() throws TestbedException {
    InstanceLock lock = InstanceLock.take(options.directory());
    try {
      Ports.checkFree(options.addresses(), options.topology());
      Setup setup =
          new Setup(
              options.directory(),
              options.programs(),
              options.addresses(),
              options.topology(),
              Setup.ServiceTime.NONE,
              new Clock(),
              this::progress);
      try (ProcessTestbed testbed = ProcessTestbed.start(setup);
          ControlServer control =
              ControlServer.start(new Commands(testbed), options.directory(), testbed::listeners)) {
        endInOrderOnSignal(testbed, control);
        greet(testbed);
        watching = true;
        watch(testbed);
      }
    } finally {
      lock.giveBack();
    }
  }

  private void endInOrderOnSignal(Testbed testbed, ControlServer control) {
    Thread hook =
        new Thread(
            () -> {
              ending = true;
              int code = 0;
              try {
                say("");
                say("ending: what is in flight is finished first");
                control.close();
                testbed.stopAll();
              } catch (TestbedException e) {
                say("backline: " + e.getMessage());
                code = e.exitCode();
              }
              testbed.close();
              Runtime.getRuntime().halt(code);
            },
            "end-in-order");
    Runtime.getRuntime().addShutdownHook(hook);
  }

  private void greet(Testbed testbed) {
    Address first = testbed.listeners().get(0);
    say("");
    say(
        "  http://dumbsound.localhost:%d   through the %s"
            .formatted(first.port(), testbed.listeners().size() == 1 ? "balancer" : "balancers"));
    for (Node node : testbed.nodes()) {
      say("  http://%-26s %s".formatted(node.address(), node.name()));
    }
    say(
        """

        In another terminal:
          curl -s http://dumbsound.localhost:%d/whoami   (again and again: they take turns by chance)
          ./backline load                  200 requests a second, and what becomes of each
          ./backline kill backend-1        also: pause, resume, stop, start; add backend; remove
          ./backline status                what the balancer thinks, and why
        Ctrl-C ends all of it. Logs: %s
        """
            .formatted(first.port(), options.directory()));
  }

  private void watch(Testbed testbed) {
    StateChanges changes = new StateChanges();
    Views before = Views.NONE;
    long at = System.nanoTime();
    int drawn = 0;
    while (!ending) {
      Views answers = Views.of(testbed);
      long now = System.nanoTime();
      List<Node> nodes = testbed.nodes();
      Views views = answers.ofThoseThatRun(nodes);
      if (options.terminal()) {
        long sinceMillis = TimeUnit.NANOSECONDS.toMillis(now - at);
        drawn = draw(StatusTable.lines(nodes, views, before, sinceMillis), drawn);
      } else {
        changes
            .lines(nodes, views)
            .forEach(line -> say(LocalTime.now(ZoneId.systemDefault()).format(TIME) + " " + line));
      }
      before = views;
      at = now;
      LockSupport.parkNanos(INTERVAL_NANOS);
    }
    // The process halts when all has ended; until then this thread has nothing to do.
    while (ending) {
      LockSupport.park(this);
    }
  }

  /**
   * Draws over the table drawn before; returns the number of lines drawn. What is wider than the
   * terminal is cut off by it: a line that wraps would be two.
   */
  private int draw(List<String> lines, int drawnBefore) {
    StringBuilder text = new StringBuilder(WRAP_OFF);
    if (drawnBefore > 0) {
      text.append("\u001b[").append(drawnBefore).append('A');
    }
    for (String line : lines) {
      text.append("\u001b[2K").append(line).append('\n');
    }
    out.print(text.append("\u001b[J").append(WRAP_ON));
    out.flush();
    return lines.size();
  }

  /** What is being started or ended; while the table is shown it tells that itself. */
  private void progress(String line) {
    if (!watching || ending || !options.terminal()) {
      say(line);
    }
  }

  private void say(String line) {
    out.println(line);
    out.flush();
  }
}
