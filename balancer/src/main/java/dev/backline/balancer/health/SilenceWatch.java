package dev.backline.balancer.health;

import dev.backline.balancer.model.BackendId;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.LongUnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * Finds the backends of one pool that have fallen silent, by the attempts that wait for them on one
 * event loop, which owns it.
 *
 * <p>An attempt is <em>overdue</em> when it has waited for its head for twice as long as 95 % of
 * the pool's attempts do, or than is usual for its own backend; at least 50 ms; and four times the
 * event loop's own lag more. Then the backend is asked: a probe is sent at once. If no byte comes
 * from it, of that probe or of anything else, for 100 ms, it is silent; if three are overdue while
 * others answer and it has said nothing for 100 ms, without asking.
 */
public final class SilenceWatch {
  /** What is heard so shortly after something else isn't noted. */
  public static final long HEARD_GRAIN_NANOS = 5_000_000L;

  /** So long a backend that was asked has for its first byte. */
  static final long ANSWER_NANOS = 100_000_000L;

  static final long LEAST_OVERDUE_NANOS = 50_000_000L;

  /** While too little is known of the pool. */
  static final long UNKNOWN_OVERDUE_NANOS = 500_000_000L;

  /** Who said something so lately isn't asked. */
  private static final long JUST_HEARD_NANOS = 50_000_000L;

  /** Attempts about which it was asked, and answered, are a reason to ask again only after this. */
  private static final long ASK_AGAIN_NANOS = 1_000_000_000L;

  private static final int ENOUGH_OVERDUE = 3;
  private static final int LAGS = 4;
  // All that are looked at: more of them say no more.
  private static final int MOST_LOOKED_AT = 64;

  /** What is known of the pool's backends, at this moment. */
  public interface Facts {
    /**
     * Returns when a byte came from it last, or up to {@link #HEARD_GRAIN_NANOS} before; {@code
     * Long.MIN_VALUE}: never.
     */
    long heardNanos(BackendId backend);

    /** Returns its usual time to head, 0 where nothing is known. */
    long headNanos(BackendId backend);

    /** Returns what its health request took last, 0 where nothing is known. */
    long probeNanos(BackendId backend);

    /** Returns whether another backend of the pool was heard since then. */
    boolean isAnotherHeardSince(BackendId backend, long nanos);
  }

  /** What a tick found. */
  public sealed interface Finding {
    /** Returns of whom. */
    BackendId backend();

    /** Attempts wait for longer than usual: is it there? */
    record Overdue(BackendId backend, long nanos) implements Finding {}

    /**
     * It is silent.
     *
     * @param nanos for which an attempt waits
     * @param limitNanos after which it was overdue
     */
    record Silent(BackendId backend, long nanos, long limitNanos) implements Finding {}
  }

  /** An attempt that was sent whole and waits for its head. */
  public static final class Waiting {
    private final Line line;
    private final long sinceNanos;
    private @Nullable Waiting before;
    private @Nullable Waiting after;
    private boolean over;
    private boolean asked;
    private boolean silenced;

    private Waiting(Line line, long sinceNanos) {
      this.line = line;
      this.sinceNanos = sinceNanos;
    }
  }

  /** The attempts that wait for one backend, the oldest first. */
  private static final class Line {
    private @Nullable Waiting first;
    private @Nullable Waiting last;
    private boolean asking;
    private long askedNanos;
    private boolean silent;
    private long silentNanos;
  }

  private final Map<BackendId, Line> lines = new LinkedHashMap<>();
  private final HeadTimes headTimes = new HeadTimes();
  private final Lag lag;

  /** Starts with nobody who waits. */
  public SilenceWatch(long nowNanos) {
    this.lag = new Lag(nowNanos);
  }

  /** Begins to wait for the head of an attempt that was just sent whole. */
  public Waiting begin(BackendId backend, long nowNanos) {
    Line line = lines.computeIfAbsent(backend, id -> new Line());
    Waiting waiting = new Waiting(line, nowNanos);
    waiting.before = line.last;
    if (line.last == null) {
      line.first = waiting;
    } else {
      line.last.after = waiting;
    }
    line.last = waiting;
    return waiting;
  }

  /**
   * The head came, after so long; returns whether that says something of what is usual: it doesn't
   * where a silence delayed it.
   */
  public boolean onHead(Waiting waiting, long nanos) {
    if (!waiting.silenced) {
      headTimes.record(nanos);
    }
    end(waiting);
    return !waiting.silenced;
  }

  /** Nobody waits for it any more; may be called again. */
  public void end(Waiting waiting) {
    if (waiting.over) {
      return;
    }
    waiting.over = true;
    Line line = waiting.line;
    if (waiting.before == null) {
      line.first = waiting.after;
    } else {
      waiting.before.after = waiting.after;
    }
    if (waiting.after == null) {
      line.last = waiting.before;
    } else {
      waiting.after.before = waiting.before;
    }
  }

