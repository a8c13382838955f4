package dev.backline.balancer.control;

import dev.backline.balancer.config.RegistrationConfig;
import dev.backline.balancer.model.Backend;
import dev.backline.balancer.model.BackendId;
import dev.backline.balancer.model.PoolName;
import java.util.ArrayList;
import java.util.LinkedHashMap;
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
  private final Registrations registrations;
  private final Former former;
  private long toldRevision;
  private boolean formerEnded;

  /**
   * What has changed.
   *
   * @param backends all that are listed from now on
   * @param startedAnew addresses at which another process is now than before
   * @param registered those that are listed because they are registered
   */
  record Change(
      List<Backend> backends,
      List<BackendId> startedAnew,
      Map<BackendId, Registrations.Listed> registered) {}

  /** All that it knows at one moment. */
  record Checkpoint(
      Registrations.Checkpoint registrations,
      Former.Checkpoint former,
      long toldRevision,
      boolean formerEnded) {}

  RegisteredBackends(PoolName pool, Former former) {
    this.pool = pool;
    this.registrations = new Registrations();
    this.former = former;
  }

  /** Goes on from a checkpoint. */
  RegisteredBackends(PoolName pool, Checkpoint from) {
    this.pool = pool;
    this.registrations = new Registrations(from.registrations());
    this.former = new Former(from.former());
    this.toldRevision = from.toldRevision();
    this.formerEnded = from.formerEnded();
  }

  Checkpoint checkpoint() {
    return new Checkpoint(
        registrations.checkpoint(), former.checkpoint(), toldRevision, formerEnded);
  }

  Registrar.Answer offer(
      Registrar.Offer offer, RegistrationConfig rules, long nowNanos, Consumer<Effect> effects) {
    Registrar.Answer answer = registrations.offer(offer, rules, nowNanos);
    if (answer instanceof Registrar.Accepted accepted) {
      effects.accept(new Effect.ShareRegistration(accepted.registration()));
    }
    return answer;
  }

  void hear(Event.Heard heard, long nowNanos) {
    registrations.hear(heard.registration(), heard.via(), nowNanos);
  }

  long nextDeadlineNanos() {
    return Math.min(registrations.nextDeadlineNanos(), former.endNanos());
  }

  /** Ends the leases that are over; of those of which nobody knows, those stay that answer here. */
  void onTime(OtherMembers others, Map<BackendId, BackendState> known, long nowNanos) {
    formerEnded |= former.onTime(nowNanos);
    registrations.onTime(others, nowNanos);
    for (Backend unsure : registrations.unsure()) {
      BackendState state = known.get(unsure.id());
      if (state == null || state.tracker.verdict().isOut()) {
        registrations.end(unsure.name());
      }
    }
  }

  /** This member stood still: the leases didn't run. */
  void postpone(long nanos) {
    registrations.postpone(nanos);
    former.postpone(nanos);
  }

  /** Returns whether more than the ends of leases has changed since {@link #change}. */
  boolean hasChanged() {
    return formerEnded || registrations.revision() != toldRevision;
  }

  /** Returns the change since the last call, and tells people and the state file of it. */
  Change change(Map<BackendId, BackendState> known, long nowNanos, Consumer<Effect> effects) {
    toldRevision = registrations.revision();
    formerEnded = false;
    List<Backend> backends = new ArrayList<>();
    List<BackendId> startedAnew = new ArrayList<>();
    Map<BackendId, Registrations.Listed> registered = new LinkedHashMap<>();
    for (Registrations.Listed each : registrations.listed()) {
      BackendState state = known.get(each.backend().id());
      backends.add(each.backend());
      registered.put(each.backend().id(), each);
      if (state != null && isEarlierLife(state, each)) {
        startedAnew.add(each.backend().id());
      }
      if (state == null || state.incarnation == null || isEarlierLife(state, each)) {
        effects.accept(new Effect.TellRegistration(pool, each.backend(), "registered"));
      } else if (each.unsure() && !state.unlisted) {
        String why = "kept: a member that may have taken its renewals is silent";
        effects.accept(new Effect.TellRegistration(pool, each.backend(), why));
      }
    }
    if (!backends.isEmpty()) {
      former.onRegistered(nowNanos);
    }
    for (BackendState state : known.values()) {
      if (registered.containsKey(state.backend.id())) {
        continue;
      }
      if (former.keeps(state)) {
        backends.add(state.backend);
      } else {
        String why =
            state.incarnation == null
                ? "did not register itself"
                : registrations.whyGone(state.backend.name());
        effects.accept(new Effect.TellRegistration(pool, state.backend, why));
      }
    }
    effects.accept(new Effect.KeepRegistrations(pool, registrations.kept()));
    return new Change(backends, startedAnew, registered);
  }

  private static boolean isEarlierLife(BackendState state, Registrations.Listed listed) {
    return state.incarnation != null
        && (state.incarnation != listed.incarnation()
            || !state.backend.name().equals(listed.backend().name()));
  }

  /** Notes in what is known of the listed backends which of them are registered. */
  static void note(Change change, Map<BackendId, BackendState> known) {
    known.forEach(
        (id, state) -> {
          Registrations.Listed listed = change.registered().get(id);
          state.incarnation = listed == null ? null : listed.incarnation();
          state.unlisted = listed == null || listed.unsure();
        });
  }

  /** Returns the lease of a backend; {@code null}: it has none. */
  @Nullable Lease lease(BackendState state) {
    String name = state.backend.name();
    Long endNanos = state.incarnation == null ? null : registrations.leaseEndNanos(name);
    return endNanos == null ? null : new Lease(name, endNanos);
  }
}
