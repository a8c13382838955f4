package dev.backline.balancer.health;

import java.util.Iterator;
import java.util.LinkedHashSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Lets so many probes a second through, and of those that wait the urgent first: a pool of
 * thousands must not keep a suspect waiting. A token bucket. Owned by the control loop.
 *
 * @param <T> what is to be probed
 */
public final class ProbePacer<T> {
  /** Probes a second that a member sends at most. */
  public static final int PER_SECOND = 500;

  private static final int BURST = 100;

  /** After so many urgent ones an ordinary one has its turn: what is out must come back, too. */
  private static final int URGENT_IN_A_ROW = 4;

  private static final long NANOS_PER_SECOND = 1_000_000_000L;

  private final Set<T> urgent = new LinkedHashSet<>();
  private final Set<T> ordinary = new LinkedHashSet<>();
  private long tokenNanos;
  private long filledNanos;
  private int urgentInARow;

  /** Starts with a full bucket. */
  public ProbePacer(long nowNanos) {
    this.filledNanos = nowNanos;
    this.tokenNanos = BURST * NANOS_PER_SECOND;
  }

  /** Adds one to those that wait. Who waits already keeps its place, or becomes urgent. */
  public void offer(T target, boolean isUrgent) {
    if (isUrgent) {
      ordinary.remove(target);
      urgent.add(target);
    } else if (!urgent.contains(target)) {
      ordinary.add(target);
    }
  }

  /** It waits no longer. */
  public void withdraw(T target) {
    urgent.remove(target);
    ordinary.remove(target);
  }

  /** Returns the next that may be probed now; {@code null}: none waits, or all must wait. */
  public @Nullable T poll(long nowNanos) {
    long fillNanos = (nowNanos - filledNanos) * PER_SECOND;
    tokenNanos = Math.min(BURST * NANOS_PER_SECOND, tokenNanos + fillNanos);
    filledNanos = nowNanos;
    boolean inTurn = urgent.isEmpty() || (urgentInARow >= URGENT_IN_A_ROW && !ordinary.isEmpty());
    Set<T> first = inTurn ? ordinary : urgent;
    if (first.isEmpty() || tokenNanos < NANOS_PER_SECOND) {
      return null;
    }
    tokenNanos -= NANOS_PER_SECOND;
    urgentInARow = inTurn ? 0 : urgentInARow + 1;
    Iterator<T> waiting = first.iterator();
    T next = waiting.next();
    waiting.remove();
    return next;
  }

  /** Returns whether any waits. */
  public boolean isWaiting() {
    return !urgent.isEmpty() || !ordinary.isEmpty();
  }
}
