package dev.backline.balancer.sim;

import java.util.PriorityQueue;

/** Simulated time: tasks in the order of their times, and of their making where those are equal. */
final class Agenda {
  static final long MICRO = 1_000;
  static final long MILLI = 1_000_000;
  static final long SECOND = 1_000_000_000;

  private record Task(long atNanos, long order, Runnable run) implements Comparable<Task> {
    @Override
    public int compareTo(Task other) {
      int byTime = Long.compare(atNanos, other.atNanos);
      return byTime != 0 ? byTime : Long.compare(order, other.order);
    }
  }

  private final PriorityQueue<Task> tasks = new PriorityQueue<>();
  private final long startNanos;
  private long nowNanos;
  private long made;

  /** Begins at any time: a monotonic clock has no zero, and may be below it. */
  Agenda(long startNanos) {
    this.startNanos = startNanos;
    this.nowNanos = startNanos;
  }

  long nowNanos() {
    return nowNanos;
  }

  /** Returns the time since the beginning. */
  long elapsedNanos() {
    return nowNanos - startNanos;
  }

  long elapsedMillis() {
    return elapsedNanos() / MILLI;
  }

  void after(long delayNanos, Runnable run) {
    if (delayNanos < 0) {
      throw new AssertionError("delay: " + delayNanos + " (expected: >= 0)");
    }
    tasks.add(new Task(nowNanos + delayNanos, made++, run));
  }

  /** Runs the next task at its time; returns {@code false} if there is none. */
  boolean step() {
    Task task = tasks.poll();
    if (task == null) {
      return false;
    }
    nowNanos = task.atNanos();
    task.run().run();
    return true;
  }

  /** Runs what comes within so long, in the middle of another task. */
  void runFor(long nanos) {
    long untilNanos = nowNanos + nanos;
    while (!tasks.isEmpty() && tasks.element().atNanos() <= untilNanos) {
      step();
    }
    nowNanos = Math.max(nowNanos, untilNanos);
  }
}
