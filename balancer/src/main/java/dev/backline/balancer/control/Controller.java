package dev.backline.balancer.control;

import dev.backline.balancer.health.Evidence;
import dev.backline.balancer.health.ProbeAssignment;
import dev.backline.balancer.health.SelfDoubt;
import dev.backline.balancer.model.BackendId;
import dev.backline.balancer.model.MemberId;
import dev.backline.balancer.model.PoolName;
import dev.backline.balancer.model.SplitMix64;
import dev.backline.balancer.route.Route;
import dev.backline.balancer.route.Router;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * Decides about health, membership and commands: an event in, effects out, and a new snapshot.
 *
 * <p>Pure: the same events at the same times with the same randomness give the same effects and
 * snapshots, in every JVM. Owned by one thread, the control loop.
 */
public final class Controller {
  /**
   * All that one knows at one moment: whoever goes on from it decides the same.
   *
   * @param random the state of its randomness
   * @param version of its latest snapshot
   */
  public record Checkpoint(
      MemberId own,
      long random,
      long version,
      List<Route> routes,
      List<PoolController.Checkpoint> pools,
      OtherMembers.Checkpoint others,
      SelfDoubt.Checkpoint doubt) {
    /** Copies the lists. */
    public Checkpoint {
      routes = List.copyOf(routes);
      pools = List.copyOf(pools);
    }

    /** Returns a member that knows nothing yet. */
    public static Checkpoint start(MemberId own, long seed) {
      return new Checkpoint(
          own,
          seed,
          Snapshot.EMPTY.version(),
          Snapshot.EMPTY.router().routes(),
          List.of(),
          OtherMembers.Checkpoint.START,
          SelfDoubt.Checkpoint.START);
    }

    /** Returns the same, where other policies hold; the names of pools stay. */
    public Checkpoint withPolicies(UnaryOperator<PoolPolicy> change) {
      List<PoolController.Checkpoint> changed =
          pools.stream().map(pool -> pool.withPolicy(change.apply(pool.policy()))).toList();
      return new Checkpoint(own, random, version, routes, changed, others, doubt);
    }
  }

  private final MemberId own;
  private final SplitMix64 random;
  private Map<PoolName, PoolController> pools = new LinkedHashMap<>();
  private final OtherMembers others;
  private final SelfDoubt doubt;
  private Snapshot snapshot;
  private Router router;

  /** Starts with nothing. */
  public Controller(MemberId own, long seed) {
    this(Checkpoint.start(own, seed));
  }

  /** Goes on from a checkpoint. */
  public Controller(Checkpoint from) {
    own = from.own();
    random = new SplitMix64(from.random());
    others = new OtherMembers(from.others());
    doubt = new SelfDoubt(from.doubt());
    router = new Router(from.routes());
    Map<PoolName, PoolSnapshot> snapshots = new LinkedHashMap<>();
    for (PoolController.Checkpoint each : from.pools()) {
      PoolController pool = new PoolController(each, own, this::isMine, others.live(), random);
      pool.hold(doubt.holds());
      pools.put(each.policy().name(), pool);
      snapshots.put(each.policy().name(), pool.snapshot());
    }
    snapshot = new Snapshot(from.version(), router, snapshots);
  }

  /** Returns all that it knows, between two events. */
  public Checkpoint checkpoint() {
    return new Checkpoint(
        own,
        random.state(),
        snapshot.version(),
        router.routes(),
        pools.values().stream().map(PoolController::checkpoint).toList(),
        others.checkpoint(),
        doubt.checkpoint());
  }

  /** Returns what holds now. */
  public Snapshot snapshot() {
    return snapshot;
  }

  /** Returns the lease of the backend at an address; {@code null}: it isn't registered. */
  public @Nullable Lease lease(PoolName name, BackendId address) {
    PoolController pool = pools.get(name);
    return pool == null ? null : pool.lease(address);
  }

