package dev.backline.balancer.incident;

import dev.backline.balancer.control.AdminCommand;
import dev.backline.balancer.control.BackendView;
import dev.backline.balancer.control.Effect;
import dev.backline.balancer.control.Event;
import dev.backline.balancer.control.PoolSnapshot;
import dev.backline.balancer.control.Snapshot;
import dev.backline.balancer.health.Evidence;
import dev.backline.balancer.health.Observation;
import dev.backline.balancer.health.ProbeResult;
import dev.backline.balancer.model.Backend;
import dev.backline.balancer.model.BackendId;
import dev.backline.balancer.model.MemberId;
import dev.backline.balancer.model.PoolName;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/** An incident in words: what one member saw of one backend, and what it made of it. */
public final class Timeline implements Replay.Watcher {

  /**
   * A line of it.
   *
   * @param fromNanos when it was seen first, on the member's monotonic clock
   * @param toNanos when it was seen last, in a row
   * @param times how often
   * @param turn whether it is no sight but a decision
   */
  public record Line(long fromNanos, long toNanos, int times, boolean turn, String words) {}

  private final PoolName pool;
  private final BackendId backend;
  private final List<Line> lines = new ArrayList<>();

  private Timeline(PoolName pool, BackendId backend) {
    this.pool = pool;
    this.backend = backend;
  }

  /** Returns the lines about a backend, in their order; none if it is never listed. */
  public static List<Line> of(Incident incident, PoolName pool, BackendId backend) {
    Timeline timeline = new Timeline(pool, backend);
    Replay.of(incident, UnaryOperator.identity(), timeline);
    return List.copyOf(timeline.lines);
  }

  @Override
  public void onApplied(
      Incident.Entry entry, Snapshot before, List<Effect> effects, Snapshot after) {
    BackendView was = view(before);
    BackendView is = view(after);
    if (was == null && is == null) {
      return;
    }
    long atNanos = entry.atNanos();
    tellEvent(atNanos, entry.event(), was);
    if (was == null) {
      add(atNanos, true, "listed");
    } else if (is == null) {
      add(atNanos, true, "no longer listed");
    } else if (was.unlisted() != is.unlisted()) {
      add(atNanos, true, is.unlisted() ? "kept, though no longer listed" : "listed again");
    }
    for (Effect effect : effects) {
      if (effect instanceof Effect.TellVerdict tell && isMine(tell.pool(), tell.backend().id())) {
        String words = tell.from().word() + " -> " + tell.to().word() + ": " + tell.reason();
        add(atNanos, true, words);
      } else if (effect instanceof Effect.TellDoubt tell) {
        String turn = "this member: " + word(tell.from()) + " -> " + word(tell.to());
        add(atNanos, true, turn + ": " + tell.to().words());
      }
    }
  }

  private void tellEvent(long atNanos, Event event, @Nullable BackendView was) {
    if (event instanceof Event.ConfigReplaced) {
      add(atNanos, false, "the configuration was read");
    } else if (event instanceof Event.EvidenceSeen seen && isMine(seen.pool(), seen.backend())) {
      seen.evidence().forEach(each -> add(atNanos, false, words(each)));
    } else if (event instanceof Event.ProbeFinished probe
        && isMine(probe.pool(), probe.backend())) {
      add(atNanos, false, "probe " + words(probe.result()));
    } else if (event instanceof Event.QuickProbeFinished probe
        && isMine(probe.pool(), probe.backend())) {
      add(atNanos, false, "quick probe " + words(probe.result()));
    } else if (event instanceof Event.ObservationHeard heard
        && isMine(heard.pool(), heard.backend())) {
      tellHeard(atNanos, heard.member(), heard.observation(), was);
    } else if (event instanceof Event.MemberLeft left) {
      add(atNanos, false, left.member() + " has left");
    } else if (event instanceof Event.Stalled stalled) {
      add(atNanos, false, "this member stood still for " + millis(stalled.nanos()));
    } else if (event instanceof Event.AdminCommanded commanded
        && commanded.command() instanceof AdminCommand.SetState set
        && isMine(set.pool(), set.backend())) {
      add(atNanos, true, "an operator wants it " + word(set.state()));
    }
  }

