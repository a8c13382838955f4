package dev.backline.balancer.control;

import dev.backline.balancer.config.DnsConfig;
import dev.backline.balancer.health.Evidence;
import dev.backline.balancer.health.Observation;
import dev.backline.balancer.health.ProbeResult;
import dev.backline.balancer.model.Backend;
import dev.backline.balancer.model.BackendId;
import dev.backline.balancer.model.MemberId;
import dev.backline.balancer.model.PoolName;
import dev.backline.balancer.model.Registration;
import dev.backline.balancer.route.Router;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What the controller is told. Failures are events; successes are only counted. */
public sealed interface Event {

  /** The configuration was replaced: these are all pools and routes that there are. */
  record ConfigReplaced(List<PoolPolicy> pools, Router router) implements Event {}

  /** The file lists a pool's backends: all of them, in its order. */
  record BackendsListed(PoolName pool, List<Backend> backends) implements Event {}

  /**
   * A pool's name was looked up.
   *
   * @param dns as whose source: an answer to what is no longer asked is no news
   */
  record NameAnswered(PoolName pool, DnsConfig dns, NameAnswer answer) implements Event {}

  /**
   * A backend registers, renews its lease or withdraws, here.
   *
   * @param ticket names the offer in {@link Effect.AnswerOffer}
   */
  record RegistrationOffered(long ticket, Registrar.Offer offer) implements Event {}

  /** Words of backends came that were said elsewhere or earlier, by whatever way, and again. */
  record RegistrationsHeard(List<Heard> words) implements Event {
    /** Copies the list. */
    public RegistrationsHeard {
      words = List.copyOf(words);
    }
  }

  /**
   * A backend's word.
   *
   * @param via the member that took it; {@code null}: this one, in an earlier life
   */
  record Heard(@Nullable MemberId via, Registration registration) {}

  /** An event loop saw something of a backend: attempts that failed, or are overdue. */
  record EvidenceSeen(PoolName pool, BackendId backend, List<Evidence> evidence) implements Event {}

  /**
   * A probe came back.
   *
   * @param startNanos when it was sent
   */
  record ProbeFinished(PoolName pool, BackendId backend, ProbeResult result, long startNanos)
      implements Event {}

  /**
   * A quick probe came back.
   *
   * @param startNanos when it was sent
   */
  record QuickProbeFinished(PoolName pool, BackendId backend, ProbeResult result, long startNanos)
      implements Event {}

  /**
   * Another member's latest observation of a backend came, by whatever way and more than once.
   *
   * @param isNew whether it was not told before: else what it says is as old as it was then
   */
  record ObservationHeard(
      MemberId member, PoolName pool, BackendId backend, Observation observation, boolean isNew)
      implements Event {}

  /** Another member observes a backend no longer: it isn't listed there. */
  record ObservationWithdrawn(MemberId member, PoolName pool, BackendId backend) implements Event {}

  /** These other members have been heard in the last 3 s; what the rest has said counts no more. */
  record MembersHeard(List<MemberId> live) implements Event {}

  /** Another member has left in order; that it isn't heard any more means nothing. */
  record MemberLeft(MemberId member) implements Event {}

  /**
   * An earlier life of this member knew these others, and that none of them had left.
   *
   * @param silentNanos for how long each has not been heard
   */
  record MembersRecalled(Map<MemberId, Long> silentNanos) implements Event {}

  /**
   * The control loop stood still for so long, until now: what seems late may be late for that. Told
   * before anything else that happened meanwhile.
   */
  record Stalled(long nanos) implements Event {}

  /** An operator wants something. */
  record AdminCommanded(AdminCommand command) implements Event {}

  /** Time went by: due at {@link Controller#nextDeadlineNanos}. */
  record TimePassed() implements Event {}
}
