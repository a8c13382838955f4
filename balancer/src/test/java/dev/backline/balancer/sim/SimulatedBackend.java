package dev.backline.balancer.sim;

import dev.backline.balancer.health.ProbeResult;
import dev.backline.balancer.model.Backend;
import dev.backline.balancer.model.Cause;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A backend: an application with a ledger of what it executed, and all the ways to misbehave.
 *
 * <p>Faults nest: each is a count, and is over when all that began it have ended.
 */
final class SimulatedBackend {
  /** Whoever wants to know what it really executed. */
  interface Ledger {
    void onExecuted(SimulatedBackend backend, SimulatedExchange exchange);
  }

  private record Request(Link link, SimulatedExchange exchange) {}

  private static final int HEALTH_SHARE = 10;
  private static final int SLOW_HEALTH = 20;
  private static final int SLOWER = 40;

  final int number;
  final Backend backend;
  private final Agenda agenda;
  private final SimulatedNetwork network;
  private final Dice dice;
  private final Ledger ledger;
  private final long serviceNanos;
  private final int healthStatus;
  private final long healthNanos;
  private final List<Link> links = new ArrayList<>();
  private final List<Request> stopped = new ArrayList<>();
  private final List<Runnable> held = new ArrayList<>();

  private int life = 1;
  private int dead = 1;
  private int vanished;
  private int partitioned;
  private int hung;
  private int slow;
  private int errors;
  private int lyingErrors;
  private int lyingHealth;
  private int resets;
  private int truncations;
  private int draining;
  private int stopping;
  private int reordered;
  private int polling;
  private int percent = 100;
  private int pollPercent;
  private long longestPollNanos;

  private long changedNanos;
  private boolean everStruck;
  private long everPolledNanos;

  SimulatedBackend(
      int number,
      Backend backend,
      Agenda agenda,
      SimulatedNetwork network,
      Dice dice,
      Ledger ledger,
      long serviceNanos) {
    this.number = number;
    this.backend = backend;
    this.agenda = agenda;
    this.network = network;
    this.dice = dice;
    this.ledger = ledger;
    this.serviceNanos = serviceNanos;
    // Some applications have no health page.
    this.healthStatus = dice.percent(HEALTH_SHARE) ? 404 : 200;
    this.healthNanos =
        dice.percent(SLOW_HEALTH)
            ? dice.between(20, 40) * Agenda.MILLI
            : serviceNanos / HEALTH_SHARE;
    this.changedNanos = agenda.nowNanos();
  }

  String name() {
    return backend.name();
  }

  int life() {
    return life;
  }

  // What is true of it, for checkers.

  /** Returns whether nothing at all is wrong with it or the way to it. */
  boolean isWell() {
    return isReachable()
        && dead + hung + slow + errors + lyingErrors + resets + truncations + reordered == 0
        && lyingHealth + draining + stopping == 0;
  }

  /** Returns whether its process is there, and goes on. */
  boolean runs() {
    return dead + hung == 0;
  }

  /** Returns whether no connect can succeed. */
  boolean isGone() {
    return !isReachable() || dead + stopping > 0;
  }

  /** Returns whether nothing that is sent to it is answered, its health page neither. */
  boolean isSilent() {
    return isGone() || hung > 0;
  }

  boolean isReachable() {
    return vanished + partitioned == 0;
  }

  /** Returns when something of all this changed last. */
  long changedNanos() {
    return changedNanos;
  }

  /** Returns whether anything was ever wrong with it. */
  boolean wasEverStruck() {
    return everStruck;
  }

  /** Returns the longest time that it ever took for answers on purpose. */
  long everPolledNanos() {
    return everPolledNanos;
  }

  /** Returns whether what is sent to it and by it takes any time. */
  boolean isReordered() {
    return reordered > 0;
  }

  /** Returns whether what is wrong with it, if anything, is so each time that it is asked. */
  boolean isConstant() {
    return slow + reordered + resets == 0;
  }

  // What happens to it.

  void start() {
    dead--;
    changedNanos = agenda.nowNanos();
  }

  void strike(Fault.Kind kind, int strength) {
    everStruck = true;
    changedNanos = agenda.nowNanos();
    percent = strength;
    switch (kind) {
      case KILL, FLAP -> die(true);
      case VANISH -> {
        vanished++;
        die(false);
      }
      case PARTITION -> partitioned++;
      case HANG -> hung++;
      case SLOW -> slow++;
      case ERRORS -> errors++;
      case LYING_ERRORS -> lyingErrors++;
      case LYING_HEALTH -> lyingHealth++;
      case RESETS -> resets++;
      case TRUNCATIONS -> truncations++;
      case DRAIN, DRAIN_CALLED_OFF -> draining++;
      case REORDER -> reordered++;
      default -> throw new AssertionError(kind);
    }
  }

  void heal(Fault.Kind kind) {
    changedNanos = agenda.nowNanos();
    switch (kind) {
      case KILL, FLAP -> dead--;
      case VANISH -> {
        vanished--;
        dead--;
      }
      case PARTITION -> {
        partitioned--;
        goOn();
      }
      case HANG -> {
        hung--;
        goOn();
      }
      case SLOW -> slow--;
      case ERRORS -> errors--;
      case LYING_ERRORS -> lyingErrors--;
      case LYING_HEALTH -> lyingHealth--;
      case DRAIN_CALLED_OFF -> draining--;
      case RESETS -> resets--;
      case TRUNCATIONS -> truncations--;
      case REORDER -> reordered--;
      default -> throw new AssertionError(kind);
    }
  }