  /** The others say the same again and again; only what is new is told. */
  private void tellHeard(
      long atNanos, MemberId member, Observation observation, @Nullable BackendView was) {
    Observation known = was == null ? null : was.heard().get(member);
    if (known == null || !known.saysTheSameAs(observation)) {
      String words = observation.verdict().word() + ": " + observation.reason();
      add(atNanos, false, member + " says: " + words);
    }
  }

  private void add(long atNanos, boolean turn, String words) {
    Line last = lines.isEmpty() ? null : lines.get(lines.size() - 1);
    if (last != null && last.words().equals(words)) {
      Line more = new Line(last.fromNanos(), atNanos, last.times() + 1, turn, words);
      lines.set(lines.size() - 1, more);
    } else {
      lines.add(new Line(atNanos, atNanos, 1, turn, words));
    }
  }

  private @Nullable BackendView view(Snapshot snapshot) {
    PoolSnapshot listed = snapshot.pools().get(pool);
    if (listed != null) {
      for (BackendView view : listed.backends()) {
        if (view.backend().id().equals(backend)) {
          return view;
        }
      }
    }
    return null;
  }

  private boolean isMine(PoolName ofPool, BackendId id) {
    return ofPool.equals(pool) && id.equals(backend);
  }

  private static String words(Evidence evidence) {
    if (evidence instanceof Evidence.Transport transport) {
      String words = transport.cause().words();
      return transport.stale()
          ? "a kept connection failed: " + words
          : "an attempt failed: " + words;
    } else if (evidence instanceof Evidence.Overdue) {
      return "an attempt waits for longer than usual";
    } else if (evidence instanceof Evidence.Silence silence) {
      return "nothing is heard: an attempt waits for "
          + millis(silence.nanos())
          + ", at most "
          + millis(silence.limitNanos())
          + " would be usual";
    } else if (evidence instanceof Evidence.Heard) {
      return "heard";
    } else if (evidence instanceof Evidence.Request request) {
      return "a request: " + request.words();
    } else if (evidence instanceof Evidence.Local local) {
      return "this member itself failed: " + local.cause().words();
    }
    throw new AssertionError(evidence); // Probes come as events of their own.
  }

  private static String words(ProbeResult result) {
    if (result instanceof ProbeResult.Passed passed) {
      return "passed: " + passed.status();
    } else if (result instanceof ProbeResult.Failed failed) {
      return "failed: " + failed.words();
    }
    return "is told that it stops";
  }

  private static String millis(long nanos) {
    return nanos / 1_000_000 + " ms";
  }

  private static String word(Enum<?> value) {
    return value.name().toLowerCase(Locale.ROOT);
  }

  /** Returns the backends that are listed at any time in an incident, by their pools. */
  public static List<Listed> listed(Incident incident) {
    List<Listed> listed = new ArrayList<>();
    Replay.of(
        incident,
        UnaryOperator.identity(),
        (entry, before, effects, after) -> {
          if (before.version() != after.version() || listed.isEmpty()) {
            after.pools().values().forEach(pool -> note(pool, listed));
          }
        });
    return listed;
  }

  /** A backend of a pool. */
  public record Listed(PoolName pool, Backend backend) {
    /** Returns whether people mean it: by its name or its address. */
    public boolean isCalled(String name) {
      return backend.name().equals(name) || backend.id().toString().equals(name);
    }
  }

  private static void note(PoolSnapshot pool, List<Listed> listed) {
    for (BackendView view : pool.backends()) {
      Listed each = new Listed(pool.policy().name(), view.backend());
      if (!listed.contains(each)) {
        listed.add(each);
      }
    }
  }
}