  /** Returns when {@link Event.TimePassed} is due; {@code Long.MAX_VALUE}: never. */
  public long nextDeadlineNanos() {
    long next = doubt.nextDeadlineNanos();
    for (PoolController pool : pools.values()) {
      next = Math.min(next, pool.nextDeadlineNanos());
    }
    return next;
  }

  /**
   * Takes in one event.
   *
   * @param nowNanos on the member's monotonic clock, never less than before
   * @return what is to be done, in order
   */
  public List<Effect> apply(Event event, long nowNanos) {
    List<Effect> effects = new ArrayList<>();
    decide(event, nowNanos, effects::add);
    doubt(nowNanos, effects::add);
    pools.values().forEach(pool -> pool.publish(effects::add));
    publish();
    return effects;
  }

  private void decide(Event event, long nowNanos, Consumer<Effect> effects) {
    if (event instanceof Event.ConfigReplaced replaced) {
      replaceConfig(replaced, nowNanos, effects);
    } else if (event instanceof Event.BackendsListed listed) {
      on(listed.pool(), pool -> pool.onListed(listed.backends(), nowNanos, effects));
    } else if (event instanceof Event.NameAnswered named) {
      on(named.pool(), pool -> pool.onAnswer(named.dns(), named.answer(), nowNanos, effects));
    } else if (event instanceof Event.RegistrationOffered offered) {
      Registrar.Answer answer = answer(offered.offer(), nowNanos, effects);
      effects.accept(new Effect.AnswerOffer(offered.ticket(), answer));
    } else if (event instanceof Event.RegistrationsHeard heard) {
      hear(heard.words(), nowNanos, effects);
    } else if (event instanceof Event.EvidenceSeen seen) {
      for (Evidence evidence : seen.evidence()) {
        on(seen.pool(), pool -> pool.onEvidence(seen.backend(), evidence, nowNanos, effects));
      }
    } else if (event instanceof Event.ProbeFinished probe) {
      Evidence.Probe evidence = new Evidence.Probe(probe.result(), probe.startNanos());
      on(probe.pool(), pool -> pool.onProbe(probe.backend(), evidence, nowNanos, effects));
    } else if (event instanceof Event.QuickProbeFinished probe) {
      Evidence.QuickProbe evidence = new Evidence.QuickProbe(probe.result(), probe.startNanos());
      on(probe.pool(), pool -> pool.onQuickProbe(probe.backend(), evidence, nowNanos, effects));
    } else if (event instanceof Event.ObservationHeard heard) {
      on(heard.pool(), pool -> pool.onHeard(heard, others.live(), nowNanos, effects));
    } else if (event instanceof Event.ObservationWithdrawn withdrawn) {
      on(withdrawn.pool(), pool -> pool.forget(withdrawn.member(), withdrawn.backend()));
    } else if (event instanceof Event.MembersHeard heard) {
      others.onHeard(heard.live(), nowNanos).forEach(this::forget);
      afterMembers(nowNanos, effects);
    } else if (event instanceof Event.MemberLeft left) {
      others.onLeft(left.member());
      forget(left.member());
      afterMembers(nowNanos, effects);
    } else if (event instanceof Event.MembersRecalled recalled) {
      others.onRecalled(recalled.silentNanos(), nowNanos);
      afterMembers(nowNanos, effects);
    } else if (event instanceof Event.Stalled stalled) {
      onAll(pool -> pool.onStalled(stalled.nanos(), nowNanos, effects));
    } else if (event instanceof Event.AdminCommanded commanded) {
      command(commanded.command());
    } else if (event instanceof Event.TimePassed) {
      onAll(pool -> pool.onTime(others, nowNanos, effects));
    } else {
      throw new AssertionError(event);
    }
  }

