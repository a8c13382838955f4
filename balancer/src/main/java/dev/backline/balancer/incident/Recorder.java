package dev.backline.balancer.incident;

import dev.backline.balancer.control.Controller;
import dev.backline.balancer.control.Effect;
import dev.backline.balancer.control.Event;
import dev.backline.balancer.control.NameAnswer;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;

/**
 * Hands events to a controller and remembers the last ones, in segments: each begins with all that
 * the controller knew then, so that the oldest can be forgotten. Owned by the control loop.
 */
public final class Recorder {
  /** How much a segment holds; an event that brings a list counts once more for each of it. */
  static final int SEGMENT_WEIGHT = 4_096;

  static final int MAX_SEGMENTS = 4;

  private static final class Segment {
    final Controller.Checkpoint start;
    final long startDigest;
    final List<Incident.Entry> entries = new ArrayList<>();
    int weight;

    Segment(Controller.Checkpoint start, long startDigest) {
      this.start = start;
      this.startDigest = startDigest;
    }
  }

  private final Controller controller;
  private final Deque<Segment> segments = new ArrayDeque<>();
  private long digest;

  /** Records from now on. */
  public Recorder(Controller controller) {
    this.controller = controller;
    segments.add(new Segment(controller.checkpoint(), digest));
  }

  /** Applies an event; see {@link Controller#apply}. */
  public List<Effect> apply(Event event, long nowNanos) {
    if (segments.getLast().weight >= SEGMENT_WEIGHT) {
      segments.addLast(new Segment(controller.checkpoint(), digest));
      if (segments.size() > MAX_SEGMENTS) {
        segments.removeFirst();
      }
    }
    List<Effect> effects = controller.apply(event, nowNanos);
    digest = Digests.after(digest, nowNanos, effects, controller.snapshot().version());
    Segment segment = segments.getLast();
    segment.entries.add(new Incident.Entry(nowNanos, event, digest));
    segment.weight += 1 + listed(event);
    return effects;
  }

  /** Returns all that is remembered. */
  public Recording recording(Incident.Header header) {
    Segment first = segments.getFirst();
    List<Incident.Entry> entries = new ArrayList<>();
    segments.forEach(segment -> entries.addAll(segment.entries));
    return new Recording(header, first.start, first.startDigest, entries, controller.checkpoint());
  }

  private static int listed(Event event) {
    if (event instanceof Event.EvidenceSeen seen) {
      return seen.evidence().size();
    } else if (event instanceof Event.RegistrationsHeard heard) {
      return heard.words().size();
    } else if (event instanceof Event.BackendsListed listed) {
      return listed.backends().size();
    } else if (event instanceof Event.ConfigReplaced replaced) {
      return replaced.pools().size() + replaced.router().routes().size();
    } else if (event instanceof Event.NameAnswered named
        && named.answer() instanceof NameAnswer.Listed listed) {
      return listed.backends().size();
    }
    return 0;
  }
}
