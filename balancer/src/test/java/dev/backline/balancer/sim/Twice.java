package dev.backline.balancer.sim;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/**
 * Two faults that strike one backend, or the ways of one member to it and then to all, the second
 * while the first is in full swing, just over, or still being judged: on their own they hardly ever
 * meet so.
 *
 * @param weight how often it is picked, compared with the others
 * @param firstMillis how long the first lasts at most; at least half of it
 * @param afterMillis when the second begins at the earliest, since the first has
 * @param withinMillis how much later it may begin
 * @param thenMillis how long it lasts at most; at least half of it
 * @param isQuiet whether exchanges are so few that probes see the second one first, and one of them
 *     is enough
 */
record Twice(
    int weight,
    Fault.Kind first,
    int firstMillis,
    Fault.Kind then,
    int afterMillis,
    int withinMillis,
    int thenMillis,
    boolean isQuiet) {
  private static final List<Twice> ALL =
      List.of(
          // Ejected, and then
          loud(1, Fault.Kind.LYING_ERRORS, 600, Fault.Kind.DRAIN, 200, 600, 2_000),
          loud(1, Fault.Kind.LYING_ERRORS, 600, Fault.Kind.KILL, 200, 600, 500),
          loud(3, Fault.Kind.LYING_ERRORS, 600, Fault.Kind.PARTITION, 600, 500, 500),
          // On trial, and then
          loud(2, Fault.Kind.LYING_ERRORS, 600, Fault.Kind.DRAIN, 1_000, 600, 2_500),
          quiet(3, Fault.Kind.LYING_ERRORS, 900, Fault.Kind.LYING_HEALTH, 1_300, 800, 600),
          quiet(4, Fault.Kind.LYING_ERRORS, 900, Fault.Kind.KILL, 1_200, 1_000, 600),
          // Suspect or down, and then
          loud(1, Fault.Kind.HANG, 400, Fault.Kind.DRAIN, 0, 400, 1_500),
          loud(1, Fault.Kind.HANG, 1_500, Fault.Kind.DRAIN, 600, 600, 2_500),
          loud(3, Fault.Kind.HANG, 1_500, Fault.Kind.CUT_ALL, 250, 350, 1_500),
          loud(1, Fault.Kind.CUT, 1_500, Fault.Kind.CUT_ALL, 250, 350, 1_500),
          loud(2, Fault.Kind.RESETS, 800, Fault.Kind.DRAIN_CALLED_OFF, 50, 400, 700),
          loud(1, Fault.Kind.LYING_HEALTH, 1_500, Fault.Kind.LYING_ERRORS, 200, 1_200, 800),
          // Draining, and then
          loud(2, Fault.Kind.DRAIN, 3_000, Fault.Kind.HANG, 700, 600, 1_500),
          // Just out of a standstill, and then
          quiet(2, Fault.Kind.STANDSTILL, 1_200, Fault.Kind.STANDSTILL, 1_200, 600, 1_200),
          // Not listed yet, and then
          loud(1, Fault.Kind.UNLIST, 300, Fault.Kind.DRAIN, 0, 200, 2_500));

  private static final List<Twice> WEIGHTED =
      ALL.stream().flatMap(each -> Collections.nCopies(each.weight, each).stream()).toList();

  private static Twice loud(
      int weight,
      Fault.Kind first,
      int firstMillis,
      Fault.Kind then,
      int after,
      int within,
      int thenMillis) {
    return new Twice(weight, first, firstMillis, then, after, within, thenMillis, false);
  }

  private static Twice quiet(
      int weight,
      Fault.Kind first,
      int firstMillis,
      Fault.Kind then,
      int after,
      int within,
      int thenMillis) {
    return new Twice(weight, first, firstMillis, then, after, within, thenMillis, true);
  }

  /** Returns one, or two of them. */
  static List<Twice> pick(Dice dice) {
    List<Twice> picked = new ArrayList<>();
    for (int i = dice.between(1, 2); i > 0; i--) {
      picked.add(dice.pick(WEIGHTED));
    }
    return picked;
  }

  /** Returns both faults. */
  List<Fault> faults(Dice dice, int backend, int member, long latestNanos) {
    long beginNanos = dice.between(500 * Agenda.MILLI, latestNanos - 2_500 * Agenda.MILLI);
    List<Fault> faults = new ArrayList<>();
    faults.add(fault(dice, first, backend, member, beginNanos, firstMillis, latestNanos));
    long thenNanos = beginNanos + (afterMillis + dice.between(0, withinMillis)) * Agenda.MILLI;
    faults.add(fault(dice, then, backend, member, thenNanos, thenMillis, latestNanos));
    return faults;
  }

  private static Fault fault(
      Dice dice,
      Fault.Kind kind,
      int backend,
      int member,
      long beginNanos,
      int millis,
      long latestNanos) {
    long endNanos = beginNanos + dice.between(millis / 2, millis) * Agenda.MILLI;
    int target = kind.strikesABackend() ? backend : member;
    int percent = kind.liesBetween() ? member : 100;
    return new Fault(kind, target, beginNanos, Math.min(endNanos, latestNanos), percent);
  }
}