  /** Most backends at once are silent for this member's own fault: see {@link SelfDoubt}. */
  private void doubt(long nowNanos, Consumer<Effect> effects) {
    SelfDoubt.State before = doubt.state();
    boolean nothingNew =
        nowNanos < doubt.nextDeadlineNanos()
            && pools.values().stream().noneMatch(PoolController::isTouched);
    if (nothingNew || (before == SelfDoubt.State.SURE && isEveryBackendHeard())) {
      return;
    }
    boolean held = doubt.holds();
    List<SelfDoubt.Sight> sights = new ArrayList<>();
    pools.values().forEach(pool -> pool.addSights(sights, others.live()));
    doubt.update(sights, !others.live().isEmpty(), nowNanos);
    if (doubt.holds() != held) {
      pools.values().forEach(pool -> pool.hold(doubt.holds()));
    }
    if (doubt.state() != before) {
      effects.accept(new Effect.TellDoubt(before, doubt.state()));
      if (doubt.state() == SelfDoubt.State.ISOLATED) {
        long fromNanos = doubt.fromNanos();
        pools.values().forEach(pool -> pool.takeBack(fromNanos, nowNanos, effects));
      }
    }
  }

  private boolean isEveryBackendHeard() {
    return pools.values().stream().noneMatch(PoolController::isAnyUnheard);
  }

  private boolean isMine(BackendId backend) {
    return ProbeAssignment.isMine(backend, own, others.live());
  }

  private void on(PoolName name, Consumer<PoolController> action) {
    PoolController pool = pools.get(name);
    if (pool != null) {
      pool.touch();
      action.accept(pool);
    }
  }

  private void onAll(Consumer<PoolController> action) {
    for (PoolController pool : pools.values()) {
      pool.touch();
      action.accept(pool);
    }
  }

  /** Touches no pool: most words are renewals. */
  private Registrar.Answer answer(Registrar.Offer offer, long nowNanos, Consumer<Effect> effects) {
    PoolController pool = pools.get(offer.registration().pool());
    return pool == null
        ? new Registrar.NoRegistration()
        : pool.onOffered(offer, others, nowNanos, effects);
  }

  private void hear(List<Event.Heard> words, long nowNanos, Consumer<Effect> effects) {
    Map<PoolName, List<Event.Heard>> byPool = new LinkedHashMap<>();
    for (Event.Heard word : words) {
      byPool.computeIfAbsent(word.registration().pool(), name -> new ArrayList<>()).add(word);
    }
    byPool.forEach(
        (name, ofPool) -> {
          PoolController pool = pools.get(name);
          if (pool != null) {
            pool.onRegistrations(ofPool, others, nowNanos, effects);
          }
        });
  }

  private void forget(MemberId member) {
    onAll(pool -> pool.forget(member));
  }

  private void afterMembers(long nowNanos, Consumer<Effect> effects) {
    pools.values().forEach(pool -> pool.onMembers(others, nowNanos, effects));
    effects.accept(new Effect.KeepMembers(others.live(), others.silentNanos(nowNanos)));
  }

  private void replaceConfig(
      Event.ConfigReplaced replaced, long nowNanos, Consumer<Effect> effects) {
    Map<PoolName, PoolController> next = new LinkedHashMap<>();
    for (PoolPolicy policy : replaced.pools()) {
      PoolController pool = pools.remove(policy.name());
      if (pool == null) {
        pool = new PoolController(policy, own, this::isMine, others.live(), random);
        pool.hold(doubt.holds());
      } else {
        pool.replacePolicy(policy, nowNanos, effects);
      }
      pool.touch();
      next.put(policy.name(), pool);
    }
    pools.values().forEach(gone -> gone.remove(effects));
    pools = next;
    if (!router.equals(replaced.router())) {
      router = replaced.router();
    }
  }

  private void command(AdminCommand command) {
    if (command instanceof AdminCommand.SetState set) {
      on(set.pool(), pool -> pool.setAdminState(set.backend(), set.state()));
    } else {
      throw new AssertionError(command);
    }
  }

  /** Makes a new snapshot if anything in it changed; unchanged pools stay the same objects. */
  private void publish() {
    Map<PoolName, PoolSnapshot> now = new LinkedHashMap<>();
    pools.forEach((name, pool) -> now.put(name, pool.snapshot()));
    if (!router.equals(snapshot.router()) || !now.equals(snapshot.pools())) {
      snapshot = new Snapshot(snapshot.version() + 1, router, now);
    }
  }
}
