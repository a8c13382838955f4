package dev.backline.balancer.sim;

import dev.backline.balancer.control.AdminCommand;
import dev.backline.balancer.control.Event;
import dev.backline.balancer.control.PoolPolicy;
import dev.backline.balancer.model.AdminState;
import dev.backline.balancer.model.Backend;
import dev.backline.balancer.model.BackendId;
import dev.backline.balancer.model.Headers;
import dev.backline.balancer.model.Outcome;
import dev.backline.balancer.model.RequestHead;
import dev.backline.balancer.retry.Step;
import dev.backline.balancer.route.Route;
import dev.backline.balancer.route.Router;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/**
 * Everything of one run: the member, its backends, the network between them, clients and faults.
 */
final class World implements SimulatedBackend.Ledger {
  static final long LONGEST_LAG_NANOS = 150 * Agenda.MILLI;

  private static final int PORT = 3000;

  final Options options;
  final Core core;
  final Agenda agenda;
  final Trace trace;
  final Census census = new Census();
  final Dice dice;
  final SimulatedNetwork network;
  final SimulatedMember member;
  final List<Check> checks = new ArrayList<>();
  private final Dice clients;
  private final Dice backendDice;
  private final Map<BackendId, SimulatedBackend> backends = new LinkedHashMap<>();
  private final List<SimulatedBackend> listed = new ArrayList<>();
  private final Map<SimulatedBackend, Long> listedNanos = new LinkedHashMap<>();
  private final Map<SimulatedBackend, Integer> unlisted = new LinkedHashMap<>();
  private final Map<SimulatedBackend, Integer> drained = new LinkedHashMap<>();
  private final Map<SimulatedBackend, Long> readyNanos = new LinkedHashMap<>();
  private PoolPolicy policy;
  private long reloadedNanos;
  private int reloads;
  private int bursts;
  private int begun;
  private int ended;
  private boolean healed;
  private boolean closed;

  World(Options options, Core core, List<Function<World, Check>> checks) {
    this.options = options;
    this.core = core;
    this.agenda = new Agenda(options.startNanos());
    this.trace = new Trace(agenda);
    this.dice = new Dice(options.seed() * 31 + 1);
    this.clients = dice.split();
    this.backendDice = dice.split();
    this.network = new SimulatedNetwork(agenda, dice.split(), options.netNanos());
    this.policy = options.policy();
    this.reloadedNanos = agenda.nowNanos();
    this.member = new SimulatedMember(this, dice.split());
    checks.forEach(check -> this.checks.add(check.apply(this)));
    for (int weight : options.weights()) {
      add(weight);
    }
    configure();
    list();
    options.faults().forEach(this::plan);
    agenda.after(options.healNanos() + Agenda.MILLI, this::heal);
    arrive();
  }

  // What is true, for checks.

  SimulatedBackend backend(BackendId id) {
    SimulatedBackend backend = backends.get(id);
    if (backend == null) {
      throw new AssertionError("no such backend: " + id);
    }
    return backend;
  }

  List<SimulatedBackend> listed() {
    return listed;
  }

  PoolPolicy policy() {
    return policy;
  }

  boolean isHealed() {
    return healed;
  }

  int begun() {
    return begun;
  }

  int ended() {
    return ended;
  }

  boolean isReady(SimulatedBackend backend) {
    return drained.getOrDefault(backend, 0) == 0;
  }

  /**
   * Returns since when nothing but its health could keep a backend from getting exchanges, or speak
   * against it: listed, ready, unchanged, and the member itself well and not reloaded.
   */
  long steadySinceNanos(SimulatedBackend backend) {
    long since = Math.max(backend.changedNanos(), network.localChangedNanos());
    since = Math.max(since, reloadedNanos);
    since = Math.max(since, listedNanos.getOrDefault(backend, agenda.nowNanos()));
    return Math.max(since, readyNanos.getOrDefault(backend, Long.MIN_VALUE));
  }

  // What happens.

  void noteOutcome(SimulatedExchange exchange, String backend, Outcome outcome) {
    String kind = outcome.getClass().getSimpleName();
    census.count("outcome", kind);
    trace.note("outcome", exchange.number, backend, kind.hashCode(), outcome);
  }

  void noteStep(SimulatedExchange exchange, Step step) {
    String kind = step.getClass().getSimpleName();
    if (step instanceof Step.GiveUp giveUp) {
      kind += " " + giveUp.status();
    }
    census.count("step", kind);
    trace.note("step", exchange.number, "", kind.hashCode(), step);
  }

  void noteEnd(SimulatedExchange exchange, SimulatedExchange.Fate fate, int status, boolean again) {
    ended += again ? 0 : 1;
    census.count("fate", fate.name());
    trace.note("end", exchange.number, "", status, fate + " " + status);
    checks.forEach(check -> check.onEnd(exchange, fate, again));
  }

  @Override
  public void onExecuted(SimulatedBackend backend, SimulatedExchange exchange) {
    trace.note("executes", exchange.number, backend.name(), 2, exchange.head.method());
    checks.forEach(check -> check.onExecuted(backend, exchange));
  }

  /** No more exchanges begin. */
  void close() {
    closed = true;
  }

  private SimulatedBackend add(int weight) {
    int number = backends.size() + 1;
    BackendId id = new BackendId("10.0.0." + number, PORT);
    SimulatedBackend backend =
        new SimulatedBackend(
            number,
            new Backend(id, "b" + number, weight),
            agenda,
            network,
            backendDice.split(),
            this,
            options.serviceNanos());
    backends.put(id, backend);
    listed.add(backend);
    // Backends start beside the member, some of them slowly.
    agenda.after(backendDice.between(0, 400 * Agenda.MILLI), backend::start);
    return backend;
  }

