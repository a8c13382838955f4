package dev.backline.balancer.control;

import dev.backline.balancer.health.Observation;
import dev.backline.balancer.health.SelfDoubt;
import dev.backline.balancer.model.Backend;
import dev.backline.balancer.model.BackendId;
import dev.backline.balancer.model.Cause;
import dev.backline.balancer.model.MemberId;
import dev.backline.balancer.model.PoolName;
import dev.backline.balancer.model.Registration;
import dev.backline.balancer.model.Verdict;
import java.util.List;
import java.util.Map;

/** What the controller orders. The shell carries effects out in their order. */
public sealed interface Effect {

  /**
   * Probe the backend after that time; replaces what was scheduled for it.
   *
   * @param urgent whether others that wait for their turn must wait longer for it
   */
  record ProbeAfter(PoolName pool, BackendId backend, long delayNanos, boolean urgent)
      implements Effect {
    /** Probe one of which nothing is feared. */
    public ProbeAfter(PoolName pool, BackendId backend, long delayNanos) {
      this(pool, backend, delayNanos, false);
    }
  }

  /**
   * Probe the backend now, beside whatever probe of it is under way.
   *
   * @param timeoutNanos for the whole of it, instead of the policy's
   */
  record ProbeQuickly(PoolName pool, BackendId backend, long timeoutNanos) implements Effect {}

  /** Never probe it again: it is no longer listed. */
  record StopProbing(PoolName pool, BackendId backend) implements Effect {}

  /** Close the kept connections to it that carry no exchange. */
  record CloseIdle(PoolName pool, BackendId backend) implements Effect {}

  /** Note that it was heard, by a probe. */
  record NoteHeard(PoolName pool, BackendId backend) implements Effect {}

  /** Tell when the next byte comes from it, once. */
  record ReportHeard(PoolName pool, BackendId backend) implements Effect {}

  /** Clear what event loops suspect of it. */
  record ClearSuspicion(PoolName pool, BackendId backend) implements Effect {}

  /** Give half of the slots that were abandoned on it back: it was heard, if only by a probe. */
  record FreeAbandoned(PoolName pool, BackendId backend) implements Effect {}

  /** Forget how slow it was and what was abandoned on it: it was out, and begins anew. */
  record Renew(PoolName pool, BackendId backend) implements Effect {}

  /** Tell the other members what this one makes of a backend. */
  record ShareObservation(PoolName pool, BackendId backend, Observation observation)
      implements Effect {}

  /** Tell the other members that this one lists the backend no longer. */
  record WithdrawObservation(PoolName pool, BackendId backend) implements Effect {}

  /** Tell the backend that offered a registration what became of it. */
  record AnswerOffer(long ticket, Registrar.Answer answer) implements Effect {}

  /** Tell the other members what a backend said here. */
  record ShareRegistration(Registration registration) implements Effect {}

  /** Keep something for this member's next life. */
  sealed interface Keep extends Effect {}

  /** Keep a pool's registrations; these are all of them. */
  record KeepRegistrations(PoolName pool, List<Registration> registrations) implements Keep {}

  /**
   * Keep which other members there are; these are all of them.
   *
   * @param silentNanos those that are missed, and for how long each has been silent
   */
  record KeepMembers(List<MemberId> live, Map<MemberId, Long> silentNanos) implements Keep {}

  /** Tell people that a registered backend came or went, and why. */
  record TellRegistration(PoolName pool, Backend backend, String what) implements Effect {}

  /** Tell people that the verdict on a backend changed, and why. */
  record TellVerdict(PoolName pool, Backend backend, Verdict from, Verdict to, String reason)
      implements Effect {}

  /**
   * Tell what this member makes of itself: while it is isolated, it isn't ready.
   *
   * @param from before
   */
  record TellDoubt(SelfDoubt.State from, SelfDoubt.State to) implements Effect {}

  /** Tell people that this member itself failed. */
  record AlarmLocal(Cause cause) implements Effect {}
}
