package dev.backline.balancer;

import dev.backline.balancer.control.MemberState;

/** Whether this member may be sent exchanges, and why not. Any thread may call. */
final class Readiness {
  private MemberState state = MemberState.STARTING;
  private long behind;
  private boolean isolated;

  synchronized MemberState state() {
    return isolated && state == MemberState.READY ? MemberState.ISOLATED : state;
  }

  /** It is cut off from backends that the others reach, or no longer. */
  synchronized void isolate(boolean isolates) {
    isolated = isolates;
  }

  /** It serves now, unless it was told to stop before. */
  synchronized void start() {
    if (state == MemberState.STARTING) {
      state = MemberState.READY;
    }
  }

  /** Ends it, for good. */
  synchronized void drain() {
    state = MemberState.DRAINING;
  }

  /** It was away, and knows too little; returns what {@link #catchUp} is to be told. */
  synchronized long fallBehind() {
    if (state == MemberState.READY) {
      state = MemberState.CATCHING_UP;
    }
    return ++behind;
  }

  /** It knows what it missed by then; what it has missed since counts all the same. */
  synchronized void catchUp(long since) {
    if (state == MemberState.CATCHING_UP && since == behind) {
      state = MemberState.READY;
    }
  }
}