  private void list() {
    List<Backend> all = new ArrayList<>();
    for (SimulatedBackend backend : listed) {
      all.add(backend.backend);
      listedNanos.putIfAbsent(backend, agenda.nowNanos());
    }
    listedNanos.keySet().removeIf(backend -> !listed.contains(backend));
    member.emit(new Event.BackendsListed(Options.POOL, all));
  }

  private void configure() {
    reloadedNanos = agenda.nowNanos();
    Router router = new Router(List.of(new Route(Route.ANY_HOST, "/", Options.POOL)));
    member.emit(new Event.ConfigReplaced(List.of(policy), router));
  }

  private void arrive() {
    long perSecond = (long) options.perSecond() * (bursts > 0 ? 8 : 1);
    agenda.after(
        clients.untilNextNanos(Agenda.SECOND / perSecond),
        () -> {
          if (!closed) {
            begin();
            arrive();
          }
        });
  }

  private void begin() {
    String method =
        clients.pick(
            List.of("GET", "GET", "GET", "GET", "GET", "HEAD", "PUT", "DELETE", "POST", "POST"));
    String client = "192.0.2." + clients.between(1, options.clients());
    RequestHead head = new RequestHead(method, "site.example", "/", client, Headers.NONE);
    SimulatedLoop loop = clients.pick(member.loops());
    // Only bodies can be too large to be kept.
    boolean replayable = clients.percent(93) || head.isSafe();
    SimulatedExchange exchange = new SimulatedExchange(this, loop, ++begun, head, replayable);
    if (clients.percent(2)) {
      long patienceNanos = clients.between(0, clients.percent(50) ? 10 : 500) * Agenda.MILLI;
      agenda.after(patienceNanos, exchange::onClientGone);
    }
    exchange.start();
  }

  // Faults.

  private void plan(Fault fault) {
    agenda.after(fault.beginNanos(), () -> begin(fault));
  }

  private void begin(Fault fault) {
    census.count("fault", fault.kind().name());
    trace.note("fault", -1, "b" + fault.target(), "begins: " + fault);
    SimulatedBackend target = List.copyOf(backends.values()).get(fault.target() - 1);
    long lastsNanos = fault.endNanos() - fault.beginNanos();
    switch (fault.kind()) {
      case KILL, VANISH, PARTITION, HANG, SLOW, ERRORS, LYING_ERRORS, RESETS, TRUNCATIONS -> {
        target.strike(fault.kind(), fault.percent());
        until(fault, () -> target.heal(fault.kind()));
      }
      case FLAP -> flap(target, agenda.nowNanos() + lastsNanos);
      case DRAIN -> {
        target.strike(Fault.Kind.DRAIN, fault.percent());
        agenda.after(lastsNanos / 2, target::stop);
        agenda.after(lastsNanos * 3 / 4, target::end);
        until(fault, target::restart);
      }
      case UNLIST -> {
        unlisted.merge(target, 1, Integer::sum);
        listed.remove(target);
        list();
        until(
            fault,
            () -> {
              if (unlisted.merge(target, -1, Integer::sum) == 0) {
                listed.add(target);
              }
              list();
            });
      }
      case ADD -> {
        add(clients.between(1, 3));
        list();
      }
      case WISH -> {
        drained.merge(target, 1, Integer::sum);
        AdminState wish = dice.percent(50) ? AdminState.DRAIN : AdminState.MAINTENANCE;
        wish(target, wish);
        until(
            fault,
            () -> {
              if (drained.merge(target, -1, Integer::sum) == 0) {
                readyNanos.put(target, agenda.nowNanos());
                wish(target, AdminState.READY);
              }
            });
      }
      case RELOAD -> {
        policy = options.reloaded().get(reloads++);
        configure();
      }
      case LOCAL -> {
        network.strikeLocally();
        until(fault, network::healLocally);
      }
      case BURST -> {
        bursts++;
        until(fault, () -> bursts--);
      }
      case CONTROL_LAG -> {
        member.lag(true);
        until(fault, () -> member.lag(false));
      }
      case STANDSTILL -> member.standStill(lastsNanos);
    }
  }

  private void until(Fault fault, Runnable end) {
    agenda.after(
        fault.endNanos() - fault.beginNanos(),
        () -> {
          trace.note("fault", -1, "b" + fault.target(), "ends: " + fault);
          end.run();
        });
  }

  private void flap(SimulatedBackend target, long untilNanos) {
    if (agenda.nowNanos() >= untilNanos) {
      return;
    }
    target.strike(Fault.Kind.FLAP, 100);
    long leftNanos = untilNanos - agenda.nowNanos();
    long downNanos = Math.min(leftNanos, dice.between(20, 300) * Agenda.MILLI);
    agenda.after(
        downNanos,
        () -> {
          target.heal(Fault.Kind.FLAP);
          agenda.after(dice.between(20, 300) * Agenda.MILLI, () -> flap(target, untilNanos));
        });
  }

  private void wish(SimulatedBackend target, AdminState state) {
    AdminCommand command = new AdminCommand.SetState(Options.POOL, target.backend.id(), state);
    member.emit(new Event.AdminCommanded(command));
  }

  private void heal() {
    trace.note("healed", -1, "", "all faults are over");
    // An unlisted backend forgets an operator's wish; say again what holds for all.
    listed.forEach(backend -> wish(backend, AdminState.READY));
    healed = true;
    checks.forEach(Check::onHealed);
  }
}
