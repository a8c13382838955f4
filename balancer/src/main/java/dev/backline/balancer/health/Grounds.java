package dev.backline.balancer.health;

/** The class of evidence that a verdict stands on. */
public enum Grounds {
  /** Nothing speaks against the backend. */
  NONE,
  /** A connection failed, or broke before a head. */
  TRANSPORT,
  /** Attempts were overdue, and nothing was heard. */
  SILENCE,
  /** Its own health request failed, or announced its stop. */
  PROBE,
  /** Requests were answered badly. */
  REQUEST,
  /** Another member said so, and this one is only looking. */
  HEARSAY
}
