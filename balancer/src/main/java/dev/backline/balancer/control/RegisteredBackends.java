package dev.backline.balancer.control;

import dev.backline.balancer.model.Backend;
import dev.backline.balancer.model.BackendId;
import dev.backline.balancer.model.MemberId;
import dev.backline.balancer.model.PoolName;
import dev.backline.balancer.model.Registration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * A pool's backends where they register themselves: what became of leases, as a new list where it
 * changed, and noted in what is known of each. Owned by {@link PoolController}.
 */
final class RegisteredBackends {
  private final PoolName pool;
  private final Registrations registrations = new Registrations();
  private long toldRevision;

  /**
   * What has changed.
   *
   * @param backends all that are listed from now on
   * @param startedAnew addresses at which another process is now than before
   */
  record Change(List<Backend> backends, List<BackendId> startedAnew) {}

  RegisteredBackends(PoolName pool) {
    this.pool = pool;
  }

  Registrar.Answer offer(Event.RegistrationOffered event, long nowNanos, Consumer<Effect> effects) {
    Registrar.Answer answer =
        registrations.offer(event.registration(), event.presentedDigest(), nowNanos);
    if (answer instanceof Registrar.Accepted accepted) {
      effects.accept(new Effect.ShareRegistration(accepted.registration()));
    }
    return answer;
  }

  void hear(Event.RegistrationHeard event, long nowNanos) {
    registrations.hear(event.registration(), event.via(), nowNanos);
  }

  long nextDeadlineNanos() {
    return registrations.nextDeadlineNanos();
  }

  /**
   * Ends the leases that are over; of those of which nobody knows, those stay that answer here.
   *
   * @param live the other members that were heard lately
   */
  void onTime(List<MemberId> live, Map<BackendId, BackendState> known, long nowNanos) {
    registrations.onTime(live, nowNanos);
    for (Registrations.Listed each : registrations.listed()) {
      BackendState state = known.get(each.backend().id());
      if (each.unsure() && (state == null || state.tracker.verdict().isOut())) {
        registrations.end(each.backend().name());
      }
    }
  }

  /** This member stood still: the leases didn't run. */
  void postpone(long nanos) {
    registrations.postpone(nanos);
  }

  /** Returns whether more than the ends of leases has changed since {@link #change}. */
  boolean hasChanged() {
    return registrations.revision() != toldRevision;
  }

  /** Returns the change since the last call, and tells people and the state file of it. */
  Change change(Map<BackendId, BackendState> known, Consumer<Effect> effects) {
    toldRevision = registrations.revision();
    List<Backend> backends = new ArrayList<>();
    List<BackendId> startedAnew = new ArrayList<>();
    for (Registrations.Listed each : registrations.listed()) {
      BackendState state = known.get(each.backend().id());
      backends.add(each.backend());
      if (state != null && isEarlierLife(state, each)) {
        startedAnew.add(each.backend().id());
      }
      if (state == null || isEarlierLife(state, each)) {
        effects.accept(new Effect.TellRegistration(pool, each.backend(), "registered"));
      } else if (each.unsure() && !state.unlisted) {
        String why = "kept: the member that took its renewals is silent";
        effects.accept(new Effect.TellRegistration(pool, each.backend(), why));
      }
    }
    for (BackendState state : known.values()) {
      if (state.leaseEndNanos != null
          && backends.stream().noneMatch(each -> each.id().equals(state.backend.id()))) {
        String why = registrations.whyGone(state.backend.name());
        effects.accept(new Effect.TellRegistration(pool, state.backend, why));
      }
    }
    effects.accept(new Effect.KeepRegistrations(pool, registrations.kept()));
    return new Change(backends, startedAnew);
  }

  private static boolean isEarlierLife(BackendState state, Registrations.Listed listed) {
    return state.leaseEndNanos != null
        && (state.incarnation != listed.incarnation()
            || !state.backend.name().equals(listed.backend().name()));
  }

  /** Notes all leases in what is known of the backends. */
  void note(Map<BackendId, BackendState> known) {
    registrations.listed().forEach(each -> note(each, known.get(each.backend().id())));
  }

  private static void note(Registrations.Listed listed, @Nullable BackendState state) {
    if (state != null) {
      state.incarnation = listed.incarnation();
      state.leaseEndNanos = listed.leaseEndNanos();
      state.unlisted = listed.unsure();
    }
  }

  /** Notes a lease that was only renewed. */
  void noteRenewal(Registration word, Map<BackendId, BackendState> known) {
    Registration.Terms terms = word.terms();
    BackendState state = terms == null ? null : known.get(terms.address());
    if (state != null && state.backend.name().equals(word.name())) {
      state.leaseEndNanos = registrations.leaseEndNanos(word.name());
    }
  }
}
