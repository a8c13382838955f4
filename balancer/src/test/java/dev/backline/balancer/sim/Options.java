package dev.backline.balancer.sim;

import dev.backline.balancer.balance.BalancePolicy;
import dev.backline.balancer.balance.SelectionPolicy;
import dev.backline.balancer.control.PoolPolicy;
import dev.backline.balancer.health.HealthPolicy;
import dev.backline.balancer.limit.ConnectionPolicy;
import dev.backline.balancer.limit.QueuePolicy;
import dev.backline.balancer.model.PoolName;
import dev.backline.balancer.retry.RetryPolicy;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;

/**
 * Everything that a seed decides before its run begins.
 *
 * @param startNanos where the monotonic clock stands
 * @param weights of the backends; as many as there are at first
 * @param policy of the pool at first
 * @param reloaded what it becomes with each reload
 * @param perSecond exchanges that begin in a second
 * @param clients who begin them
 * @param serviceNanos a backend's usual time for an answer
 * @param netNanos the longest time from one machine to another
 * @param keepAliveNanos after which backends close a connection that rests
 * @param healNanos when the last fault is over
 */
record Options(
    long seed,
    long startNanos,
    int loops,
    List<Integer> weights,
    PoolPolicy policy,
    List<PoolPolicy> reloaded,
    int perSecond,
    int clients,
    long serviceNanos,
    long netNanos,
    long keepAliveNanos,
    long healNanos,
    List<Fault> faults) {
  static final PoolName POOL = new PoolName("web");

  private static final List<Fault.Kind> DRAWN =
      Arrays.stream(Fault.Kind.values()).filter(kind -> kind != Fault.Kind.STANDSTILL).toList();

  static Options of(long seed) {
    Dice dice = new Dice(seed);
    int backends = dice.pick(List.of(1, 2, 2, 3, 3, 3, 3, 4, 5, 6));
    boolean weighted = dice.percent(40);
    List<Integer> weights = new ArrayList<>();
    for (int i = 0; i < backends; i++) {
      weights.add(weighted ? dice.between(1, 4) : 1);
    }
    int perSecond = dice.pick(List.of(20, 50, 50, 100, 200));
    long serviceNanos = dice.pick(List.of(2, 5, 10, 20)) * Agenda.MILLI;
    // Bursts overload a pool; without one it has slots to spare.
    long slots = 4L * perSecond * serviceNanos / Agenda.SECOND / backends + 2;
    SelectionPolicy selection = selection(dice);
    long healNanos = dice.between(4_000, 7_000) * Agenda.MILLI;
    List<Fault> faults = faults(dice, backends, healNanos);
    faults.addAll(standstills(seed, healNanos));
    List<PoolPolicy> reloaded = new ArrayList<>();
    for (Fault fault : faults) {
      if (fault.kind() == Fault.Kind.RELOAD) {
        reloaded.add(policy(dice, dice.percent(70) ? selection : selection(dice), (int) slots));
      }
    }
    return new Options(
        seed,
        dice.between(-1L << 50, 1L << 50),
        dice.between(1, 4),
        weights,
        policy(dice, selection, (int) slots),
        reloaded,
        perSecond,
        dice.pick(List.of(3, 20, 60)),
        serviceNanos,
        dice.pick(List.of(100, 500, 2_000)) * Agenda.MICRO,
        dice.pick(List.of(50, 500, 5_000)) * Agenda.MILLI,
        healNanos,
        faults);
  }

  /** Returns the policies that hold at some time. */
  List<PoolPolicy> policies() {
    List<PoolPolicy> all = new ArrayList<>(reloaded);
    all.add(policy);
    return all;
  }

  boolean has(Fault.Kind kind) {
    return of(kind).findAny().isPresent();
  }

  Stream<Fault> of(Fault.Kind kind) {
    return faults.stream().filter(fault -> fault.kind() == kind);
  }

  private static SelectionPolicy selection(Dice dice) {
    return switch (dice.between(0, 3)) {
      case 0 -> new SelectionPolicy.RoundRobin();
      case 1 -> new SelectionPolicy.Hash(new SelectionPolicy.HashKey.ClientAddress());
      default -> new SelectionPolicy.PowerOfTwoChoices();
    };
  }

  private static PoolPolicy policy(Dice dice, SelectionPolicy selection, int slots) {
    return new PoolPolicy(
        POOL,
        new BalancePolicy(
            selection,
            millis(dice.pick(List.of(0, 500, 2_000, 10_000))),
            dice.pick(List.of(256, 256, slots + 6, slots))),
        new HealthPolicy(
            "/health",
            millis(dice.pick(List.of(200, 500, 1_000, 1_000, 2_000))),
            millis(dice.pick(List.of(100, 300, 500))),
            dice.pick(List.of(1, 2, 2, 2, 4)),
            dice.pick(List.of(1, 2, 2, 3))),
        new RetryPolicy(
            dice.pick(List.of(1, 2, 3, 3, 4)),
            dice.pick(List.of(0, 20, 20, 100)),
            dice.pick(List.of(0, 1, 10, 10)),
            64 * 1024,
            millis(dice.pick(List.of(300, 1_000, 3_000))),
            millis(dice.pick(List.of(800, 3_000, 6_000)))),
        new QueuePolicy(
            millis(dice.pick(List.of(0, 300, 2_000, 2_000))),
            dice.pick(List.of(0, 5, 1_000, 1_000))),
        new ConnectionPolicy(millis(dice.pick(List.of(100, 250))), millis(2_000)));
  }

  /** Some kinds only, in each run: else every run would be the same mixture of all. */
  private static List<Fault> faults(Dice dice, int backends, long healNanos) {
    List<Fault.Kind> kinds = new ArrayList<>();
    for (int i = dice.between(1, 5); i > 0; i--) {
      kinds.add(dice.pick(DRAWN));
    }
    List<Fault> faults = new ArrayList<>();
    for (int i = dice.between(2, 9); i > 0; i--) {
      long beginNanos = dice.between(500 * Agenda.MILLI, healNanos - 200 * Agenda.MILLI);
      long lastsNanos = dice.between(50, dice.pick(List.of(300, 3_000))) * Agenda.MILLI;
      faults.add(
          new Fault(
              dice.pick(kinds),
              dice.between(1, backends),
              beginNanos,
              Math.min(beginNanos + lastsNanos, healNanos),
              dice.pick(List.of(30, 70, 100))));
    }
    return faults;
  }

  /** In one run of four. With dice of their own: what older seeds show stays what it is. */
  private static List<Fault> standstills(long seed, long healNanos) {
    Dice dice = new Dice(~seed);
    List<Fault> faults = new ArrayList<>();
    for (int i = dice.percent(25) ? dice.between(1, 3) : 0; i > 0; i--) {
      long beginNanos = dice.between(500 * Agenda.MILLI, healNanos - 200 * Agenda.MILLI);
      long lastsNanos = dice.between(50, dice.pick(List.of(300, 3_000))) * Agenda.MILLI;
      long endNanos = Math.min(beginNanos + lastsNanos, healNanos);
      faults.add(new Fault(Fault.Kind.STANDSTILL, 1, beginNanos, endNanos, 100));
    }
    return faults;
  }

  private static Duration millis(int millis) {
    return Duration.ofMillis(millis);
  }

  @Override
  public String toString() {
    return """
          loops %d, weights %s, %d/s of %d clients, service %dms, net %dus, keep-alive %dms
          policy %s
          reloads %s
          faults %s, healed at %dms"""
        .formatted(
            loops,
            weights,
            perSecond,
            clients,
            serviceNanos / Agenda.MILLI,
            netNanos / Agenda.MICRO,
            keepAliveNanos / Agenda.MILLI,
            policy,
            reloaded,
            faults,
            healNanos / Agenda.MILLI);
  }
}
