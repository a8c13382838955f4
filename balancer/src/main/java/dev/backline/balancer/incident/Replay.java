package dev.backline.balancer.incident;

import dev.backline.balancer.control.Controller;
import dev.backline.balancer.control.Effect;
import dev.backline.balancer.control.Event;
import dev.backline.balancer.control.PoolPolicy;
import dev.backline.balancer.control.Snapshot;
import java.util.List;
import java.util.function.UnaryOperator;

/** Makes the decisions of an incident again, by another controller. */
public final class Replay {
  /** Sees each decision as it is made. */
  @FunctionalInterface
  interface Watcher {
    /**
     * An event was applied.
     *
     * @param before the snapshot before it
     */
    void onApplied(Incident.Entry entry, Snapshot before, List<Effect> effects, Snapshot after);
  }

  /**
   * What came of it.
   *
   * @param digest of all decisions that were made now
   * @param differsAt the number of the first event after which something else was decided than was
   *     recorded, from 0; as many as there are events: only what is known at the end differs; -1:
   *     nothing does
   */
  public record Result(long digest, int differsAt) {
    /** Returns whether the same was decided, every time. */
    public boolean isSame() {
      return differsAt < 0;
    }
  }

  private Replay() {}

  /** Makes them as they were made. */
  public static Result of(Incident incident) {
    return of(incident, UnaryOperator.identity(), (entry, before, effects, after) -> {});
  }

  /**
   * Makes them with other policies.
   *
   * @param change what becomes of each policy, whenever it was configured; the name must stay
   */
  static Result of(Incident incident, UnaryOperator<PoolPolicy> change, Watcher watcher) {
    Controller controller = new Controller(incident.start().withPolicies(change));
    long digest = incident.startDigest();
    int differsAt = -1;
    int number = 0;
    for (Incident.Entry entry : incident.entries()) {
      Snapshot before = controller.snapshot();
      Event event = changed(entry.event(), change);
      List<Effect> effects = controller.apply(event, entry.atNanos());
      Snapshot after = controller.snapshot();
      digest = Digests.after(digest, entry.atNanos(), effects, after.version());
      if (differsAt < 0 && digest != entry.digest()) {
        differsAt = number;
      }
      number++;
      watcher.onApplied(entry, before, effects, after);
    }
    if (differsAt < 0 && Digests.of(controller.checkpoint()) != incident.endDigest()) {
      differsAt = number;
    }
    return new Result(digest, differsAt);
  }

  private static Event changed(Event event, UnaryOperator<PoolPolicy> change) {
    return event instanceof Event.ConfigReplaced replaced
        ? new Event.ConfigReplaced(
            replaced.pools().stream().map(change).toList(), replaced.router())
        : event;
  }
}
