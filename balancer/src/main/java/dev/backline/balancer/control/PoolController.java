package dev.backline.balancer.control;

import dev.backline.balancer.config.DnsConfig;
import dev.backline.balancer.config.RegistrationConfig;
import dev.backline.balancer.health.Evidence;
import dev.backline.balancer.health.HealthTracker;
import dev.backline.balancer.health.Hearsay;
import dev.backline.balancer.health.Observation;
import dev.backline.balancer.health.ProbeResult;
import dev.backline.balancer.health.SelfDoubt;
import dev.backline.balancer.model.AdminState;
import dev.backline.balancer.model.Backend;
import dev.backline.balancer.model.BackendId;
import dev.backline.balancer.model.Cause;
import dev.backline.balancer.model.MemberId;
import dev.backline.balancer.model.Verdict;
import java.util.Collections;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.function.Predicate;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/** The controller's part for one pool. Owned by {@link Controller}. */
final class PoolController {
  private static final long ALARM_INTERVAL_NANOS = 1_000_000_000L;

  /**
   * All that is known of a pool at one moment.
   *
   * @param backends in the order of their source
   */
  record Checkpoint(
      PoolPolicy policy,
      Map<Cause, Long> alarmedAtNanos,
      List<BackendState.Checkpoint> backends,
      Unlisted.Checkpoint unlisted,
      RegisteredBackends.Checkpoint registered) {
    Checkpoint {
      alarmedAtNanos = Collections.unmodifiableMap(new TreeMap<>(alarmedAtNanos));
      backends = List.copyOf(backends);
    }

    Checkpoint withPolicy(PoolPolicy changed) {
      return new Checkpoint(changed, alarmedAtNanos, backends, unlisted, registered);
    }
  }

  private final Predicate<BackendId> isMine;
  private final RandomGenerator random;
  private final Map<Cause, Long> alarmedAtNanos = new EnumMap<>(Cause.class);
  private Map<BackendId, BackendState> backends = new LinkedHashMap<>();
  private final UsedBackends used;
  private final Unlisted unlisted;
  private RegisteredBackends registered;
  private PoolPolicy policy;
  private PoolSnapshot snapshot;
  private boolean touched;
  private boolean holds;

  /**
   * Starts without backends.
   *
   * @param own this member
   * @param isMine whether it is this member's turn to probe a backend, now
   * @param live the other members that were heard lately
   */
  PoolController(
      PoolPolicy policy,
      MemberId own,
      Predicate<BackendId> isMine,
      List<MemberId> live,
      RandomGenerator random) {
    this.policy = policy;
    this.used = new UsedBackends(own, live);
    this.isMine = isMine;
    this.random = random;
    this.unlisted = new Unlisted(Unlisted.Checkpoint.START);
    this.registered = new RegisteredBackends(policy.name(), Former.none());
    this.snapshot = new PoolSnapshot(policy, List.of());
  }

  /** Goes on from a checkpoint. */
  PoolController(
      Checkpoint from,
      MemberId own,
      Predicate<BackendId> isMine,
      List<MemberId> live,
      RandomGenerator random) {
    this.policy = from.policy();
    this.used = new UsedBackends(own, live);
    this.isMine = isMine;
    this.random = random;
    this.alarmedAtNanos.putAll(from.alarmedAtNanos());
    for (BackendState.Checkpoint each : from.backends()) {
      backends.put(each.backend().id(), new BackendState(policy.health(), each));
    }
    this.unlisted = new Unlisted(from.unlisted());
    this.registered = new RegisteredBackends(policy.name(), from.registered());
    this.snapshot = new PoolSnapshot(policy, views());
  }

  /** Returns all that is known of it, between two events. */
  Checkpoint checkpoint() {
    return new Checkpoint(
        policy,
        alarmedAtNanos,
        backends.values().stream().map(BackendState::checkpoint).toList(),
        unlisted.checkpoint(),
        registered.checkpoint());
  }

