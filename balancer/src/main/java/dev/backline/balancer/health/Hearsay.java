package dev.backline.balancer.health;

import dev.backline.balancer.model.Verdict;

/**
 * What another member's observation changes here. Own evidence beats hearsay: hearsay makes suspect
 * and triggers a look, and what the look finds decides.
 */
public enum Hearsay {
  /** It says nothing new. */
  NOTHING,
  /** Probe now: the backend may be better, or about to stop. */
  LOOK,
  /** Prefer others until an own probe has passed, and send it now. */
  SUSPECT,
  /** Its answers are bad there: that counts when enough members say so. */
  COUNT;

  /** Returns what an observation of another member means to one whose verdict is {@code own}. */
  public static Hearsay of(Observation heard, Verdict own) {
    return switch (heard.verdict()) {
      case SUSPECT, DOWN, REFUSING -> ofBad(heard.grounds(), own);
      case EJECTED -> isFirstHand(heard) ? COUNT : NOTHING;
      case DRAINING -> own.isOut() ? NOTHING : LOOK;
      case UP -> own.isOut() ? LOOK : NOTHING;
      case UNPROVEN, TRIAL -> NOTHING;
    };
  }

  /** Returns whether the member that says so has seen it: hearsay of hearsay would never end. */
  public static boolean isFirstHand(Observation heard) {
    return heard.grounds() != Grounds.HEARSAY;
  }

  private static Hearsay ofBad(Grounds grounds, Verdict own) {
    return switch (grounds) {
      case TRANSPORT, SILENCE, PROBE ->
          own == Verdict.UP || own == Verdict.TRIAL ? SUSPECT : NOTHING;
      // One bad answer is the business of who got it.
      case NONE, REQUEST, HEARSAY -> NOTHING;
    };
  }
}
