package dev.backline.balancer.health;

import java.util.List;

/**
 * Whether most backends have fallen silent at once because this member is cut off from them: all at
 * once is me.
 *
 * <p>While two thirds of three and more are unheard, all of them for less than a second when it is
 * noticed, nothing goes down for its silence here, and the others are asked: every suspicion makes
 * them look, and tell what they see. If they reach most of them, this member is <em>isolated</em>:
 * not ready, and it ejects nobody. If they don't either, or nobody answers in time, it believes
 * what it sees. When it is no longer cut off, what it began before still fails: for a second more
 * nothing goes down for its silence. Owned by the controller.
 */
public final class SelfDoubt {
  static final long TOGETHER_NANOS = 1_000_000_000L;
  static final long ASKING_NANOS = 500_000_000L;

  /** Probes that began while it was cut off have ended by then, and the next ones have begun. */
  static final long RETURNING_NANOS = 1_000_000_000L;

  private static final int SMALLEST = 3;

  /** What this member makes of itself. */
  public enum State {
    /** Nothing speaks against it. */
    SURE("all is well again"),
    /** Most backends fell silent at once, and what the others say isn't known yet. */
    ASKING("most backends fell silent at once: what do the others see?"),
    /** The others reach what it doesn't: it is cut off. */
    ISOLATED("the others reach them: this member is cut off"),
    /** It reaches most of them again, but what it began before may still fail. */
    RETURNING("it reaches most of them again"),
    /** The others don't reach them either, or nobody else is there. */
    BELIEVES("the others don't reach them either, or say nothing");

    private final String words;

    State(String words) {
      this.words = words;
    }

    /** Returns what that means, for people. */
    public String words() {
      return words;
    }
  }

  /**
   * One backend, as this member and the others see it.
   *
   * @param unheard whether this member doesn't hear it, for its silence only
   * @param sinceNanos since when
   * @param reached whether another member has said since then that it is up there
   * @param missed whether another member has said since then that it isn't there either
   */
  public record Sight(boolean unheard, long sinceNanos, boolean reached, boolean missed) {}

  /**
   * All that it knows at one moment.
   *
   * @param turnedNanos since when it is in that state
   * @param fromNanos who has been unheard since then or later counts
   */
  public record Checkpoint(State state, long turnedNanos, long fromNanos) {
    /** Before anything happened. */
    public static final Checkpoint START = new Checkpoint(State.SURE, 0, 0);
  }

  private State state;
  private long turnedNanos;
  private long fromNanos;

  /** Goes on from a checkpoint. */
  public SelfDoubt(Checkpoint from) {
    state = from.state();
    turnedNanos = from.turnedNanos();
    fromNanos = from.fromNanos();
  }

  /** Returns all that it knows. */
  public Checkpoint checkpoint() {
    return new Checkpoint(state, turnedNanos, fromNanos);
  }

  /** Returns what it makes of itself. */
  public State state() {
    return state;
  }

  /** Returns since when who is unheard is one of those that made it doubt. */
  public long fromNanos() {
    return fromNanos;
  }

  /** Returns whether backends are not to be taken out for their silence. */
  public boolean holds() {
    return state != State.SURE && state != State.BELIEVES;
  }

  /** Returns when {@link #update} is due even if nothing happens; {@code Long.MAX_VALUE}: never. */
  public long nextDeadlineNanos() {
    return switch (state) {
      case ASKING -> turnedNanos + ASKING_NANOS;
      case RETURNING -> turnedNanos + RETURNING_NANOS;
      case SURE, ISOLATED, BELIEVES -> Long.MAX_VALUE;
    };
  }

  /**
   * Takes in how things stand.
   *
   * @param sights all backends that are in service, or were when they fell silent
   * @param othersLive whether any other member is
   */
  public void update(List<Sight> sights, boolean othersLive, long nowNanos) {
    if (state == State.RETURNING && nowNanos - turnedNanos < RETURNING_NANOS) {
      return;
    }
    if (state == State.SURE) {
      fromNanos = nowNanos - TOGETHER_NANOS;
    }
    int unheard = 0;
    int reached = 0;
    int missed = 0;
    int all = 0;
    for (Sight sight : sights) {
      if (!sight.unheard()) {
        all++;
      } else if (sight.sinceNanos() >= fromNanos) {
        all++;
        unheard++;
        reached += sight.reached() ? 1 : 0;
        missed += sight.missed() && !sight.reached() ? 1 : 0;
      }
    }
    if (all < SMALLEST || 3 * unheard < 2 * all) {
      turn(state == State.ISOLATED ? State.RETURNING : State.SURE, nowNanos);
      return;
    }
    if (state == State.SURE || state == State.RETURNING) {
      turn(State.ASKING, nowNanos);
    }
    if (2 * reached > unheard) {
      turn(State.ISOLATED, nowNanos);
    } else if (!othersLive || isAnswered(2 * missed > unheard, nowNanos)) {
      turn(State.BELIEVES, nowNanos);
    }
  }

  /** What the others say when they are struck too comes and goes: an isolated member waits. */
  private boolean isAnswered(boolean mostMissed, long nowNanos) {
    long sinceNanos = nowNanos - turnedNanos;
    return switch (state) {
      case ASKING -> mostMissed || sinceNanos >= ASKING_NANOS;
      case ISOLATED -> mostMissed && sinceNanos >= TOGETHER_NANOS;
      case SURE, RETURNING, BELIEVES -> false;
    };
  }

  private void turn(State to, long nowNanos) {
    if (to != state) {
      state = to;
      turnedNanos = nowNanos;
    }
  }
}
