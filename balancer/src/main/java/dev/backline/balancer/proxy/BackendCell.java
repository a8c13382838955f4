package dev.backline.balancer.proxy;

import dev.backline.balancer.health.SilenceWatch;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;

/**
 * The live counters of one backend, for as long as it is listed. All event loops of the member
 * write to it, without locks and without loops: a lost sample of a latency does no harm.
 *
 * <p>Padded on both sides, so that the counters of two backends never share a cache line.
 */
public final class BackendCell extends BackendCellFields {
  private static final VarHandle ACTIVE = handle("active", int.class);
  private static final VarHandle ABANDONED = handle("abandoned", int.class);
  private static final VarHandle UPGRADED = handle("upgraded", int.class);
  private static final VarHandle CLEAN = handle("clean", long.class);
  private static final VarHandle ATTEMPTS = handle("attempts", long.class);
  private static final VarHandle REPORTS_HEARD = handle("reportsHeard", boolean.class);
  private static final VarHandle FAILURES = handle("failures", long.class);

  private static final long FORGET_NANOS = 10_000_000_000L;
  private static final double SMOOTHING = 1.0 / 8;
  private static final int COLD_SAMPLES = 8;
  private static final int UPGRADED_AS_ONE = 32;
  private static final long MILLI = 1_000_000;

  // Cache lines are 64 bytes and are fetched in pairs.
  long q0;
  long q1;
  long q2;
  long q3;
  long q4;
  long q5;
  long q6;
  long q7;
  long q8;
  long q9;
  long q10;
  long q11;
  long q12;
  long q13;
  long q14;

  /** Takes a slot for an attempt, or returns {@code false} if so many are taken. */
  public boolean tryBegin(int max) {
    int before = (int) ACTIVE.getAndAdd(this, 1);
    if (before + abandoned >= max) {
      ACTIVE.getAndAdd(this, -1);
      return false;
    }
    ATTEMPTS.getAndAdd(this, 1L);
    return true;
  }

  /** Gives the slot of an attempt back: its answer is complete. */
  public void end() {
    ACTIVE.getAndAdd(this, -1);
  }

  /**
   * Turns an attempt's slot into an abandoned one: nobody waits for its answer any more, but the
   * backend may still be busy with it. It stays taken until the backend sends a head or comes back
   * after it was out, and each probe that passes gives half of them back: one that hangs must not
   * look idle.
   */
  public void abandon() {
    ABANDONED.getAndAdd(this, 1);
    ACTIVE.getAndAdd(this, -1);
  }

  /** Notes that a byte came from it, but not within 5 ms after another one. */
  public void noteHeard(long nowNanos) {
    long before = heardNanos;
    if (before == Long.MIN_VALUE || nowNanos - before > SilenceWatch.HEARD_GRAIN_NANOS) {
      heardNanos = nowNanos;
    }
  }

  /** Notes that a byte came from it over an attempt; returns whether that is to be reported. */
  public boolean onHeard(long nowNanos) {
    noteHeard(nowNanos);
    return reportsHeard && (boolean) REPORTS_HEARD.getAndSet(this, false);
  }

  /** Wants to be told when the next byte comes from it, by whoever hears it first. */
  public void reportHeard() {
    reportsHeard = true;
  }

  /** Returns when a byte came from it last; {@code Long.MIN_VALUE}: never. */
  public long heardNanos() {
    return heardNanos;
  }

  /** Notes a whole head: the backend is alive, and what was abandoned on it counts no longer. */
  public void onHead(long headNanos, boolean serverError, long nowNanos) {
    abandoned = 0;
    long known = headNanos(nowNanos);
    if (!serverError) {
      sample(headNanos, nowNanos);
    } else if (known > 0) {
      sample(Math.max(headNanos, known), nowNanos); // A quick error must not make it look fast.
    }
  }

  /** Notes a head that a silence of the backend delayed: its time says nothing. */
  public void onDelayedHead() {
    abandoned = 0;
  }

  /** Counts an answer that was no error and came whole. */
  public void onClean() {
    CLEAN.getAndAdd(this, 1L);
  }

  /** Counts a failure; returns the clean answers since the one before. */
  public long onFailure() {
    FAILURES.getAndAdd(this, 1L);
    return (long) CLEAN.getAndSet(this, 0L);
  }

  /** Suspects the backend, for all event loops at once. */
  public void suspect() {
    suspected = true;
  }

  /** Clears what event loops suspected. */
  public void clearSuspicion() {
    suspected = false;
  }

  /** Gives half of the abandoned slots back: a probe was answered, though requests may hang. */
  public void freeAbandoned() {
    int before = abandoned;
    if (before > 0) {
      ABANDONED.compareAndSet(this, before, before / 2); // If it fails: at the next pass.
    }
  }

  /** Forgets its usual time to head and the abandoned slots: it was out, and begins anew. */
  public void renew() {
    abandoned = 0;
    samples = 0;
  }

  /** Returns whether an event loop suspects it. */
  public boolean isSuspected() {
    return suspected;
  }

  /** Returns the slots taken. */
  public int inFlight() {
    return Math.max(0, active) + Math.max(0, abandoned);
  }

  /** Notes that an attempt's slot is held by an upgraded connection from now on. */
  void onUpgraded() {
    UPGRADED.getAndAdd(this, 1);
  }

  /** Gives the slot of an upgraded connection back. */
  void endUpgraded() {
    UPGRADED.getAndAdd(this, -1);
    end();
  }

  /** Returns the slots taken, where upgraded connections weigh little: they mostly stand idle. */
  public int load() {
    int idle = upgraded;
    return Math.max(0, inFlight() - idle) + idle / UPGRADED_AS_ONE;
  }

  /** Returns the attempts made. */
  public long attempts() {
    return attempts;
  }

  /** Returns the attempts failed. */
  public long failures() {
    return failures;
  }

  /**
   * Returns its usual time to head, 0 before it is known; without a sample an eighth of it is left
   * after 5 s, nothing after 10.
   */
  public long headNanos(long nowNanos) {
    return samples < COLD_SAMPLES ? 0 : (long) (usualHeadNanos * left(nowNanos));
  }

  /**
   * The first answers pay for cold code and new connections: nothing is known until there are
   * eight, and the least of them counts. Later a single late answer may be an accident: it counts
   * for no more than four times the usual. The more of the last sample has faded, the more a new
   * one counts: a slow backend that is rarely asked must not look fast after one answer.
   */
  private void sample(long headNanos, long nowNanos) {
    long usual = usualHeadNanos;
    int before = samples;
    if (before < COLD_SAMPLES) {
      usualHeadNanos = Math.max(1, before == 0 ? headNanos : Math.min(usual, headNanos));
      samples = before + 1;
    } else {
      long bounded = Math.min(headNanos, 4 * Math.max(usual, MILLI));
      double share = Math.max(SMOOTHING, 1 - left(nowNanos));
      usualHeadNanos = Math.max(1, Math.round(usual + (bounded - usual) * share));
    }
    sampledAtNanos = nowNanos;
  }

  /** Returns how much of the last sample is left, 1 to 0. */
  private double left(long nowNanos) {
    double left = 1 - (double) (nowNanos - sampledAtNanos) / FORGET_NANOS;
    return left <= 0 ? 0 : Math.min(1, left * left * left);
  }

  private static VarHandle handle(String field, Class<?> type) {
    try {
      return MethodHandles.lookup().findVarHandle(BackendCellFields.class, field, type);
    } catch (ReflectiveOperationException e) {
      throw new LinkageError(e.getMessage(), e);
    }
  }
}
