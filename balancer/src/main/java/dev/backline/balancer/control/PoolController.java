package dev.backline.balancer.control;

import dev.backline.balancer.config.DnsConfig;
import dev.backline.balancer.config.RegistrationConfig;
import dev.backline.balancer.health.Evidence;
import dev.backline.balancer.health.HealthTracker;
import dev.backline.balancer.health.Hearsay;
import dev.backline.balancer.health.Observation;
import dev.backline.balancer.health.ProbeResult;
import dev.backline.balancer.model.AdminState;
import dev.backline.balancer.model.Backend;
import dev.backline.balancer.model.BackendId;
import dev.backline.balancer.model.Cause;
import dev.backline.balancer.model.MemberId;
import dev.backline.balancer.model.Verdict;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Consumer;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/** The controller's part for one pool. Owned by {@link Controller}. */
final class PoolController {
  private static final long ALARM_INTERVAL_NANOS = 1_000_000_000L;

  private final RandomGenerator random;
  private final Map<Cause, Long> alarmedAtNanos = new EnumMap<>(Cause.class);
  private Map<BackendId, BackendState> backends = new LinkedHashMap<>();
  private final Unlisted unlisted = new Unlisted();
  private RegisteredBackends registered;
  private PoolPolicy policy;
  private PoolSnapshot snapshot;
  private boolean touched;

  PoolController(PoolPolicy policy, RandomGenerator random) {
    this.policy = policy;
    this.random = random;
    this.registered = new RegisteredBackends(policy.name(), Former.none());
    this.snapshot = new PoolSnapshot(policy, List.of());
  }

  /** Returns the pool as it was {@link #publish}ed; the same object while nothing has changed. */
  PoolSnapshot snapshot() {
    return snapshot;
  }

  /** Something may change: a renewal among a thousand backends changes nothing. */
  void touch() {
    touched = true;
  }

  /** Makes a new snapshot, and tells the other members, if anything has changed. */
  void publish(Consumer<Effect> effects) {
    if (!touched) {
      return;
    }
    touched = false;
    share(effects);
    List<BackendView> views = backends.values().stream().map(BackendState::view).toList();
    if (!snapshot.policy().equals(policy) || !snapshot.backends().equals(views)) {
      snapshot = new PoolSnapshot(policy, views);
    }
  }

  long nextDeadlineNanos() {
    long next = registered.nextDeadlineNanos();
    for (BackendState state : backends.values()) {
      next = Math.min(next, state.tracker.nextDeadlineNanos());
    }
    return next;
  }

  void replacePolicy(PoolPolicy changed, long nowNanos, Consumer<Effect> effects) {
    if (!changed.health().equals(policy.health())) {
      Turns turns = turns(nowNanos, effects);
      for (BackendState state : backends.values()) {
        state.tracker = state.tracker.withPolicy(changed.health(), nowNanos);
        // At the new pace from now on, not only after a last wait at the old one.
        turns.probeInTurn(state);
      }
    }
    if (!Objects.equals(changed.dns(), policy.dns())) {
      unlisted.onSource();
    }
    RegistrationConfig registration = changed.registration();
    if (registration == null) {
      forgetRegistrations(effects);
    } else if (policy.registration() == null) {
      Former former = new Former(backends.keySet(), registration.lease().toNanos());
      registered = new RegisteredBackends(policy.name(), former);
    }
    policy = changed;
  }

  /** The file's list holds where the file is the source. */
  void onListed(List<Backend> listed, long nowNanos, Consumer<Effect> effects) {
    if (policy.dns() == null && policy.registration() == null) {
      list(listed, nowNanos, effects);
    }
  }

  /** A name's answer holds where it is the source, and the name is still the one that is asked. */
  void onAnswer(DnsConfig asked, NameAnswer answer, long nowNanos, Consumer<Effect> effects) {
    if (!asked.equals(policy.dns())) {
      return;
    }
    if (answer instanceof NameAnswer.Listed listed) {
      unlisted.onSource();
      list(listed.backends(), nowNanos, effects);
    } else if (answer instanceof NameAnswer.Nothing) {
      unlisted.onNothing(nowNanos);
      List<Backend> kept =
          backends.values().stream()
              .filter(state -> unlisted.keeps(state.tracker.verdict(), nowNanos))
              .map(state -> state.backend)
              .toList();
      list(kept, nowNanos, effects);
      backends.values().forEach(state -> state.unlisted = true);
    } else if (!(answer instanceof NameAnswer.Failed)) { // Who doesn't know changes nothing.
      throw new AssertionError(answer);
    }
  }

