package dev.backline.balancer.health;

import dev.backline.balancer.model.Verdict;
import java.util.List;

/**
 * Whether an ejection for bad answers elsewhere counts here: when two observers say so, or the only
 * one there is.
 *
 * <p>An observer is a member whose verdict stands on what it saw itself: not unproven, and not said
 * after another. Two are enough however many say otherwise: bad answers are seen by who gets the
 * requests that are answered badly. One against one is a tie: one of them may be at fault itself.
 */
public enum VerdictQuorum {
  /** So many say that it is ejected that it counts. */
  AGREED,
  /** One says so, and one does not. */
  TIE,
  /** Not enough say so. */
  OUTVOTED;

  private static final int ENOUGH = 2;

  /** Returns what these observations make of a backend, one a member, the reader's own included. */
  public static VerdictQuorum of(List<Observation> said) {
    long observers = said.stream().filter(VerdictQuorum::isObserver).count();
    long agreeing = said.stream().filter(VerdictQuorum::isEjection).count();
    if (agreeing > 0 && agreeing >= Math.min(ENOUGH, observers)) {
      return AGREED;
    }
    return agreeing > 0 && 2 * agreeing == observers ? TIE : OUTVOTED;
  }

  /** Returns whether an observer says that the backend is out for its answers. */
  public static boolean isEjection(Observation said) {
    return isObserver(said) && said.verdict() == Verdict.EJECTED;
  }

  private static boolean isObserver(Observation said) {
    return said.verdict() != Verdict.UNPROVEN && Hearsay.isFirstHand(said);
  }
}
