package dev.backline.balancer.sim;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.function.BooleanSupplier;

/**
 * A thread of a member, which may stand still: what comes meanwhile waits, and when it goes on,
 * sockets are read before timers run. It may also lose the processor in the middle of a task. When
 * its member is dead, it does nothing more.
 */
final class SimulatedThread {
  private record Standstill(long fromNanos, long untilNanos) {}

  private final Agenda agenda;
  private final BooleanSupplier dead;
  private final Deque<Runnable> readable = new ArrayDeque<>();
  private final Deque<Runnable> due = new ArrayDeque<>();
  private final List<Standstill> standstills = new ArrayList<>();
  private long standsUntilNanos;
  private boolean interrupted;

  SimulatedThread(Agenda agenda, BooleanSupplier dead) {
    this.agenda = agenda;
    this.dead = dead;
    this.standsUntilNanos = agenda.nowNanos();
  }

  /** Stands still for so long. */
  void standStill(long nanos) {
    long nowNanos = agenda.nowNanos();
    long untilNanos = nowNanos + nanos;
    if (untilNanos > standsUntilNanos) {
      standstills.add(new Standstill(Math.max(nowNanos, standsUntilNanos), untilNanos));
      standsUntilNanos = untilNanos;
    }
    agenda.after(nanos, this::goOn);
  }

  boolean standsStill() {
    return agenda.nowNanos() < standsUntilNanos;
  }

  /** For checks: how much of the time since then it really stood still, until now. */
  long stoodStillNanosSince(long sinceNanos) {
    long nowNanos = agenda.nowNanos();
    long nanos = 0;
    for (Standstill each : standstills) {
      long fromNanos = Math.max(each.fromNanos(), sinceNanos);
      nanos += Math.max(0, Math.min(each.untilNanos(), nowNanos) - fromNanos);
    }
    return nanos;
  }

  /** Lets all others go on for so long, in the middle of what this one is at. */
  void loseProcessor(long nanos) {
    interrupted = true;
    agenda.runFor(nanos);
    interrupted = false;
    agenda.after(0, this::goOn);
  }

  /** Something comes from a socket, or from another thread. */
  void read(Runnable task) {
    run(task, readable);
  }

  /** A timer. */
  void after(long delayNanos, Runnable task) {
    agenda.after(delayNanos, () -> run(task, due));
  }

  private void run(Runnable task, Deque<Runnable> waiting) {
    if (!waits()) {
      goOn(); // What has waited goes first.
    }
    if (waits()) {
      waiting.addLast(task);
    } else if (!dead.getAsBoolean()) {
      task.run();
    }
  }

  private boolean waits() {
    return interrupted || standsStill();
  }

  private void goOn() {
    while (!dead.getAsBoolean() && !waits() && !(readable.isEmpty() && due.isEmpty())) {
      (readable.isEmpty() ? due : readable).removeFirst().run();
    }
  }
}
