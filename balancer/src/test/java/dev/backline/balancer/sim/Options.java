package dev.backline.balancer.sim;

import dev.backline.balancer.balance.BalancePolicy;
import dev.backline.balancer.balance.SelectionPolicy;
import dev.backline.balancer.config.DnsConfig;
import dev.backline.balancer.config.RegistrationConfig;
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
 * @param named whether the backends are the addresses of a name
 * @param registered whether they register themselves; else, and not by name, a file lists them
 * @param loops of each member
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
    boolean named,
    boolean registered,
    int members,
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
      Arrays.stream(Fault.Kind.values()).filter(Fault.Kind::isOld).toList();

  /** What the pool's name is asked for. */
  static final DnsConfig NAME =
      new DnsConfig("web.example", 3000, Duration.ofSeconds(1), Duration.ofMillis(500), null);

  /** How its backends register. */
  static final RegistrationConfig REGISTRATION =
      new RegistrationConfig("web.token", RegistrationConfig.MIN_LEASE, List.of());

  static final long LONGEST_POLL_NANOS = 5 * Agenda.SECOND;

  private static final List<Fault.Kind> OF_NAMES =
      List.of(Fault.Kind.NAME_FAILS, Fault.Kind.NAME_EMPTY, Fault.Kind.NAME_FLAPS);

  private static final List<Fault.Kind> OF_REGISTRATIONS =
      List.of(
          Fault.Kind.LEAVE,
          Fault.Kind.MEMBER_STOP,
          Fault.Kind.MEMBER_KILL,
          Fault.Kind.UNLIST,
          Fault.Kind.SPLIT,
          Fault.Kind.SPLIT);

  private static final List<Fault.Kind> OF_MEMBERS =
      List.of(
          Fault.Kind.FREEZE,
          Fault.Kind.LOOP_LAG,
          Fault.Kind.MEMBER_KILL,
          Fault.Kind.CUT,
          Fault.Kind.CUT_ALL,
          Fault.Kind.SPLIT,
          Fault.Kind.LOSS,
          Fault.Kind.CLUSTER_STALL);

  private static final List<Fault.Kind> OF_WAYS =
      List.of(
          Fault.Kind.REORDER,
          Fault.Kind.CUT_ANSWERS,
          Fault.Kind.CUT_REQUESTS,
          Fault.Kind.LONG_POLL,
          Fault.Kind.NO_PORTS,
          Fault.Kind.INTERLEAVING);

  /** With it the seeds that were kept before there were such faults have none of them. */
  private static final long SALT_OF_WAYS = 1_106;

  /** As {@link #SALT_OF_WAYS}. */
  private static final long SALT_OF_TWICE = 5_235_188;

  /** As {@link #SALT_OF_WAYS}. */
  private static final long SALT_OF_REGISTRATION = 6;

  private static final int QUIET_PER_SECOND = 20;
  private static final long QUIET_KEEP_ALIVE_NANOS = 50 * Agenda.MILLI;

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
    long faultsEndNanos = dice.between(4_000, 7_000) * Agenda.MILLI;
    List<Fault> faults = faults(dice, backends, faultsEndNanos);
    faults.addAll(standstills(seed, faultsEndNanos));
    Dice memberDice = new Dice(seed * 7_919 + 17);
    int members = memberDice.pick(List.of(1, 1, 2, 2, 3, 4));
    faults.addAll(ofMembers(memberDice, members, backends, faultsEndNanos));
    faults.addAll(ofWays(seed, members, backends, faultsEndNanos));
    Dice twiceDice = new Dice(seed * 32_452_843 + SALT_OF_TWICE);
    List<Twice> twice = twiceDice.percent(60) ? Twice.pick(twiceDice) : List.of();
    for (Twice each : twice) {
      int backend = twiceDice.between(1, backends);
      int member = twiceDice.between(1, members);
      faults.addAll(each.faults(twiceDice, backend, member, faultsEndNanos));
    }
    Dice registrationDice = new Dice(seed * 49_979_687 + SALT_OF_REGISTRATION);
    boolean registered = registrationDice.percent(20);
    if (registered) {
      faults.addAll(ofRegistrations(registrationDice, members, backends, faultsEndNanos));
    }
    long healNanos = faults.stream().mapToLong(Fault::endNanos).reduce(faultsEndNanos, Math::max);
    Dice nameDice = new Dice(seed * 104_729 + 3);
    boolean named = nameDice.percent(30) && !registered;
    if (named) {
      faults.addAll(ofNames(nameDice, faultsEndNanos));
    }
    List<PoolPolicy> reloaded = new ArrayList<>();
    for (Fault fault : faults) {
      if (fault.kind() == Fault.Kind.RELOAD) {
        SelectionPolicy next = dice.percent(70) ? selection : selection(dice);
        reloaded.add(from(policy(dice, next, (int) slots), named, registered));
      }
    }
    Options options =
        new Options(
            seed,
            dice.between(-1L << 50, 1L << 50),
            named,
            registered,
            members,
            Math.min(dice.between(1, 4), members == 1 ? 4 : 2),
            weights,
            from(policy(dice, selection, (int) slots), named, registered),
            reloaded,
            perSecond * members,
            dice.pick(List.of(3, 20, 60)),
            serviceNanos,
            dice.pick(List.of(100, 500, 2_000)) * Agenda.MICRO,
            dice.pick(List.of(50, 500, 5_000)) * Agenda.MILLI,
            healNanos,
            faults);
    return twice.stream().anyMatch(Twice::isQuiet) ? options.quiet() : options;
  }

  /** Returns the same with few exchanges, none of them over a kept connection, and a quick fall. */
  private Options quiet() {
    return new Options(
        seed,
        startNanos,
        named,
        registered,
        members,
        loops,
        weights,
        quickToFall(policy),
        reloaded.stream().map(Options::quickToFall).toList(),
        QUIET_PER_SECOND * members,
        clients,
        serviceNanos,
        netNanos,
        QUIET_KEEP_ALIVE_NANOS,
        healNanos,
        faults);
  }

  private static PoolPolicy quickToFall(PoolPolicy policy) {
    HealthPolicy health = policy.health();
    return policy.withHealth(
        new HealthPolicy(health.path(), millis(200), health.timeout(), 1, health.rise()));
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

  /**
   * Returns how long answers take on purpose: where all requests poll, half the time for a head at
   * most, so that all come in time; else seconds.
   */
  long longestPollNanos(Fault fault) {
    return fault.percent() == 100 ? headNanos() / 2 : LONGEST_POLL_NANOS;
  }

  /** Returns the shortest time that an attempt has for its head, under any of the policies. */
  long headNanos() {
    return policies().stream()
        .mapToLong(each -> Math.min(each.retry().head().toNanos(), each.retry().total().toNanos()))
        .min()
        .orElseThrow();
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

  /** In two runs of three, with dice of their own. */
  private static List<Fault> ofMembers(Dice dice, int members, int backends, long healNanos) {
    List<Fault> faults = new ArrayList<>();
    for (int i = dice.percent(67) ? dice.between(1, 3) : 0; i > 0; i--) {
      Fault.Kind kind = dice.pick(OF_MEMBERS);
      long beginNanos = dice.between(500 * Agenda.MILLI, healNanos - 200 * Agenda.MILLI);
      long lastsNanos = dice.between(50, dice.pick(List.of(300, 3_000))) * Agenda.MILLI;
      if (kind == Fault.Kind.FREEZE && dice.percent(20)) {
        lastsNanos = dice.between(3, 30) * Agenda.SECOND; // Longer than all else.
      }
      boolean isLong = lastsNanos > 3 * Agenda.SECOND;
      long endNanos =
          isLong ? beginNanos + lastsNanos : Math.min(beginNanos + lastsNanos, healNanos);
      int target = dice.between(1, kind.strikesABackend() ? backends : members);
      if (members > 1 || !kind.strikesTheCluster()) {
        faults.add(new Fault(kind, target, beginNanos, endNanos, dice.between(1, members)));
      }
    }
    return faults;
  }

  /** In four runs of ten, with dice of their own. */
  private static List<Fault> ofWays(long seed, int members, int backends, long healNanos) {
    Dice dice = new Dice(seed * 15_485_863 + SALT_OF_WAYS);
    List<Fault> faults = new ArrayList<>();
    for (int i = dice.percent(40) ? dice.between(1, 4) : 0; i > 0; i--) {
      Fault.Kind kind = dice.pick(OF_WAYS);
      long beginNanos = dice.between(500 * Agenda.MILLI, healNanos - 200 * Agenda.MILLI);
      long lastsNanos = dice.between(50, dice.pick(List.of(300, 4_000))) * Agenda.MILLI;
      faults.add(
          new Fault(
              kind,
              dice.between(1, kind.strikesABackend() ? backends : members),
              beginNanos,
              Math.min(beginNanos + lastsNanos, healNanos),
              kind.liesBetween() ? dice.between(1, members) : dice.pick(List.of(30, 100))));
    }
    return faults;
  }

  private static PoolPolicy from(PoolPolicy policy, boolean named, boolean registered) {
    return registered ? policy.from(null, REGISTRATION) : named ? policy.from(NAME, null) : policy;
  }

  private static List<Fault> ofRegistrations(Dice dice, int members, int backends, long healNanos) {
    List<Fault> faults = new ArrayList<>();
    for (int i = dice.between(0, 3); i > 0; i--) {
      Fault.Kind kind = dice.pick(OF_REGISTRATIONS);
      int target = dice.between(1, kind.strikesABackend() ? backends : members);
      long beginNanos = dice.between(500 * Agenda.MILLI, healNanos - 200 * Agenda.MILLI);
      // Members are parted, or gone, for longer than leases last.
      boolean isLong = !kind.strikesABackend() && dice.percent(80);
      long lastsNanos =
          isLong ? dice.between(7, 14) * Agenda.SECOND : dice.between(200, 4_000) * Agenda.MILLI;
      long endNanos =
          isLong ? beginNanos + lastsNanos : Math.min(beginNanos + lastsNanos, healNanos);
      if (members > 1 || kind.strikesABackend()) {
        faults.add(new Fault(kind, target, beginNanos, endNanos, dice.percent(50) ? 100 : 30));
      }
    }
    return faults;
  }

  private static List<Fault> ofNames(Dice dice, long healNanos) {
    List<Fault> faults = new ArrayList<>();
    for (int i = dice.between(0, 3); i > 0; i--) {
      long beginNanos = dice.between(500 * Agenda.MILLI, healNanos - 200 * Agenda.MILLI);
      long endNanos = Math.min(beginNanos + dice.between(200, 4_000) * Agenda.MILLI, healNanos);
      faults.add(new Fault(dice.pick(OF_NAMES), 1, beginNanos, endNanos, 100));
    }
    return faults;
  }

  private static Duration millis(int millis) {
    return Duration.ofMillis(millis);
  }

  @Override
  public String toString() {
    return """
          %s, members %d, loops %d, weights %s, %d/s of %d clients, service %dms, net %dus, keep-alive %dms
          policy %s
          reloads %s
          faults %s, healed at %dms"""
        .formatted(
            registered ? "by registration" : named ? "by name" : "by file",
            members,
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
