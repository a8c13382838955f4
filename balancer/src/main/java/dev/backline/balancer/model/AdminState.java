package dev.backline.balancer.model;

/** What the operator wants of a backend. */
public enum AdminState {
  /** It may get exchanges when its health allows. */
  READY,
  /** No new exchanges; those in flight finish. It is still probed. */
  DRAIN,
  /** As {@link #DRAIN}, and what its probes say is shown but alarms nobody. */
  MAINTENANCE
}
