package dev.backline.balancer.balance;

import dev.backline.balancer.model.AdminState;
import dev.backline.balancer.model.Verdict;

/** Whether a backend may be selected now, from best to worst. */
public enum Eligibility {
  /** Selected as its load and weight say. */
  PREFERRED,
  /** One exchange at a time. */
  TRIAL,
  /** Selected when none is better: suspicion is only a preference. */
  SUSPECT,
  /** Known bad, but it accepts connections: selected when nothing else is there (panic). */
  LAST_RESORT,
  /** Never selected. */
  NONE;

  /** Returns what an operator's wish and this member's verdict make of a backend. */
  public static Eligibility of(AdminState admin, Verdict verdict) {
    if (admin != AdminState.READY) {
      return NONE;
    }
    return switch (verdict) {
      case UP -> PREFERRED;
      case TRIAL -> TRIAL;
      case SUSPECT -> SUSPECT;
      case EJECTED, DOWN -> LAST_RESORT;
      case UNPROVEN, REFUSING, DRAINING -> NONE;
    };
  }
}
