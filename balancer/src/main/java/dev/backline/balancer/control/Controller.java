package dev.backline.balancer.control;

import dev.backline.balancer.health.Evidence;
import dev.backline.balancer.model.MemberId;
import dev.backline.balancer.model.PoolName;
import dev.backline.balancer.route.Router;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.random.RandomGenerator;

/**
 * Decides about health, membership and commands: an event in, effects out, and a new snapshot.
 *
 * <p>Pure: the same events at the same times with the same randomness give the same effects and
 * snapshots, in every JVM. Owned by one thread, the control loop.
 */
public final class Controller {
  private final RandomGenerator random;
  private Map<PoolName, PoolController> pools = new LinkedHashMap<>();
  private List<MemberId> live = List.of();
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
    pools.values().forEach(pool -> pool.share(effects::add));
    publish();
    return effects;
  }

  private void decide(Event event, long nowNanos, Consumer<Effect> effects) {
    if (event instanceof Event.ConfigReplaced replaced) {
      replaceConfig(replaced, nowNanos, effects);
    } else if (event instanceof Event.BackendsListed listed) {
      PoolController pool = pools.get(listed.pool());
      if (pool != null) {
        pool.onListed(listed.backends(), nowNanos, effects);
      }
    } else if (event instanceof Event.NameAnswered named) {
      PoolController pool = pools.get(named.pool());
      if (pool != null) {
        pool.onAnswer(named.dns(), named.answer(), nowNanos, effects);
      }
    } else if (event instanceof Event.RegistrationOffered offered) {
      PoolController pool = pools.get(offered.registration().pool());
      effects.accept(
          new Effect.AnswerOffer(
              offered.ticket(),
              pool == null
                  ? new Registrar.NoRegistration()
                  : pool.onOffered(offered, live, nowNanos, effects)));
    } else if (event instanceof Event.RegistrationHeard heard) {
      PoolController pool = pools.get(heard.registration().pool());
      if (pool != null) {
        pool.onRegistration(heard, live, nowNanos, effects);
      }
    } else if (event instanceof Event.AttemptsFailed failed) {
      PoolController pool = pools.get(failed.pool());
      if (pool != null) {
        for (Evidence evidence : failed.evidence()) {
          pool.onEvidence(failed.backend(), evidence, nowNanos, effects);
        }
      }
    } else if (event instanceof Event.ProbeFinished probe) {
      PoolController pool = pools.get(probe.pool());
      if (pool != null) {
        pool.onProbe(probe.backend(), probe.result(), probe.startNanos(), nowNanos, effects);
      }
    } else if (event instanceof Event.ObservationHeard heard) {
      PoolController pool = pools.get(heard.pool());
      if (pool != null) {
        pool.onHeard(heard, live, nowNanos, effects);
      }
    } else if (event instanceof Event.ObservationWithdrawn withdrawn) {
      PoolController pool = pools.get(withdrawn.pool());
      if (pool != null) {
        pool.forget(withdrawn.member(), withdrawn.backend());
      }
    } else if (event instanceof Event.MembersHeard heard) {
      forgetAllBut(heard.live());
      pools.values().forEach(pool -> pool.onLeases(live, nowNanos, effects));
    } else if (event instanceof Event.Stalled stalled) {
      pools.values().forEach(pool -> pool.onStalled(stalled.nanos(), nowNanos, effects));
    } else if (event instanceof Event.AdminCommanded commanded) {
      command(commanded.command());
    } else if (event instanceof Event.TimePassed) {
      pools.values().forEach(pool -> pool.onTime(live, nowNanos, effects));
    } else {
      throw new AssertionError(event);
    }
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
      next.put(policy.name(), pool);
    }
    pools.values().forEach(gone -> gone.remove(effects));
    pools = next;
    if (!router.routes().equals(replaced.router().routes())) {
      router = replaced.router();
    }
  }

  private void forgetAllBut(List<MemberId> now) {
    for (MemberId member : live) {
      if (!now.contains(member)) {
        pools.values().forEach(pool -> pool.forget(member));
      }
    }
    live = List.copyOf(now);
  }

  private void command(AdminCommand command) {
    if (command instanceof AdminCommand.SetState set) {
      PoolController pool = pools.get(set.pool());
      if (pool != null) {
        pool.setAdminState(set.backend(), set.state());
      }
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
