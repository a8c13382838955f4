package dev.backline.balancer.sim;

import dev.backline.balancer.control.AdminCommand;
import dev.backline.balancer.control.Effect;
import dev.backline.balancer.control.Event;
import dev.backline.balancer.control.NameAnswer;
import dev.backline.balancer.control.PoolPolicy;
import dev.backline.balancer.control.Registrar;
import dev.backline.balancer.model.AdminState;
import dev.backline.balancer.model.Backend;
import dev.backline.balancer.model.BackendId;
import dev.backline.balancer.model.Headers;
import dev.backline.balancer.model.MemberId;
import dev.backline.balancer.model.Outcome;
import dev.backline.balancer.model.Registration;
import dev.backline.balancer.model.RequestHead;
import dev.backline.balancer.retry.Step;
import dev.backline.balancer.route.Route;
import dev.backline.balancer.route.Router;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Everything of one run: the member, its backends, the network between them, clients and faults.
 */
final class World implements SimulatedBackend.Ledger {
  static final long LONGEST_LAG_NANOS = 150 * Agenda.MILLI;

  private static final int PORT = 3000;
  private static final long CHECK_NANOS = 20 * Agenda.MILLI;
  static final long LOOK_UP_NANOS = Agenda.SECOND;
  private static final List<SimulatedNetwork.Way> THERE = List.of(SimulatedNetwork.Way.TO_BACKEND);
  private static final List<SimulatedNetwork.Way> BACK = List.of(SimulatedNetwork.Way.TO_MEMBER);
  private static final List<SimulatedNetwork.Way> BOTH_WAYS =
      List.of(SimulatedNetwork.Way.values());

  final Options options;
  final Core core;
  final Agenda agenda;
  final Trace trace;
  final Census census = new Census();
  final Dice dice;
  final SimulatedNetwork network;
  final SimulatedCluster cluster;
  private final Map<Integer, SimulatedMember> members = new LinkedHashMap<>();
  private int lives;
  private int nameFails;
  private int nameEmpty;
  private int nameFlaps;
  final List<Check> checks = new ArrayList<>();
  private final Dice clients;
  private final Dice backendDice;
  private final Map<BackendId, SimulatedBackend> backends = new LinkedHashMap<>();
  private final List<SimulatedBackend> listed = new ArrayList<>();
  private final Map<SimulatedBackend, Long> listedNanos = new LinkedHashMap<>();
  private final Map<SimulatedBackend, Integer> unlisted = new LinkedHashMap<>();
  private final Map<SimulatedBackend, Integer> drained = new LinkedHashMap<>();
  private final Map<SimulatedBackend, Long> readyNanos = new LinkedHashMap<>();

  private record Offered(Registrar.Offer offer, Consumer<Registrar.Answer> onAnswer) {}

  private final Map<SimulatedBackend, SimulatedRegistrant> registrants = new LinkedHashMap<>();
  private final Map<Long, Offered> offers = new LinkedHashMap<>();
  private final Map<MemberId, SimulatedFile> files = new LinkedHashMap<>();
  private final Set<SimulatedBackend> left = new LinkedHashSet<>();
  private long tickets;
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
    this.cluster = new SimulatedCluster(this, dice.split());
    checks.forEach(check -> this.checks.add(check.apply(this)));
    for (int weight : options.weights()) {
      add(weight);
    }
    reloadedNanos = agenda.nowNanos();
    for (int number = 1; number <= options.members(); number++) {
      start(number);
    }
    noteListed();
    agenda.after(CHECK_NANOS, this::check);
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

  /** Returns those that live, in the order of their numbers. */
  List<SimulatedMember> members() {
    return List.copyOf(members.values());
  }

