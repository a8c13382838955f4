package dev.backline.balancer.balance;

import dev.backline.balancer.model.BackendId;

/**
 * A listed backend as selection sees it: what the snapshot says of it, and its live counters.
 *
 * <p>Read by any event loop at any time; the counters may be a little old.
 */
public interface Candidate {
  /** Returns who it is. */
  BackendId id();

  /** Returns whether it may be selected; an event loop's own suspicion is already in it. */
  Eligibility eligibility();

  /** Returns whether this member uses it: the others of a large pool are for other members. */
  default boolean isUsed() {
    return true;
  }

  /** Returns its weight as listed, at least 1. */
  int listedWeight();

  /** Returns its weight at this moment, slow start included; above 0. */
  double weight(long nowNanos);

  /** Returns the slots that are taken, by exchanges and by what was abandoned on it. */
  int inFlight();

  /** Returns its usual time to head, or 0 where nothing recent is known. */
  long headNanos(long nowNanos);

  /**
   * Returns how much it is at work: exchanges, without the upgraded ones that mostly stand idle.
   */
  default int load() {
    return inFlight();
  }
}
