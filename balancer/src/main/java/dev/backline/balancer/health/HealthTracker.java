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
  private static final int TIMES_OF_OTHERS = 10;

  /** All that one knows at one moment: every field, by its name. */
  public record Checkpoint(
      OutlierDetector.Checkpoint outliers,
      QuickProbes.Checkpoint quick,
      Verdict verdict,
      Grounds grounds,
      String reason,
      long sinceNanos,
      long lookedNanos,
      @Nullable ProbeResult lastProbe,
      int passes,
      int fails,
      int strikes,
      Ejection ejection,
      long trialUntilNanos,
      long outlierAtNanos,
      boolean outlierSeen,
      boolean brokeOnly,
      boolean held,
      boolean unheard,
      boolean looked,
      long lookNanos,
      long unheardNanos,
      long resumedNanos,
      boolean passedSince,
      long sparedUntilNanos,
      long spareLeftNanos) {}

  private HealthPolicy policy;
  private final OutlierDetector outliers;
  private final QuickProbes quick;

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
  private boolean brokeOnly;
  private boolean held;
  private boolean unheard;
  private boolean looked;
  private long lookNanos;
  private long unheardNanos;
  private long resumedNanos = Long.MIN_VALUE;
  private boolean passedSince;
  private long sparedUntilNanos = Long.MIN_VALUE;
  private long spareLeftNanos = SPARED_NANOS;

  /** Starts with a backend of which nothing is known. */
  public HealthTracker(HealthPolicy policy, long nowNanos) {
    this.policy = policy;
    this.outliers = new OutlierDetector();
    this.quick = new QuickProbes();
    this.sinceNanos = nowNanos;
    this.lookedNanos = nowNanos;
  }

  /** Goes on from a checkpoint. */
  public HealthTracker(HealthPolicy policy, Checkpoint from) {
    this.policy = policy;
    this.outliers = new OutlierDetector(from.outliers());
    this.quick = new QuickProbes(from.quick());
    this.verdict = from.verdict();
    this.grounds = from.grounds();
    this.reason = from.reason();
    this.sinceNanos = from.sinceNanos();
    this.lookedNanos = from.lookedNanos();
    this.lastProbe = from.lastProbe();
    this.passes = from.passes();
    this.fails = from.fails();
    this.strikes = from.strikes();
    this.ejection = from.ejection();
    this.trialUntilNanos = from.trialUntilNanos();
    this.outlierAtNanos = from.outlierAtNanos();
    this.outlierSeen = from.outlierSeen();
    this.brokeOnly = from.brokeOnly();
    this.held = from.held();
    this.unheard = from.unheard();
    this.looked = from.looked();
    this.lookNanos = from.lookNanos();
    this.unheardNanos = from.unheardNanos();
    this.resumedNanos = from.resumedNanos();
    this.passedSince = from.passedSince();
    this.sparedUntilNanos = from.sparedUntilNanos();
    this.spareLeftNanos = from.spareLeftNanos();
  }

  /** Returns all that it knows; its policy isn't of it. */
  public Checkpoint checkpoint() {
    return new Checkpoint(
        outliers.checkpoint(),
        quick.checkpoint(),
        verdict,
        grounds,
        reason,
        sinceNanos,
        lookedNanos,
        lastProbe,
        passes,
        fails,
        strikes,
        ejection,
        trialUntilNanos,
        outlierAtNanos,
        outlierSeen,
        brokeOnly,
        held,
        unheard,
        looked,
        lookNanos,
        unheardNanos,
        resumedNanos,
        passedSince,
        sparedUntilNanos,
        spareLeftNanos);
  }

  /** From now on another policy holds; what is known stays known. */
  public void setPolicy(HealthPolicy changed) {
    policy = changed;
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

  /** Returns what it would be without the word of others: what they say makes only suspect. */
  public Observation ownObservation() {
    return verdict == Verdict.SUSPECT && grounds == Grounds.HEARSAY
        ? new Observation(Verdict.UP, Grounds.NONE, reason)
        : observation();
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

  /**
   * Returns when {@link #onTime} or {@link #tryProbeQuickly} has something to do; {@code
   * Long.MAX_VALUE}: never.
   */
  public long nextDeadlineNanos() {
    long turnNanos =
        switch (verdict) {
          case EJECTED -> ejection.untilNanos();
          case TRIAL -> trialUntilNanos;
          default -> Long.MAX_VALUE;
        };
    return Math.min(turnNanos, quick.nextNanos());
  }

  /** Returns whether the next byte that comes from it would be news. */
  public boolean isHeardNews() {
    return quick.isSilent() || (verdict == Verdict.SUSPECT && grounds == Grounds.HEARSAY);
  }

  /** Returns whether to send a quick probe now, because it is silent. */
  public boolean tryProbeQuickly(long nowNanos) {
    return nowNanos >= quick.nextNanos() && quick.trySend(nowNanos);
  }

  /** Returns how long a quick probe waits for its answer. */
  public long quickTimeoutNanos() {
    return quick.timeoutNanos(policy.timeout());
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
      passedSince = false;
    }
    quick.onStalled(nowNanos);
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

  /**
   * From now on it is not taken out for its silence, or again: this member may be cut off from it.
   */
  public void hold(boolean holds) {
    held = holds;
  }

  /**
   * This member is cut off from it, and from others: if it went out for the silence that made this
   * member doubt, it is only suspect.
   *
   * @param fromNanos when that silence began at the earliest
   */
  public void takeBack(long fromNanos, long nowNanos) {
    boolean out = verdict == Verdict.DOWN || verdict == Verdict.REFUSING;
    if (out && unheard && unheardNanos >= fromNanos) {
      strikes = 0;
      suspect(Grounds.SILENCE, "this member is cut off from it", nowNanos);
      quick.onSilent(nowNanos);
    }
  }

  /** Returns whether it is not taken out now, as this member may be cut off from it. */
  public boolean isHeld() {
    return held;
  }

  /**
   * Returns whether nothing speaks against it but that nothing comes from it: neither a byte nor a
   * refusal.
   */
  public boolean isUnheard() {
    return unheard;
  }

  /** Returns since when. */
  public long unheardNanos() {
    return unheardNanos;
  }

  private void noteUnheard(boolean timedOut, long nowNanos) {
    if (timedOut && !unheard && !verdict.isOut()) {
      unheardNanos = nowNanos;
      unheard = true;
    } else if (!timedOut) {
      unheard = false;
    }
  }

  /**
   * A connection failed or broke. A second time, other than by a stale connection, is down.
   *
   * @return whether it breaks so many of the connections that it takes that it is an outlier
   */
  public boolean onTransport(Evidence.Transport evidence, long nowNanos) {
    lookedNanos = nowNanos;
    boolean timedOut = isTimeout(evidence.cause());
    noteUnheard(timedOut, nowNanos);
    if (!evidence.stale() && !(held && timedOut)) {
      strikes++;
    }
    boolean broke = !evidence.stale() && !evidence.cause().isConnect() && !timedOut;
    boolean onTrial = verdict == Verdict.TRIAL;
    switch (verdict) {
      case UP, TRIAL -> suspect(Grounds.TRANSPORT, evidence.cause().words(), nowNanos);
      case SUSPECT, EJECTED -> {
        if (strikes >= STRIKES) {
          down(Grounds.TRANSPORT, evidence.cause().words(), evidence.cause(), nowNanos);
          brokeOnly = broke;
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
    return broke && isOutlier(evidence.cleanBefore(), onTrial, nowNanos);
  }

  /** Attempts wait for longer than usual; returns whether to send a quick probe now. */
  public boolean onOverdue(long nowNanos) {
    return !verdict.isOut() && quick.trySend(nowNanos);
  }

  /** Attempts wait too long and nothing is heard. */
  public void onSilence(Evidence.Silence evidence, long nowNanos) {
    if (verdict.isOut()) {
      return;
    }
    lookedNanos = nowNanos;
    quick.onSilent(nowNanos);
    noteUnheard(true, nowNanos);
    if (verdict == Verdict.UP || verdict == Verdict.TRIAL) {
      String words =
          "silent: an attempt waits for %d ms, %d would be usual"
              .formatted(evidence.nanos() / 1_000_000, evidence.limitNanos() / 1_000_000);
      suspect(Grounds.SILENCE, words, nowNanos);
    }
  }

  /** A byte came from it: it isn't silent, whoever said so. */
  public void onHeard(long nowNanos) {
    lookedNanos = nowNanos;
    onByte(nowNanos);
    boolean bySilence = grounds == Grounds.SILENCE || grounds == Grounds.HEARSAY;
    if (verdict == Verdict.SUSPECT && bySilence && !isDoubted()) {
      turn(Verdict.UP, Grounds.NONE, "heard again", nowNanos);
    }
  }

  /**
   * Another member says that connections or probes fail there, or that it is silent: suspect, until
   * it is heard here.
   */
  public void onHearsay(MemberId member, Observation heard, long nowNanos) {
    if (verdict == Verdict.UP || verdict == Verdict.TRIAL) {
      suspect(Grounds.HEARSAY, member + " says: " + heard.reason(), nowNanos);
      if (heard.grounds() != Grounds.TRANSPORT) {
        quick.onSilent(nowNanos);
      }
    }
  }

  /**
   * A request was answered badly; returns whether the backend is an outlier now, and should be
   * ejected if its pool can bear it.
   */
  public boolean onRequest(Evidence.Request evidence, long nowNanos) {
    lookedNanos = nowNanos;
    boolean onTrial = verdict == Verdict.TRIAL;
    boolean outlier = isOutlier(evidence.cleanBefore(), onTrial, nowNanos);
    if (verdict == Verdict.UP
        && !outlier
        && evidence.cleanBefore() >= CLEAN_ANSWERS_BEFORE_SUSPICION) {
      suspect(Grounds.REQUEST, evidence.words(), nowNanos);
    }
    return outlier;
  }

  /** Counts a bad answer, or none at all; on trial one is enough. */
  private boolean isOutlier(long cleanBefore, boolean onTrial, long nowNanos) {
    boolean outlier = outliers.record(cleanBefore, nowNanos) || onTrial;
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
      onByte(nowNanos);
      if (verdict != Verdict.DRAINING) {
        turn(Verdict.DRAINING, Grounds.PROBE, "announces its stop", nowNanos);
      }
    } else if (evidence.result() instanceof Failed failed) {
      boolean stalled = evidence.startNanos() < resumedNanos;
      if (!stalled || !(isSpared(nowNanos) || passedSince)) {
        onFail(failed, nowNanos);
      }
    } else {
      throw new AssertionError(evidence.result());
    }
  }

  /** A quick probe came back: what it brings counts as ever, that nothing came only in silence. */
  public void onQuickProbe(Evidence.QuickProbe evidence, long nowNanos) {
    if (evidence.result() instanceof Failed failed && isTimeout(failed.cause())) {
      quick.onFailed(evidence.startNanos());
      if (quick.failed() > 0) {
        noteUnheard(true, nowNanos);
      }
      if (!verdict.isOut() && isFallen(nowNanos) && quick.failed() > 0) {
        down(Grounds.SILENCE, failed.words(), failed.cause(), nowNanos);
      }
    } else {
      onProbe(new Evidence.Probe(evidence.result(), evidence.startNanos()), nowNanos);
    }
  }

  /** Puts the backend out for its answers, here or elsewhere. */
  public void eject(Grounds on, String why, long nowNanos) {
    ejection = ejection.next(nowNanos);
    strikes = 0;
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

  /**
   * Returns how long to wait before the next probe.
   *
   * @param mine whether it is this member's turn to probe it; if not, it looks now and then
   */
  public long probeDelayNanos(RandomGenerator random, boolean mine, long nowNanos) {
    return switch (verdict) {
      case UP, EJECTED, TRIAL -> {
        double factor = 1 - JITTER + 2 * JITTER * random.nextDouble();
        factor *= mine || verdict != Verdict.UP ? 1 : TIMES_OF_OTHERS;
        yield isDoubted() || isSpared(nowNanos)
            ? HURRIED_PROBE_NANOS
            : (long) (policy.interval().toNanos() * factor);
      }
      case SUSPECT -> HURRIED_PROBE_NANOS;
      case UNPROVEN, DOWN, REFUSING, DRAINING -> passes > 0 ? HURRIED_PROBE_NANOS : OUT_PROBE_NANOS;
    };
  }

  /**
   * Returns how long a look must wait that is wanted now, and notes it: a suspicion that comes and
   * goes with each request must not cost a probe each. What has just gone out has its time, whoever
   * says that it is well.
   */
  public long lookDelayNanos(long nowNanos) {
    boolean wentOut = verdict.isOut() && verdict != Verdict.UNPROVEN;
    if (wentOut && nowNanos - sinceNanos < OUT_PROBE_NANOS) {
      return sinceNanos + OUT_PROBE_NANOS - nowNanos;
    }
    if (!looked || nowNanos - lookNanos >= HURRIED_PROBE_NANOS) {
      looked = true;
      lookNanos = nowNanos;
    } else if (lookNanos <= nowNanos) {
      lookNanos += HURRIED_PROBE_NANOS; // Else one is ordered already.
    }
    return lookNanos - nowNanos;
  }

  private void onPass(Passed passed, long startNanos, long nowNanos) {
    String words = words(passed);
    quick.onPass(passed.nanos());
    onByte(nowNanos);
    boolean bySilence = verdict == Verdict.SUSPECT && grounds == Grounds.SILENCE;
    if (startNanos < sinceNanos && verdict != Verdict.UP && !bySilence) {
      return; // Sent before the verdict came about: it says nothing against it.
    }
    fails = 0;
    strikes = 0;
    passes++;
    sparedUntilNanos = Long.MIN_VALUE;
    spareLeftNanos = SPARED_NANOS;
    passedSince = true;
    boolean turns =
        switch (verdict) {
          case UNPROVEN, SUSPECT -> true;
          case DOWN, REFUSING, DRAINING -> passes >= policy.rise();
          case UP, EJECTED, TRIAL -> false;
        };
    if (turns && brokeOnly) {
      // Its probes pass all the time, and its connections break: it is well once a request is.
      turn(Verdict.TRIAL, Grounds.TRANSPORT, "one exchange at a time, it broke many", nowNanos);
      trialUntilNanos = nowNanos + Ejection.TRIAL_NANOS;
      brokeOnly = false;
    } else if (turns) {
      turn(Verdict.UP, Grounds.NONE, words, nowNanos);
    } else if (verdict == Verdict.UP) {
      reason = words;
    }
  }

  private void onFail(Failed failed, long nowNanos) {
    passes = 0;
    fails++;
    brokeOnly = false;
    boolean timedOut = isTimeout(failed.cause());
    if (failed.cause() != null && failed.cause() != Cause.TIMEOUT && !(held && timedOut)) {
      strikes++;
    }
    if (failed.cause() == null) {
      onByte(nowNanos);
    } else if (timedOut && !verdict.isOut()) {
      quick.onSilent(nowNanos);
    }
    noteUnheard(timedOut, nowNanos);
    switch (verdict) {
      case UP, TRIAL, SUSPECT, EJECTED -> {
        if (isFallen(nowNanos)) {
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

  private void onByte(long nowNanos) {
    quick.onHeard(nowNanos);
    unheard = false;
  }

  private boolean isFallen(long nowNanos) {
    boolean enough = fails + quick.failed() >= policy.fall();
    return strikes >= STRIKES || (enough && !isSpared(nowNanos) && !(held && unheard));
  }

  private static boolean isTimeout(@Nullable Cause cause) {
    return cause == Cause.TIMEOUT || cause == Cause.CONNECT_TIMEOUT || cause == Cause.UNREACHABLE;
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
    quick.end();
    outliers.clear();
    brokeOnly = false;
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