  /** Forgets all but these: the others are no longer listed. */
  public void retain(Set<BackendId> listed) {
    lines.keySet().retainAll(listed);
  }

  /**
   * Looks at all that wait; called every {@link Stalls#TICK_NANOS}.
   *
   * @param stalledSince how long the event loop stood still since a time
   */
  public List<Finding> onTick(Facts facts, LongUnaryOperator stalledSince, long nowNanos) {
    if (lag.onTick(nowNanos)) {
      return List.of(); // Late: what has come meanwhile is read before anybody is judged.
    }
    List<Finding> found = new ArrayList<>(0);
    lines.forEach(
        (backend, line) -> {
          if (line.first != null) {
            Finding finding = look(backend, line, line.first, facts, stalledSince, nowNanos);
            if (finding != null) {
              found.add(finding);
            }
          }
        });
    return found;
  }

  private @Nullable Finding look(
      BackendId backend,
      Line line,
      Waiting first,
      Facts facts,
      LongUnaryOperator stalledSince,
      long nowNanos) {
    long overdueNanos = overdueNanos(facts.headNanos(backend));
    long waitedNanos = elapsedNanos(first.sinceNanos, stalledSince, nowNanos);
    if (waitedNanos <= overdueNanos) {
      return null;
    }
    long heardNanos = facts.heardNanos(backend);
    if (line.silent && heardNanos <= line.silentNanos) {
      return null; // That is told.
    }
    line.silent = false;
    if (line.asking && heardNanos > line.askedNanos - HEARD_GRAIN_NANOS) {
      line.asking = false;
    }
    int fresh = 0;
    int seen = 0;
    for (Waiting each = first; each != null && seen < MOST_LOOKED_AT; each = each.after) {
      if (elapsedNanos(each.sinceNanos, stalledSince, nowNanos) <= overdueNanos) {
        break;
      }
      fresh += each.asked && !line.asking ? 0 : 1;
      seen++;
    }
    long quietSinceNanos = heardNanos == Long.MIN_VALUE ? first.sinceNanos : heardNanos;
    long quietNanos = elapsedNanos(quietSinceNanos, stalledSince, nowNanos);
    long answerNanos = Math.max(ANSWER_NANOS, 2 * facts.probeNanos(backend)) + lagNanos();
    boolean unanswered =
        line.asking && elapsedNanos(line.askedNanos, stalledSince, nowNanos) >= answerNanos;
    if (unanswered || isClear(fresh, quietNanos, backend, facts, nowNanos)) {
      return silent(backend, line, first, waitedNanos, overdueNanos, nowNanos);
    }
    if (line.asking || quietNanos < (fresh > 0 ? JUST_HEARD_NANOS : ASK_AGAIN_NANOS)) {
      return null;
    }
    line.asking = true;
    line.askedNanos = nowNanos;
    for (Waiting each = first; each != null && seen > 0; each = each.after) {
      each.asked = true; // Those that are overdue; the others may be a reason to ask again.
      seen--;
    }
    return new Finding.Overdue(backend, waitedNanos);
  }

  /** Enough are overdue, it has said nothing for long enough, and others do answer. */
  private boolean isClear(
      int fresh, long quietNanos, BackendId backend, Facts facts, long nowNanos) {
    return fresh >= ENOUGH_OVERDUE
        && quietNanos >= ANSWER_NANOS + lagNanos()
        && facts.isAnotherHeardSince(backend, nowNanos - ANSWER_NANOS);
  }

  private static Finding silent(
      BackendId backend,
      Line line,
      Waiting first,
      long waitedNanos,
      long limitNanos,
      long nowNanos) {
    line.asking = false;
    line.silent = true;
    line.silentNanos = nowNanos;
    for (Waiting each = first; each != null; each = each.after) {
      each.asked = true;
      each.silenced = true;
    }
    return new Finding.Silent(backend, waitedNanos, limitNanos);
  }

  /** The time since then, without that for which this event loop stood still. */
  private static long elapsedNanos(long sinceNanos, LongUnaryOperator stalledSince, long nowNanos) {
    return nowNanos - sinceNanos - stalledSince.applyAsLong(sinceNanos);
  }

  private long overdueNanos(long usualNanos) {
    long p95Nanos = headTimes.p95Nanos();
    long leastNanos = p95Nanos == 0 ? UNKNOWN_OVERDUE_NANOS : LEAST_OVERDUE_NANOS;
    return Math.max(leastNanos, 2 * Math.max(p95Nanos, usualNanos)) + lagNanos();
  }

  private long lagNanos() {
    return LAGS * lag.nanos();
  }
}
