package dev.backline.balancer.control;

import dev.backline.balancer.health.Evidence;
import dev.backline.balancer.model.BackendId;
import dev.backline.balancer.model.MemberId;
import dev.backline.balancer.model.PoolName;
import dev.backline.balancer.route.Router;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * Decides about health, membership and commands: an event in, effects out, and a new snapshot.
 *
 * <p>Pure: the same events at the same times with the same randomness give the same effects and
 * snapshots, in every JVM. Owned by one thread, the control loop.
 */
public final class Controller {
  private final RandomGenerator random;
  private Map<PoolName, PoolController> pools = new LinkedHashMap<>();
  private final OtherMembers others = new OtherMembers();
  private Snapshot snapshot = Snapshot.EMPTY;
  private Router router = Snapshot.EMPTY.router();

  /** Starts with nothing. */
  public Controller(RandomGenerator random) {
    this.random = random;
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
    long next = Long.MAX_VALUE;
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
    } else if (event instanceof Event.AttemptsFailed failed) {
      for (Evidence evidence : failed.evidence()) {
        on(failed.pool(), pool -> pool.onEvidence(failed.backend(), evidence, nowNanos, effects));
      }
    } else if (event instanceof Event.ProbeFinished probe) {
      on(
          probe.pool(),
          pool ->
              pool.onProbe(probe.backend(), probe.result(), probe.startNanos(), nowNanos, effects));
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
    pools.values().forEach(pool -> pool.onLeases(others, nowNanos, effects));
    effects.accept(new Effect.KeepMembers(others.live(), others.silentNanos(nowNanos)));
  }

  private void replaceConfig(
      Event.ConfigReplaced replaced, long nowNanos, Consumer<Effect> effects) {
    Map<PoolName, PoolController> next = new LinkedHashMap<>();
    for (PoolPolicy policy : replaced.pools()) {
      PoolController pool = pools.remove(policy.name());
      if (pool == null) {
        pool = new PoolController(policy, random);
      } else {
        pool.replacePolicy(policy, nowNanos, effects);
      }
      pool.touch();
      next.put(policy.name(), pool);
    }
    pools.values().forEach(gone -> gone.remove(effects));
    pools = next;
    if (!router.routes().equals(replaced.router().routes())) {
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
    if (router != snapshot.router() || !now.equals(snapshot.pools())) {
      snapshot = new Snapshot(snapshot.version() + 1, router, now);
    }
  }
}
