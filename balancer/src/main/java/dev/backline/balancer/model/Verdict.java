package dev.backline.balancer.model;

/** This member's opinion of a backend. */
public enum Verdict {
  /** Listed, but no probe has passed yet: no traffic. */
  UNPROVEN,
  /** Nothing speaks against it. */
  UP,
  /** Something speaks against it and a probe is under way: used when nobody better is there. */
  SUSPECT,
  /** It serves errors: out for a time. It accepts connections. */
  EJECTED,
  /** Its ejection is over: one exchange at a time until it has proved itself. */
  TRIAL,
  /** It accepts connections, but its probes fail. */
  DOWN,
  /** It can't be connected to. */
  REFUSING,
  /** It announces its own stop: no new exchanges. */
  DRAINING
}
