package dev.backline.balancer.model;

import java.util.Locale;

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
  DRAINING;

  /** Returns it as people read it. */
  public String word() {
    return name().toLowerCase(Locale.ROOT);
  }

  /** Returns whether the backend gets no exchange at all: it has failed, stops, or is unproven. */
  public boolean isOut() {
    return switch (this) {
      case UNPROVEN, DOWN, REFUSING, DRAINING -> true;
      case UP, SUSPECT, EJECTED, TRIAL -> false;
    };
  }
}