  /** Returns the pool as it was {@link #publish}ed; the same object while nothing has changed. */
  PoolSnapshot snapshot() {
    return snapshot;
  }

  /** Something may change: a renewal among a thousand backends changes nothing. */
  void touch() {
    touched = true;
  }

  boolean isTouched() {
    return touched;
  }

  /** Makes a new snapshot, and tells the other members, if anything has changed. */
  void publish(Consumer<Effect> effects) {
    if (!touched) {
      return;
    }
    touched = false;
    share(effects);
    used.update(
        backends,
        policy.balance().selection(),
        id -> effects.accept(new Effect.CloseIdle(policy.name(), id)));
    List<BackendView> views = views();
    if (!snapshot.policy().equals(policy) || !snapshot.backends().equals(views)) {
      snapshot = new PoolSnapshot(policy, views);
    }
  }

  private List<BackendView> views() {
    return backends.values().stream().map(BackendState::view).toList();
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
        state.tracker.setPolicy(changed.health());
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
    used.onListed();
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
        known.tracker.hold(holds);
        effects.accept(new Effect.ProbeAfter(policy.name(), backend.id(), 0));
      }
      known.backend = backend;
      known.unlisted = false;
      next.put(backend.id(), known);
    }
    removeAll(effects);
    backends = next;
    used.onListed();
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
    boolean wasNews = tracker.isHeardNews();
    if (evidence instanceof Evidence.Transport transport) {
      if (tracker.onTransport(transport, nowNanos)) {
        new Ejections(comparable(state), turns).onOutlier(state, transport.cause().words());
      }
    } else if (evidence instanceof Evidence.Overdue) {
      if (tracker.onOverdue(nowNanos)) {
        turns.probeQuickly(state);
      }
      return;
    } else if (evidence instanceof Evidence.Silence silence) {
      tracker.onSilence(silence, nowNanos);
    } else if (evidence instanceof Evidence.Heard) {
      tracker.onHeard(nowNanos);
    } else if (evidence instanceof Evidence.Request request) {
      if (tracker.onRequest(request, nowNanos)) {
        new Ejections(comparable(state), turns).onOutlier(state, request.words());
      }
    } else if (evidence instanceof Evidence.Probe probe) {
      tracker.onProbe(probe, nowNanos);
    } else if (evidence instanceof Evidence.QuickProbe probe) {
      tracker.onQuickProbe(probe, nowNanos);
    } else if (evidence instanceof Evidence.Local local) {
      alarm(local.cause(), nowNanos, effects);
      return;
    } else {
      throw new AssertionError(evidence);
    }
    turns.after(state, before);
    turns.whileSilent(state, wasNews);
    if (evidence instanceof Evidence.Probe probe) {
      turns.onProbe(state, before, probe.result());
      turns.freeAbandoned(state, before, probe.result());
      turns.probeInTurn(state);
    } else if (evidence instanceof Evidence.QuickProbe probe) {
      turns.onProbe(state, before, probe.result());
      if (tracker.verdict() != before) {
        turns.probeInTurn(state);
      }
    } else {
      turns.probeNewSuspect(state, before);
      turns.probeNewlyOut(state, before);
    }
  }

  void onProbe(BackendId id, Evidence.Probe probe, long nowNanos, Consumer<Effect> effects) {
    Cause local = localCause(probe.result());
    if (local == null) {
      onEvidence(id, probe, nowNanos, effects);
      return;
    }
    alarm(local, nowNanos, effects);
    BackendState state = backends.get(id);
    if (state != null) {
      turns(nowNanos, effects).probeInTurn(state);
    }
  }

  void onQuickProbe(
      BackendId id, Evidence.QuickProbe probe, long nowNanos, Consumer<Effect> effects) {
    Cause local = localCause(probe.result());
    onEvidence(id, local == null ? probe : new Evidence.Local(local), nowNanos, effects);
  }

  /** Of what it uses this member knows the answers; of the others only what is said of them. */
  private List<BackendState> comparable(BackendState one) {
    return backends.values().stream().filter(state -> state.used || !one.used).toList();
  }

  private static @Nullable Cause localCause(ProbeResult result) {
    Cause cause = result instanceof ProbeResult.Failed failed ? failed.cause() : null;
    return cause != null && cause.isLocal() ? cause : null;
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
    BackendState.Said known = state.heard.get(event.member());
    if (known != null && !event.isNew() && heard.equals(known.observation())) {
      return; // It is as old as it was.
    }
    state.heard.put(event.member(), new BackendState.Said(heard, nowNanos));
    if (known != null && heard.saysTheSameAs(known.observation())) {
      return;
    }
    Turns turns = turns(nowNanos, effects);
    Verdict before = state.tracker.verdict();
    boolean wasNews = state.tracker.isHeardNews();
    switch (Hearsay.of(heard, before)) {
      case NOTHING -> {}
      case LOOK -> turns.probeNow(state);
      case SUSPECT -> {
        state.tracker.onHearsay(event.member(), heard, nowNanos);
        turns.after(state, before);
        turns.whileSilent(state, wasNews);
        turns.probeNewSuspect(state, before);
      }
      case COUNT -> {
        new Ejections(comparable(state), turns).onEjectedElsewhere(state, live);
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

  /** Adds how its backends that are in service, or were, are seen here and elsewhere. */
  void addSights(List<SelfDoubt.Sight> sights, List<MemberId> live) {
    for (BackendState state : backends.values()) {
      if (!state.inSubset) {
        continue; // It is seldom asked anything here, so it wouldn't seem unheard.
      }
      HealthTracker tracker = state.tracker;
      if (tracker.isUnheard()) {
        long sinceNanos = tracker.unheardNanos();
        boolean reached = false;
        boolean missed = false;
        for (MemberId member : live) {
          BackendState.Said said = state.heard.get(member);
          if (said != null && said.atNanos() >= sinceNanos) {
            boolean isUp = said.observation().verdict() == Verdict.UP;
            reached |= isUp;
            missed |= !isUp && Hearsay.isFirstHand(said.observation());
          }
        }
        sights.add(new SelfDoubt.Sight(true, sinceNanos, reached, missed));
      } else if (!tracker.verdict().isOut()) {
        sights.add(new SelfDoubt.Sight(false, 0, false, false));
      }
    }
  }

  /** Returns whether any of its backends is unheard. */
  boolean isAnyUnheard() {
    return backends.values().stream().anyMatch(state -> state.tracker.isUnheard());
  }

  /** Nothing goes down for its silence from now on, or again. */
  void hold(boolean now) {
    holds = now;
    backends.values().forEach(state -> state.tracker.hold(now));
  }

  /** This member is cut off: who went out for the silence that shows it is taken back. */
  void takeBack(long fromNanos, long nowNanos, Consumer<Effect> effects) {
    Turns turns = turns(nowNanos, effects);
    for (BackendState state : backends.values()) {
      Verdict before = state.tracker.verdict();
      boolean wasNews = state.tracker.isHeardNews();
      state.tracker.takeBack(fromNanos, nowNanos);
      if (state.tracker.verdict() != before) {
        touch();
        turns.after(state, before);
        turns.whileSilent(state, wasNews);
        turns.probeNewSuspect(state, before);
      }
    }
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
      boolean wasNews = state.tracker.isHeardNews();
      state.tracker.onTime(nowNanos);
      turns.after(state, before);
      turns.whileSilent(state, wasNews);
      turns.probeNewSuspect(state, before);
    }
  }

  /** Other members came or went. */
  void onMembers(OtherMembers others, long nowNanos, Consumer<Effect> effects) {
    onLeases(others, nowNanos, effects);
    if (used.onMembers(others.live())) {
      touch();
    }
    Turns turns = turns(nowNanos, effects);
    backends.values().forEach(turns::assign);
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
    return new Turns(policy, isMine, random, nowNanos, effects);
  }
}
