package dev.backline.balancer.control;

/** Where a member is in its life. */
public enum MemberState {
  /** It doesn't listen yet. */
  STARTING,
  /** It serves. */
  READY,
  /** It serves, but stood still for so long that it must hear first what the others saw. */
  CATCHING_UP,
  /** It serves as well as it can, but is cut off from most backends, which others reach. */
  ISOLATED,
  /** It serves, and asks everybody to go elsewhere. */
  DRAINING
}
