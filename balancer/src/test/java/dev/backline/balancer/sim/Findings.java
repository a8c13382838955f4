package dev.backline.balancer.sim;

import dev.backline.balancer.control.Effect;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * Promises nothing, and notes how well a run went: how soon what fell silent was out, and who was
 * out that was well.
 */
final class Findings extends Check {
  private record Place(SimulatedMember member, SimulatedBackend backend, long changedNanos) {}

  private static final long WELL_NANOS = Agenda.SECOND;

  private final Set<Place> seen = new LinkedHashSet<>();
  private final List<Long> detectedMillis = new ArrayList<>();
  private int falseEjections;

  Findings(World world) {
    super(world);
  }

  /** Returns the times from a backend's falling silent to its being out on a member, in order. */
  List<Long> detectedMillis() {
    return detectedMillis;
  }

  /**
   * Returns how often a backend was put out that could be reached, and had been well for a second:
   * what is said sooner is the news of its fault.
   */
  int falseEjections() {
    return falseEjections;
  }

  @Override
  void onVerdict(SimulatedMember member, Effect.TellVerdict verdict) {
    boolean out =
        switch (verdict.to()) {
          case DOWN, REFUSING, EJECTED -> true;
          case UNPROVEN, UP, SUSPECT, TRIAL, DRAINING -> false;
        };
    boolean inService = !verdict.from().isOut();
    if (!out || !inService) {
      return;
    }
    SimulatedBackend backend = world.backend(verdict.backend().id());
    if (backend.isSilent()) {
      if (seen.add(new Place(member, backend, backend.changedNanos()))) {
        detectedMillis.add(millis(nowNanos() - backend.changedNanos()));
      }
    } else if (backend.isWell()
        && backend.everPolledNanos() < world.options.headNanos()
        && !world.network.isCut(member, backend)
        && nowNanos() - world.steadySinceNanos(member, backend) > WELL_NANOS) {
      falseEjections++;
    }
  }
}