  List<SimulatedLoop> loops() {
    return members.values().stream().flatMap(member -> member.loops().stream()).toList();
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
  long steadySinceNanos(SimulatedMember member, SimulatedBackend backend) {
    long own = Math.max(member.beganNanos(), network.cutChangedNanos(member, backend));
    if (options.registered()) {
      own = Math.max(own, member.listedNanos(backend.backend.id()));
    }
    own = Math.max(own, network.localChangedNanos(member, backend));
    return Math.max(own, steadySinceNanos(backend));
  }

  private long steadySinceNanos(SimulatedBackend backend) {
    long since = Math.max(backend.changedNanos(), reloadedNanos);
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
    if (options.registered()) {
      registrants.put(backend, new SimulatedRegistrant(this, backend, backendDice.split()));
    }
    return backend;
  }

  private void onRegistrant(SimulatedBackend backend, Consumer<SimulatedRegistrant> action) {
    SimulatedRegistrant registrant = registrants.get(backend);
    if (registrant != null) {
      action.accept(registrant);
    }
  }

  /** A backend's word arrives at a member. */
  void offer(SimulatedMember to, Registrar.Offer offer, Consumer<Registrar.Answer> onAnswer) {
    if (!to.isDead()) {
      offers.put(++tickets, new Offered(offer, onAnswer));
      to.emit(new Event.RegistrationOffered(tickets, offer));
    }
  }

  void answer(SimulatedMember member, Effect.AnswerOffer answer) {
    Offered offered = offers.remove(answer.ticket());
    if (offered == null) {
      throw new AssertionError("answered, but not offered: " + answer);
    }
    census.count("answer", answer.answer().getClass().getSimpleName());
    Registration word = offered.offer().registration();
    checks.forEach(check -> check.onAnswered(member, word, answer.answer()));
    offered.onAnswer().accept(answer.answer());
  }

  /** Only where backends register there is something to be kept. */
  void keep(SimulatedMember member, Effect.Keep keep) {
    if (options.registered()) {
      file(member.name()).keep(member, keep);
    }
  }

  private SimulatedFile file(MemberId member) {
    return files.computeIfAbsent(member, name -> new SimulatedFile(agenda, backendDice.split()));
  }

  /** A file is read at once, a name at the next look-up. */
  private void list() {
    noteListed();
    if (!options.named() && !options.registered()) {
      members.values().forEach(this::list);
    }
  }

  private void lookUp(SimulatedMember member) {
    if (!member.isDead()) {
      member.emit(new Event.NameAnswered(Options.POOL, Options.NAME, answer()));
      agenda.after(LOOK_UP_NANOS, () -> lookUp(member));
    }
  }

  private NameAnswer answer() {
    List<SimulatedBackend> there = new ArrayList<>(listed);
    if (nameFails > 0) {
      return new NameAnswer.Failed("nobody answers");
    }
    if (nameFlaps > 0 && dice.percent(50) && !there.isEmpty()) {
      SimulatedBackend lacking = there.remove(dice.between(0, there.size() - 1));
      listedNanos.put(lacking, agenda.nowNanos() + 2 * LOOK_UP_NANOS);
    }
    if (nameEmpty > 0 || there.isEmpty()) {
      // Those that are out are forgotten at once.
      listed.forEach(backend -> listedNanos.put(backend, agenda.nowNanos() + 2 * LOOK_UP_NANOS));
      return new NameAnswer.Nothing("no addresses");
    }
    return new NameAnswer.Listed(there.stream().map(backend -> backend.backend).toList());
  }

  private void noteListed() {
    for (SimulatedBackend backend : listed) {
      listedNanos.putIfAbsent(
          backend, agenda.nowNanos() + (options.named() ? 2 * LOOK_UP_NANOS : 0));
    }
    listedNanos.keySet().removeIf(backend -> !listed.contains(backend));
  }

  private void list(SimulatedMember member) {
    List<Backend> all = listed.stream().map(backend -> backend.backend).toList();
    member.emit(new Event.BackendsListed(Options.POOL, all));
  }

  private void configure() {
    reloadedNanos = agenda.nowNanos();
    members.values().forEach(this::configure);
  }

  private void configure(SimulatedMember member) {
    Router router = new Router(List.of(new Route(Route.ANY_HOST, "/", Options.POOL)));
    member.emit(new Event.ConfigReplaced(List.of(policy), router));
  }

  /** A member begins a life: it reads its configuration, and joins the others. */
  private void start(int number) {
    MemberId name = new MemberId("m" + number);
    SimulatedMember member = new SimulatedMember(this, name, ++lives, dice.split());
    members.put(number, member);
    configure(member);
    if (options.registered()) {
      file(name).recalled().forEach(member::emit);
    } else if (options.named()) {
      lookUp(member);
    } else {
      list(member);
    }
    drained.forEach(
        (backend, times) -> {
          if (times > 0) {
            wish(member, backend, AdminState.DRAIN);
          }
        });
    member.peers().join();
  }

  private void check() {
    checks.forEach(Check::onTick);
    agenda.after(CHECK_NANOS, this::check);
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
    SimulatedLoop loop = clients.pick(loops());
    // Only bodies can be too large to be kept.
    boolean replayable = clients.percent(93) || head.isSafe();
    int number = ++begun;
    long patienceNanos =
        clients.percent(2)
            ? clients.between(0, clients.percent(50) ? 10 : 500) * Agenda.MILLI
            : Long.MAX_VALUE;
    loop.thread.read(() -> begin(loop, number, head, replayable, patienceNanos));
  }

  private void begin(
      SimulatedLoop loop, int number, RequestHead head, boolean replayable, long patienceNanos) {
    SimulatedExchange exchange = new SimulatedExchange(this, loop, number, head, replayable);
    if (patienceNanos < Long.MAX_VALUE) {
      agenda.after(patienceNanos, () -> loop.thread.read(exchange::onClientGone));
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
    int number = Math.min(fault.target(), backends.size());
    SimulatedBackend target = List.copyOf(backends.values()).get(number - 1);
    long lastsNanos = fault.endNanos() - fault.beginNanos();
    switch (fault.kind()) {
      case KILL,
          VANISH,
          PARTITION,
          HANG,
          SLOW,
          ERRORS,
          LYING_ERRORS,
          RESETS,
          TRUNCATIONS,
          REORDER,
          LYING_HEALTH,
          DRAIN_CALLED_OFF -> {
        target.strike(fault.kind(), fault.percent());
        until(fault, () -> target.heal(fault.kind()));
      }
      case FLAP -> flap(target, agenda.nowNanos() + lastsNanos);
      case DRAIN -> {
        target.strike(Fault.Kind.DRAIN, fault.percent());
        agenda.after(
            lastsNanos / 2,
            () -> {
              onRegistrant(target, SimulatedRegistrant::withdraw);
              target.stop();
            });
        agenda.after(lastsNanos * 3 / 4, target::end);
        until(fault, target::restart);
      }
      case UNLIST -> {
        unlisted.merge(target, 1, Integer::sum);
        listed.remove(target);
        list();
        onRegistrant(target, SimulatedRegistrant::withdraw);
        until(
            fault,
            () -> {
              if (unlisted.merge(target, -1, Integer::sum) == 0 && !left.contains(target)) {
                listed.add(target);
                onRegistrant(target, SimulatedRegistrant::comeBack);
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
        SimulatedMember member = member(fault);
        if (member != null) {
          member.lag(true);
          until(fault, () -> member.lag(false));
        }
      }
      case STANDSTILL -> onMember(fault, member -> member.thread.standStill(lastsNanos));
      case FREEZE -> onMember(fault, member -> member.freeze(lastsNanos));
      case LOOP_LAG -> onMember(fault, member -> lag(member, agenda.nowNanos() + lastsNanos));
      case MEMBER_KILL -> end(fault, SimulatedMember::die);
      case MEMBER_STOP -> end(fault, SimulatedMember::leave);
      case LEAVE -> {
        if (listed.size() > 1 && listed.remove(target)) {
          left.add(target);
          if (fault.percent() == 100) {
            onRegistrant(target, SimulatedRegistrant::withdraw);
          }
          onRegistrant(target, SimulatedRegistrant::leave);
          target.strike(Fault.Kind.KILL, fault.percent());
          noteListed();
        }
      }
      case CUT -> cut("m" + fault.percent(), List.of(target), BOTH_WAYS, fault);
      case CUT_ALL -> cut("m" + fault.target(), List.copyOf(backends.values()), BOTH_WAYS, fault);
      case CUT_ANSWERS -> cut("m" + fault.percent(), List.of(target), BACK, fault);
      case CUT_REQUESTS -> cut("m" + fault.percent(), List.of(target), THERE, fault);
      case LONG_POLL -> {
        target.poll(fault.percent(), options.longestPollNanos(fault));
        until(fault, target::pollNoMore);
      }
      case NO_PORTS -> {
        network.usePorts("m" + fault.percent(), target, true);
        until(fault, () -> network.usePorts("m" + fault.percent(), target, false));
      }
      case INTERLEAVING ->
          onMember(
              fault,
              member -> {
                member.interleave(true);
                until(fault, () -> member.interleave(false));
              });
      case SPLIT -> {
        cluster.split(fault.target());
        until(fault, cluster::merge);
      }
      case LOSS -> {
        cluster.lose(true);
        until(fault, () -> cluster.lose(false));
      }
      case CLUSTER_STALL -> {
        cluster.stall(true);
        until(fault, () -> cluster.stall(false));
      }
      case NAME_FAILS -> {
        nameFails++;
        until(fault, () -> nameFails--);
      }
      case NAME_EMPTY -> {
        nameEmpty++;
        until(fault, () -> nameEmpty--);
      }
      case NAME_FLAPS -> {
        nameFlaps++;
        until(fault, () -> nameFlaps--);
      }
    }
  }

  /** Where the fault says which member it strikes, that; else the first. */
  private @Nullable SimulatedMember member(Fault fault) {
    return members.get(Math.min(fault.target(), options.members()));
  }

  private void onMember(Fault fault, Consumer<SimulatedMember> strike) {
    SimulatedMember member = member(fault);
    if (member != null) {
      strike.accept(member);
    }
  }

  private void end(Fault fault, Consumer<SimulatedMember> end) {
    int number = Math.min(fault.target(), options.members());
    SimulatedMember member = members.get(number);
    if (member == null || members.size() == 1) {
      return; // It is dead already; and somebody must be left for clients to go to.
    }
    members.remove(number);
    end.accept(member);
    until(fault, () -> start(number));
  }

  private void cut(
      String member, List<SimulatedBackend> from, List<SimulatedNetwork.Way> ways, Fault fault) {
    cut(member, from, ways, true);
    until(fault, () -> cut(member, from, ways, false));
  }

  private void cut(
      String member, List<SimulatedBackend> from, List<SimulatedNetwork.Way> ways, boolean cuts) {
    from.forEach(backend -> ways.forEach(way -> network.cut(member, backend, way, cuts)));
  }

  private void lag(SimulatedMember member, long untilNanos) {
    if (agenda.nowNanos() < untilNanos && !member.isDead()) {
      SimulatedLoop loop = dice.pick(member.loops());
      long nanos = dice.between(5, 95) * Agenda.MILLI;
      loop.thread.standStill(nanos);
      agenda.after(nanos + dice.between(5, 50) * Agenda.MILLI, () -> lag(member, untilNanos));
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
    members.values().forEach(member -> wish(member, target, state));
  }

  private static void wish(SimulatedMember member, SimulatedBackend target, AdminState state) {
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
