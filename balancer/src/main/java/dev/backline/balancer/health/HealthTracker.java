package dev.backline.balancer.health;

import dev.backline.balancer.health.ProbeResult.Draining;
import dev.backline.balancer.health.ProbeResult.Failed;
import dev.backline.balancer.health.ProbeResult.Passed;
import dev.backline.balancer.model.Cause;
import dev.backline.balancer.model.MemberId;
import dev.backline.balancer.model.Verdict;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * What this member makes of one backend: the health table of ARCHITECTURE.md as a state machine.
 *
 * <p>Owned by the controller. Whether an outlier is really ejected is decided over the whole pool,
 * by {@link EjectionRules}.
 */
public final class HealthTracker {
  /** Between probes of a suspect, and after the first pass of one that was down. */
  public static final long HURRIED_PROBE_NANOS = 100_000_000L;

  /** Between probes of a backend that is out. */
  static final long OUT_PROBE_NANOS = 500_000_000L;

  /** After stalls of this member, between two passes: so long only connections take it out. */
  private static final long SPARED_NANOS = 2_000_000_000L;

  /** For so long an observer's verdict counts for others. */
  private static final long FRESH_NANOS = 3_000_000_000L;

  private static final long CLEAN_ANSWERS_BEFORE_SUSPICION = 20;
  private static final int STRIKES = 2;
  private static final double JITTER = 0.2;

  private final HealthPolicy policy;
  private final OutlierDetector outliers = new OutlierDetector();

  private Verdict verdict = Verdict.UNPROVEN;
  private Grounds grounds = Grounds.NONE;
  private String reason = "not probed yet";
  private long sinceNanos;
  private long lookedNanos;
  private @Nullable ProbeResult lastProbe;
  private int passes;
  private int fails;
  private int strikes;
  private Ejection ejection = Ejection.NEVER;
  private long trialUntilNanos;
  private long outlierAtNanos;
  private boolean outlierSeen;
  private long resumedNanos = Long.MIN_VALUE;
  private long sparedUntilNanos = Long.MIN_VALUE;
  private long spareLeftNanos = SPARED_NANOS;

  /** Starts with a backend of which nothing is known. */
  public HealthTracker(HealthPolicy policy, long nowNanos) {
    this.policy = policy;
    this.sinceNanos = nowNanos;
    this.lookedNanos = nowNanos;
  }

  /** Returns a tracker with another policy that knows what this one knows. */
  public HealthTracker withPolicy(HealthPolicy changed, long nowNanos) {
    HealthTracker tracker = new HealthTracker(changed, nowNanos);
    tracker.verdict = verdict;
    tracker.grounds = grounds;
    tracker.reason = reason;
    tracker.sinceNanos = sinceNanos;
    tracker.lookedNanos = lookedNanos;
    tracker.lastProbe = lastProbe;
    tracker.ejection = ejection;
    tracker.trialUntilNanos = trialUntilNanos;
    tracker.resumedNanos = resumedNanos;
    tracker.sparedUntilNanos = sparedUntilNanos;
    tracker.spareLeftNanos = spareLeftNanos;
    return tracker;
  }

  /** Returns the verdict. */
  public Verdict verdict() {
    return verdict;
  }

  /** Returns why, in words that a person can act on. */
  public String reason() {
    return reason;
  }

  /** Returns what the other members are told. */
  public Observation observation() {
    return new Observation(verdict, grounds, reason);
  }

  /** Returns whether this member has had evidence of its own within the last three seconds. */
  public boolean isFresh(long nowNanos) {
    return nowNanos - lookedNanos < FRESH_NANOS;
  }

  /** Returns when the verdict came about. */
  public long sinceNanos() {
    return sinceNanos;
  }

  /** Returns what the last probe brought, or {@code null} before the first. */
  public @Nullable ProbeResult lastProbe() {
    return lastProbe;
  }

  /** Returns when {@link #onTime} has something to do; {@code Long.MAX_VALUE}: never. */
  public long nextDeadlineNanos() {
    return switch (verdict) {
      case EJECTED -> ejection.untilNanos();
      case TRIAL -> trialUntilNanos;
      default -> Long.MAX_VALUE;
    };
  }

  /** Lets an ejection or a trial end when its time has come. */
  public void onTime(long nowNanos) {
    if (verdict == Verdict.EJECTED && nowNanos >= ejection.untilNanos()) {
      outliers.clear();
      if (isDoubted()) {
        suspect(
            Grounds.PROBE, "its ejection is over, but a probe or a connection failed", nowNanos);
      } else {
        turn(Verdict.TRIAL, grounds, "one exchange at a time after its ejection", nowNanos);
        trialUntilNanos = nowNanos + Ejection.TRIAL_NANOS;
      }
    } else if (verdict == Verdict.TRIAL && nowNanos >= trialUntilNanos) {
      turn(Verdict.UP, Grounds.NONE, "served its trial", nowNanos);
    }
  }