  /** A backend says something of itself, here; returns what it is told. */
  Registrar.Answer onOffered(
      Registrar.Offer offer, OtherMembers others, long nowNanos, Consumer<Effect> effects) {
    RegistrationConfig rules = policy.registration();
    if (rules == null) {
      return new Registrar.NoRegistration();
    }
    Registrar.Answer answer = registered.offer(offer, rules, nowNanos, effects);
    if (registered.hasChanged()) {
      onLeases(others, nowNanos, effects);
    }
    return answer;
  }

  /** Backends said something of themselves elsewhere, or earlier. */
  void onRegistrations(
      List<Event.Heard> words, OtherMembers others, long nowNanos, Consumer<Effect> effects) {
    if (policy.registration() == null) {
      return;
    }
    words.forEach(word -> registered.hear(word, nowNanos));
    if (registered.hasChanged()) {
      onLeases(others, nowNanos, effects);
    }
  }

  /** Lists those whose leases hold. */
  void onLeases(OtherMembers others, long nowNanos, Consumer<Effect> effects) {
    registered.onTime(others, backends, nowNanos);
    if (registered.hasChanged()) {
      touch();
      RegisteredBackends.Change change = registered.change(backends, nowNanos, effects);
      for (BackendId another : change.startedAnew()) {
        backends.remove(another);
        remove(another, effects);
        effects.accept(new Effect.Renew(policy.name(), another));
      }
      list(change.backends(), nowNanos, effects);
      RegisteredBackends.note(change, backends);
    }
  }

  private void forgetRegistrations(Consumer<Effect> effects) {
    if (policy.registration() != null) {
      registered = new RegisteredBackends(policy.name(), Former.none());
      backends.values().forEach(state -> state.incarnation = null);
      effects.accept(new Effect.KeepRegistrations(policy.name(), List.of()));
    }
  }

  /** Those that stay keep all that is known of them; new ones start unproven; doubles are one. */
  private void list(List<Backend> listed, long nowNanos, Consumer<Effect> effects) {
    Map<BackendId, BackendState> next = new LinkedHashMap<>();
    for (Backend backend : listed) {
      if (next.containsKey(backend.id())) {
        continue;
      }
      BackendState known = backends.remove(backend.id());
      if (known == null) {
        known = new BackendState(backend, new HealthTracker(policy.health(), nowNanos));
        effects.accept(new Effect.ProbeAfter(policy.name(), backend.id(), 0));
      }
      known.backend = backend;
      known.unlisted = false;
      next.put(backend.id(), known);
    }
    removeAll(effects);
    backends = next;
  }

  /** Forgets the pool: it is no longer configured. */
  void remove(Consumer<Effect> effects) {
    forgetRegistrations(effects);
    removeAll(effects);
  }

  private void removeAll(Consumer<Effect> effects) {
    backends.keySet().forEach(gone -> remove(gone, effects));
    backends.clear();
  }

  private void remove(BackendId gone, Consumer<Effect> effects) {
    effects.accept(new Effect.StopProbing(policy.name(), gone));
    effects.accept(new Effect.CloseIdle(policy.name(), gone));
    effects.accept(new Effect.WithdrawObservation(policy.name(), gone));
  }

  void setAdminState(BackendId id, AdminState admin) {
    BackendState state = backends.get(id);
    if (state != null) {
      state.admin = admin;
    }
  }

  void onEvidence(BackendId id, Evidence evidence, long nowNanos, Consumer<Effect> effects) {
    BackendState state = backends.get(id);
    if (state == null) {
      return; // It was removed while the report was under way.
    }
    Turns turns = turns(nowNanos, effects);
    HealthTracker tracker = state.tracker;
    Verdict before = tracker.verdict();
    if (evidence instanceof Evidence.Transport transport) {
      tracker.onTransport(transport, nowNanos);
    } else if (evidence instanceof Evidence.Silence silence) {
      tracker.onSilence(silence, nowNanos);
    } else if (evidence instanceof Evidence.Request request) {
      if (tracker.onRequest(request, nowNanos)) {
        new Ejections(backends.values(), turns).onOutlier(state, request);
      }
    } else if (evidence instanceof Evidence.Probe probe) {
      tracker.onProbe(probe, nowNanos);
    } else if (evidence instanceof Evidence.Local local) {
      alarm(local.cause(), nowNanos, effects);
      return;
    } else {
      throw new AssertionError(evidence);
    }
    turns.after(state, before);
    if (evidence instanceof Evidence.Probe probe) {
      if (probe.result() instanceof ProbeResult.Passed) {
        turns.onPass(state, before);
      }
      turns.probeInTurn(state);
    } else {
      turns.probeNewSuspect(state, before);
    }
  }

