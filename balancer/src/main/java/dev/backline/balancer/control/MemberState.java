package dev.backline.balancer.control;

/** Where a member is in its life. */
public enum MemberState {
  /** It doesn't listen yet. */
  STARTING,
  /** It serves. */
  READY,
  /** It serves, and asks everybody to go elsewhere. */
  DRAINING
}
