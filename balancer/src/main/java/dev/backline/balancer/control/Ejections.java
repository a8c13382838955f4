package dev.backline.balancer.control;

import dev.backline.balancer.health.EjectionRules;
import dev.backline.balancer.health.Grounds;
import dev.backline.balancer.health.HealthTracker;
import dev.backline.balancer.health.Observation;
import dev.backline.balancer.health.VerdictQuorum;
import dev.backline.balancer.model.AdminState;
import dev.backline.balancer.model.MemberId;
import dev.backline.balancer.model.Verdict;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;

/**
 * Who of a pool is put out for its answers, here or elsewhere.
 *
 * @param pool those of its backends that an outlier is compared with, itself too
 */
record Ejections(Collection<BackendState> pool, Turns turns) {

  /** A backend is an outlier by what was seen here: it is ejected, or none is. */
  void onOutlier(BackendState outlier, String words) {
    long nowNanos = turns.nowNanos();
    if (outlier.admin != AdminState.READY
        || outlier.tracker.isSpared(nowNanos)
        || outlier.tracker.isHeld()) {
      return; // It is out already, by an operator's wish; or this member is to be doubted first.
    }
    List<HealthTracker> ready = readyTrackers();
    if (EjectionRules.areCorrelated(ready, nowNanos)) {
      for (BackendState each : pool) {
        if (EjectionRules.turnedLately(each.tracker, nowNanos)) {
          Verdict before = each.tracker.verdict();
          each.tracker.pardon("not ejected: most of the pool answers badly at once", nowNanos);
          if (each != outlier) {
            turns.after(each, before);
          }
        }
      }
    } else if (EjectionRules.mayEject(outlier.tracker, ready)) {
      outlier.tracker.eject(Grounds.REQUEST, words + " too often", nowNanos);
    }
  }

  /**
   * A backend is ejected elsewhere: here too, if enough say so, and nothing better is known here.
   *
   * @param live the other members that were heard lately
   */
  void onEjectedElsewhere(BackendState state, List<MemberId> live) {
    boolean inService =
        switch (state.tracker.verdict()) {
          case UP, SUSPECT -> true;
          case UNPROVEN, EJECTED, TRIAL, DOWN, REFUSING, DRAINING -> false;
        };
    if (!inService || state.admin != AdminState.READY) {
      return;
    }
    if (state.tracker.isSpared(turns.nowNanos()) || state.tracker.isHeld()) {
      turns.probeNow(state); // It knows too little to be outvoted: it has just stood still.
      return;
    }
    Map<MemberId, Observation> elsewhere = state.observations();
    elsewhere.keySet().retainAll(live);
    List<Observation> said = new ArrayList<>(elsewhere.values());
    if (state.tracker.isFresh(turns.nowNanos())) {
      said.add(state.tracker.ownObservation());
    }
    switch (VerdictQuorum.of(said)) {
      case AGREED -> {
        if (EjectionRules.mayEject(state.tracker, readyTrackers())) {
          state.tracker.eject(Grounds.HEARSAY, why(elsewhere), turns.nowNanos());
        }
      }
      case TIE -> turns.probeNow(state);
      case OUTVOTED -> {}
    }
  }

  private static String why(Map<MemberId, Observation> elsewhere) {
    elsewhere.values().removeIf(said -> !VerdictQuorum.isEjection(said));
    var first = elsewhere.entrySet().iterator().next();
    String who =
        elsewhere.size() == 1 ? first.getKey() + " says: " : elsewhere.size() + " members say: ";
    return who + first.getValue().reason();
  }

  private List<HealthTracker> readyTrackers() {
    return pool.stream().filter(s -> s.admin == AdminState.READY).map(s -> s.tracker).toList();
  }
}