  void onProbe(
      BackendId id, ProbeResult result, long startNanos, long nowNanos, Consumer<Effect> effects) {
    if (result instanceof ProbeResult.Failed failed
        && failed.cause() != null
        && failed.cause().isLocal()) {
      alarm(failed.cause(), nowNanos, effects);
      BackendState state = backends.get(id);
      if (state != null) {
        turns(nowNanos, effects).probeInTurn(state);
      }
      return;
    }
    onEvidence(id, new Evidence.Probe(result, startNanos), nowNanos, effects);
  }

  /**
   * Another member's observation came; the same one may come again.
   *
   * @param live the other members that were heard lately
   */
  void onHeard(
      Event.ObservationHeard event, List<MemberId> live, long nowNanos, Consumer<Effect> effects) {
    BackendState state = backends.get(event.backend());
    Observation heard = event.observation();
    if (state == null) {
      return;
    }
    Observation known = state.heard.put(event.member(), heard);
    if (known != null && heard.saysTheSameAs(known)) {
      return;
    }
    Turns turns = turns(nowNanos, effects);
    Verdict before = state.tracker.verdict();
    switch (Hearsay.of(heard, before)) {
      case NOTHING -> {}
      case LOOK -> turns.probeNow(state);
      case SUSPECT -> {
        state.tracker.onHearsay(event.member(), heard, nowNanos);
        turns.after(state, before);
        turns.probeNewSuspect(state, before);
      }
      case COUNT -> {
        new Ejections(backends.values(), turns).onEjectedElsewhere(state, live);
        turns.after(state, before);
      }
    }
  }

  void forget(MemberId member, BackendId id) {
    BackendState state = backends.get(id);
    if (state != null) {
      state.heard.remove(member);
    }
  }

  void forget(MemberId member) {
    backends.values().forEach(state -> state.heard.remove(member));
  }

  /** Returns the lease of the backend at an address; {@code null}: it has none. */
  @Nullable Lease lease(BackendId address) {
    BackendState state = backends.get(address);
    return state == null ? null : registered.lease(state);
  }

  private void share(Consumer<Effect> effects) {
    for (BackendState state : backends.values()) {
      Observation observation = state.tracker.observation();
      if (!observation.equals(state.shared)) {
        state.shared = observation;
        effects.accept(new Effect.ShareObservation(policy.name(), state.backend.id(), observation));
      }
    }
  }

  void onTime(OtherMembers others, long nowNanos, Consumer<Effect> effects) {
    if (nowNanos >= registered.nextDeadlineNanos()) {
      onLeases(others, nowNanos, effects);
    }
    Turns turns = turns(nowNanos, effects);
    for (BackendState state : backends.values()) {
      Verdict before = state.tracker.verdict();
      state.tracker.onTime(nowNanos);
      turns.after(state, before);
      turns.probeNewSuspect(state, before);
    }
  }

  /** This member stood still until now: it looks again soon, before it believes anything. */
  void onStalled(long nanos, long nowNanos, Consumer<Effect> effects) {
    unlisted.onStalled(nanos);
    registered.postpone(nanos);
    Turns turns = turns(nowNanos, effects);
    for (BackendState state : backends.values()) {
      state.tracker.onStalled(nanos, nowNanos);
      if (state.tracker.isLongStall(nanos)) {
        turns.probeSoon(state);
      }
    }
  }

  /** Once a second for each cause: where no port is left, every attempt says so. */
  private void alarm(Cause cause, long nowNanos, Consumer<Effect> effects) {
    Long lastNanos = alarmedAtNanos.get(cause);
    if (lastNanos == null || nowNanos - lastNanos >= ALARM_INTERVAL_NANOS) {
      alarmedAtNanos.put(cause, nowNanos);
      effects.accept(new Effect.AlarmLocal(cause));
    }
  }

  private Turns turns(long nowNanos, Consumer<Effect> effects) {
    return new Turns(policy, random, nowNanos, effects);
  }
}