  /** It answers so many of the safe requests late, on purpose: nothing is wrong with it. */
  void poll(int percent, long longestNanos) {
    changedNanos = agenda.nowNanos();
    polling++;
    pollPercent = percent;
    longestPollNanos = longestNanos;
    everPolledNanos = Math.max(everPolledNanos, longestNanos);
  }

  void pollNoMore() {
    changedNanos = agenda.nowNanos();
    polling--;
  }

  /** The announced stop: no more connects, those that rest close, what is in flight finishes. */
  void stop() {
    changedNanos = agenda.nowNanos();
    stopping++;
    for (Link link : List.copyOf(links)) {
      if (link.listener == null) {
        breakOff(link);
      }
    }
  }

  /** The end of a stop; restarted at once or later with {@link #restart}. */
  void end() {
    die(true);
  }

  void restart() {
    changedNanos = agenda.nowNanos();
    draining--;
    stopping--;
    dead--;
  }

  // What it does.

  @Nullable Link accept(SimulatedLoop loop) {
    if (dead + stopping > 0) {
      return null;
    }
    Link link = new Link(loop, this);
    links.add(link);
    return link;
  }

  /** Something arrives over a link: after a partition, if there is one. */
  void receive(Link link, SimulatedExchange exchange) {
    if (partitioned > 0
        || network.isCut(link.loop.member(), this, SimulatedNetwork.Way.TO_BACKEND)) {
      held.add(() -> receive(link, exchange));
      return;
    }
    if (vanished > 0) {
      return;
    }
    if (link.life != life || dead > 0 || link.closedByBackend) {
      network.resetToMember(link, () -> onReset(link));
      return;
    }
    if (hung > 0) {
      stopped.add(new Request(link, exchange));
      return;
    }
    execute(link, exchange);
  }

  /** The member closed it; what runs for it runs on. */
  void forget(Link link) {
    links.remove(link);
  }

  /** Returns what a probe that reaches it brings; {@code null} if nothing comes in time. */
  @Nullable ProbeResult probe(long timeoutNanos) {
    if (dead + stopping > 0) {
      return ProbeResult.failed(Cause.REFUSED);
    }
    if (hung > 0) {
      return null;
    }
    long nanos = healthNanos / 2 + dice.between(0, healthNanos);
    nanos = slow > 0 ? nanos * SLOWER : nanos;
    if (nanos > timeoutNanos) {
      return null;
    }
    if (draining > 0) {
      return ProbeResult.of(503, true, nanos);
    }
    return ProbeResult.of(errors + lyingHealth > 0 ? 500 : healthStatus, false, nanos);
  }

  private void execute(Link link, SimulatedExchange exchange) {
    ledger.onExecuted(this, exchange);
    boolean resets = this.resets > 0 && dice.percent(percent);
    boolean bad = errors > 0 || (lyingErrors > 0 && dice.percent(percent));
    boolean truncates = truncations > 0 && dice.percent(percent);
    long nanos =
        polling > 0 && exchange.head.isSafe() && dice.percent(pollPercent)
            ? dice.between(longestPollNanos / 4, longestPollNanos)
            : serviceNanos();
    agenda.after(nanos, () -> answer(link, resets, bad ? 500 : 200, truncates));
  }

  private void answer(Link link, boolean resets, int status, boolean truncates) {
    if (link.life != life || link.closedByBackend) {
      return;
    }
    if (isHeldUp(link)) {
      held.add(() -> answer(link, resets, status, truncates));
      return;
    }
    if (resets) {
      breakOff(link);
      return;
    }
    boolean last = draining > 0;
    network.toMember(
        link,
        () -> {
          if (link.listener != null) {
            link.listener.onHead(status, last);
          }
        });
    agenda.after(dice.between(0, 2 * Agenda.MILLI), () -> finish(link, truncates));
  }

  private void finish(Link link, boolean truncates) {
    if (link.life != life || link.closedByBackend) {
      return;
    }
    if (isHeldUp(link)) {
      held.add(() -> finish(link, truncates));
      return;
    }
    if (truncates) {
      breakOff(link);
      return;
    }
    network.toMember(
        link,
        () -> {
          if (link.listener != null) {
            link.listener.onEnd();
          }
        });
  }

  private boolean isHeldUp(Link link) {
    return partitioned > 0
        || hung > 0
        || network.isCut(link.loop.member(), this, SimulatedNetwork.Way.TO_MEMBER);
  }

  /** What could not go on may now, or tries in vain. */
  void goOn() {
    if (partitioned + hung > 0) {
      return;
    }
    List<Runnable> now = List.copyOf(held);
    held.clear();
    now.forEach(Runnable::run);
    List<Request> requests = List.copyOf(stopped);
    stopped.clear();
    for (Request request : requests) {
      // The member may have closed the connection long ago: it is read and run all the same.
      if (request.link().life == life && dead == 0) {
        execute(request.link(), request.exchange());
      }
    }
  }

  private void die(boolean seen) {
    dead++;
    life++;
    stopped.clear();
    List<Link> broken = List.copyOf(links);
    links.clear();
    if (seen) {
      broken.forEach(link -> network.resetToMember(link, () -> onReset(link)));
    }
  }

  private void breakOff(Link link) {
    link.closedByBackend = true;
    links.remove(link);
    network.resetToMember(link, () -> onReset(link));
  }

  private void onReset(Link link) {
    if (link.open) {
      link.open = false;
      links.remove(link);
      if (link.listener != null) {
        link.listener.onBroken();
      }
    }
  }

  private long serviceNanos() {
    long nanos = serviceNanos / 2 + dice.between(0, serviceNanos);
    return slow > 0 ? nanos * SLOWER : nanos;
  }
}