  /**
   * This member stood still until now: what has a time has more of it. For as long again, or until
   * a probe passes, only connections that fail take the backend out; but not for more than two
   * seconds between two passes, or a member that stands still often would never see one hang.
   */
  public void onStalled(long nanos, long nowNanos) {
    if (isLongStall(nanos)) {
      resumedNanos = nowNanos;
    }
    long sinceNanos = nowNanos - nanos;
    long leftNanos = isSpared(sinceNanos) ? sparedUntilNanos - sinceNanos : 0;
    long moreNanos = Math.min(nanos, spareLeftNanos);
    spareLeftNanos -= moreNanos;
    sparedUntilNanos = nowNanos + leftNanos + moreNanos;
    ejection = ejection.later(nanos);
    trialUntilNanos += nanos;
    lookedNanos += nanos;
  }

  /** Returns whether a probe that was under way in such a stall had hardly a chance. */
  public boolean isLongStall(long nanos) {
    return nanos >= policy.timeout().toNanos() / 2;
  }

  /** Returns whether this member stood still so lately that it may not trust what it sees. */
  public boolean isSpared(long nowNanos) {
    return nowNanos < sparedUntilNanos;
  }

  /** A connection failed or broke. A second time, other than by a stale connection, is down. */
  public void onTransport(Evidence.Transport evidence, long nowNanos) {
    lookedNanos = nowNanos;
    if (!evidence.stale()) {
      strikes++;
    }
    switch (verdict) {
      case UP, TRIAL -> suspect(Grounds.TRANSPORT, evidence.cause().words(), nowNanos);
      case SUSPECT, EJECTED -> {
        if (strikes >= STRIKES) {
          down(Grounds.TRANSPORT, evidence.cause().words(), evidence.cause(), nowNanos);
        }
      }
      case DOWN -> {
        if (evidence.cause().isConnect()) {
          down(
              Grounds.TRANSPORT,
              evidence.cause().words(),
              evidence.cause(),
              nowNanos); // No last resort any more.
        }
      }
      case UNPROVEN, REFUSING, DRAINING -> {
        // Its probes already say so, and they alone bring it back.
      }
    }
  }

  /** Attempts wait too long and nothing is heard. */
  public void onSilence(Evidence.Silence evidence, long nowNanos) {
    lookedNanos = nowNanos;
    if (verdict == Verdict.UP) {
      String words = "silent for " + evidence.overdueNanos() / 1_000_000 + " ms";
      suspect(Grounds.SILENCE, words, nowNanos);
    }
  }

  /** Another member says that connections or probes fail there: suspect, until a probe passes. */
  public void onHearsay(MemberId member, Observation heard, long nowNanos) {
    if (verdict == Verdict.UP || verdict == Verdict.TRIAL) {
      suspect(Grounds.HEARSAY, member + " says: " + heard.reason(), nowNanos);
    }
  }

  /**
   * A request was answered badly; returns whether the backend is an outlier now, and should be
   * ejected if its pool can bear it.
   */
  public boolean onRequest(Evidence.Request evidence, long nowNanos) {
    lookedNanos = nowNanos;
    boolean outlier = outliers.record(evidence.cleanBefore(), nowNanos);
    if (verdict == Verdict.TRIAL) {
      outlier = true;
    } else if (verdict == Verdict.UP
        && !outlier
        && evidence.cleanBefore() >= CLEAN_ANSWERS_BEFORE_SUSPICION) {
      suspect(Grounds.REQUEST, evidence.words(), nowNanos);
    }
    if (outlier) {
      outlierAtNanos = nowNanos;
      outlierSeen = true;
    }
    return outlier
        && (verdict == Verdict.UP || verdict == Verdict.SUSPECT || verdict == Verdict.TRIAL);
  }

  /** A probe came back. */
  public void onProbe(Evidence.Probe evidence, long nowNanos) {
    lookedNanos = nowNanos;
    lastProbe = evidence.result();
    if (evidence.result() instanceof Passed passed) {
      onPass(passed, evidence.startNanos(), nowNanos);
    } else if (evidence.result() instanceof Draining) {
      passes = 0;
      if (verdict != Verdict.DRAINING) {
        turn(Verdict.DRAINING, Grounds.PROBE, "announces its stop", nowNanos);
      }
    } else if (evidence.result() instanceof Failed failed) {
      boolean stalled = evidence.startNanos() < resumedNanos;
      if (!stalled || !isSpared(nowNanos)) {
        onFail(failed, nowNanos);
      }
    } else {
      throw new AssertionError(evidence.result());
    }
  }

  /** Puts the backend out for its answers, here or elsewhere. */
  public void eject(Grounds on, String why, long nowNanos) {
    ejection = ejection.next(nowNanos);
    turn(Verdict.EJECTED, on, why, nowNanos);
  }

  /** Takes an ejection back: it was no fault of this backend alone. */
  public void pardon(String why, long nowNanos) {
    if (verdict == Verdict.EJECTED || verdict == Verdict.TRIAL) {
      turn(Verdict.UP, Grounds.NONE, why, nowNanos);
    }
    outliers.clear();
  }

  /** Returns whether its requests alone spoke against it lately, while its probes pass. */
  boolean isOutlierSince(long nanos) {
    return outlierSeen && outlierAtNanos >= nanos && lastProbe instanceof Passed;
  }

  /** Returns how long to wait before the next probe. */
  public long probeDelayNanos(RandomGenerator random, long nowNanos) {
    return switch (verdict) {
      case UP, EJECTED, TRIAL -> {
        double factor = 1 - JITTER + 2 * JITTER * random.nextDouble();
        yield isDoubted() || isSpared(nowNanos)
            ? HURRIED_PROBE_NANOS
            : (long) (policy.interval().toNanos() * factor);
      }
      case SUSPECT -> HURRIED_PROBE_NANOS;
      case UNPROVEN, DOWN, REFUSING, DRAINING -> passes > 0 ? HURRIED_PROBE_NANOS : OUT_PROBE_NANOS;
    };
  }

  private void onPass(Passed passed, long startNanos, long nowNanos) {
    String words = words(passed);
    if (startNanos < sinceNanos && verdict != Verdict.UP) {
      return; // Sent before the verdict came about: it says nothing against it.
    }
    fails = 0;
    strikes = 0;
    passes++;
    sparedUntilNanos = Long.MIN_VALUE;
    spareLeftNanos = SPARED_NANOS;
    boolean turns =
        switch (verdict) {
          case UNPROVEN, SUSPECT -> true;
          case DOWN, REFUSING, DRAINING -> passes >= policy.rise();
          case UP, EJECTED, TRIAL -> false;
        };
    if (turns) {
      turn(Verdict.UP, Grounds.NONE, words, nowNanos);
    } else if (verdict == Verdict.UP) {
      reason = words;
    }
  }

  private void onFail(Failed failed, long nowNanos) {
    passes = 0;
    fails++;
    if (failed.cause() != null && failed.cause() != Cause.TIMEOUT) {
      strikes++;
    }
    boolean fallen = strikes >= STRIKES || (fails >= policy.fall() && !isSpared(nowNanos));
    switch (verdict) {
      case UP, TRIAL, SUSPECT, EJECTED -> {
        if (fallen) {
          down(Grounds.PROBE, failed.words(), failed.cause(), nowNanos);
        } else if (verdict == Verdict.UP || verdict == Verdict.TRIAL) {
          suspect(Grounds.PROBE, failed.words(), nowNanos);
        }
      }
      case DOWN, REFUSING, DRAINING ->
          down(Grounds.PROBE, failed.words(), failed.cause(), nowNanos);
      case UNPROVEN -> reason = failed.words();
    }
  }

  /** Returns whether a probe or a connection failed since all was well with them. */
  private boolean isDoubted() {
    return fails > 0 || strikes > 0;
  }

  private void suspect(Grounds on, String why, long nowNanos) {
    turn(Verdict.SUSPECT, on, why, nowNanos);
  }

  private void down(Grounds on, String why, @Nullable Cause cause, long nowNanos) {
    Verdict out = cause != null && cause.isConnect() ? Verdict.REFUSING : Verdict.DOWN;
    if (verdict == out) {
      reason = why;
    } else {
      passes = 0;
      turn(out, on, why, nowNanos);
    }
  }

  private void turn(Verdict to, Grounds on, String why, long nowNanos) {
    if (to == Verdict.UP) {
      fails = 0;
      strikes = 0;
    }
    if (verdict == Verdict.UP) {
      passes = 0;
    }
    verdict = to;
    grounds = on;
    reason = why;
    sinceNanos = nowNanos;
  }

  private String words(Passed passed) {
    return passed.status() < 400
        ? "passes: " + passed.status()
        : "passes, but answers " + passed.status() + " on " + policy.path();
  }
}
