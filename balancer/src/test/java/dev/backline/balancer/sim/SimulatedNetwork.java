package dev.backline.balancer.sim;

import dev.backline.balancer.health.ProbeResult;
import dev.backline.balancer.model.Cause;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** What lies between the member and its backends: time, and ways to fail. */
final class SimulatedNetwork {
  private static final Cause[] LOCAL = {
    Cause.NO_DESCRIPTORS, Cause.NO_LOCAL_ADDRESS, Cause.NO_BUFFERS, Cause.FORBIDDEN
  };

  /** The longest that a message takes while others overtake it. */
  static final long REORDERED_NANOS = 150 * Agenda.MILLI;

  private final Agenda agenda;
  private final Dice dice;
  private final long longestNanos;
  private final Map<Cut, Integer> cuts = new LinkedHashMap<>();
  private final Map<Pair, Long> cutChangedNanos = new LinkedHashMap<>();
  private final Map<Pair, Integer> withoutPorts = new LinkedHashMap<>();
  private final Map<Pair, Long> portsChangedNanos = new LinkedHashMap<>();
  private int localFaults;
  private long localChangedNanos;

  SimulatedNetwork(Agenda agenda, Dice dice, long longestNanos) {
    this.agenda = agenda;
    this.dice = dice;
    this.longestNanos = longestNanos;
    this.localChangedNanos = agenda.nowNanos();
  }

  /** What is sent from one to the other. */
  enum Way {
    TO_BACKEND,
    TO_MEMBER
  }

  /** A member's name and the number of a backend. */
  private record Pair(String member, int backend) {
    static Pair of(SimulatedMember member, SimulatedBackend backend) {
      return new Pair(member.toString(), backend.number);
    }
  }

  private record Cut(Pair pair, Way way) {}

  /** Nothing gets through on that way; what was sent arrives when it heals. */
  void cut(String member, SimulatedBackend backend, Way way, boolean cuts) {
    Pair pair = new Pair(member, backend.number);
    this.cuts.merge(new Cut(pair, way), cuts ? 1 : -1, Integer::sum);
    cutChangedNanos.put(pair, agenda.nowNanos());
    if (!cuts) {
      backend.goOn();
    }
  }

  /** Returns whether nothing gets through on one of the ways: then no connect succeeds. */
  boolean isCut(SimulatedMember member, SimulatedBackend backend) {
    return isCut(member, backend, Way.TO_BACKEND) || isCut(member, backend, Way.TO_MEMBER);
  }

  boolean isCut(SimulatedMember member, SimulatedBackend backend, Way way) {
    return cuts.getOrDefault(new Cut(Pair.of(member, backend), way), 0) > 0;
  }

  boolean wasEverCut(SimulatedMember member, SimulatedBackend backend) {
    return cutChangedNanos.containsKey(Pair.of(member, backend));
  }

  long cutChangedNanos(SimulatedMember member, SimulatedBackend backend) {
    return cutChangedNanos.getOrDefault(Pair.of(member, backend), Long.MIN_VALUE);
  }

  private boolean isReachable(SimulatedMember member, SimulatedBackend backend) {
    return backend.isReachable() && !isCut(member, backend);
  }

  /** No connect to the backend gets a port, from now on or no longer. */
  void usePorts(String member, SimulatedBackend backend, boolean used) {
    Pair pair = new Pair(member, backend.number);
    withoutPorts.merge(pair, used ? 1 : -1, Integer::sum);
    portsChangedNanos.put(pair, agenda.nowNanos());
  }

  boolean hadEverNoPorts(SimulatedMember member, SimulatedBackend backend) {
    return portsChangedNanos.containsKey(Pair.of(member, backend));
  }

  /** The member itself fails, half of the time. */
  void strikeLocally() {
    localFaults++;
    localChangedNanos = agenda.nowNanos();
  }

  void healLocally() {
    localFaults--;
    localChangedNanos = agenda.nowNanos();
  }

  /** Returns whether connects of this member to this backend can be made at all. */
  boolean isLocallyWell(SimulatedMember member, SimulatedBackend backend) {
    return localFaults == 0 && hasPorts(member, backend);
  }

  private boolean hasPorts(SimulatedMember member, SimulatedBackend backend) {
    return withoutPorts.getOrDefault(Pair.of(member, backend), 0) == 0;
  }

  long localChangedNanos(SimulatedMember member, SimulatedBackend backend) {
    Pair pair = Pair.of(member, backend);
    return Math.max(localChangedNanos, portsChangedNanos.getOrDefault(pair, Long.MIN_VALUE));
  }

  /** Returns why a connect fails here, before anything is sent. */
  private @Nullable Cause localCause(SimulatedMember member, SimulatedBackend backend) {
    if (localFaults > 0 && dice.percent(50)) {
      return LOCAL[dice.between(0, LOCAL.length - 1)];
    }
    return hasPorts(member, backend) ? null : Cause.NO_LOCAL_ADDRESS;
  }

  /** Gives a link or the cause why there is none. */
  void connect(
      SimulatedLoop loop,
      SimulatedBackend backend,
      long timeoutNanos,
      BiConsumer<@Nullable Link, @Nullable Cause> result) {
    Cause local = localCause(loop.member(), backend);
    if (local != null) {
      agenda.after(10 * Agenda.MICRO, () -> loop.thread.read(() -> result.accept(null, local)));
      return;
    }
    if (!isReachable(loop.member(), backend)) {
      loop.thread.after(timeoutNanos, () -> result.accept(null, Cause.CONNECT_TIMEOUT));
      return;
    }
    long thereNanos = oneWayNanos(backend);
    agenda.after(
        thereNanos,
        () -> {
          Link link = backend.accept(loop);
          long backNanos = oneWayNanos(backend);
          boolean late = thereNanos + backNanos > timeoutNanos;
          if (late && link != null) {
            backend.forget(link); // Nobody waits for it any more.
          }
          Cause cause = link == null ? Cause.REFUSED : null;
          agenda.after(
              late ? timeoutNanos - Math.min(timeoutNanos, thereNanos) : backNanos,
              () ->
                  loop.thread.read(
                      () ->
                          result.accept(late ? null : link, late ? Cause.CONNECT_TIMEOUT : cause)));
        });
  }

  /** Probes over a connection of its own. */
  void probe(
      SimulatedMember member,
      SimulatedBackend backend,
      long connectTimeoutNanos,
      long timeoutNanos,
      Consumer<ProbeResult> result) {
    Cause local = localCause(member, backend);
    if (local != null) {
      agenda.after(10 * Agenda.MICRO, () -> result.accept(ProbeResult.failed(local)));
      return;
    }
    if (!isReachable(member, backend)) {
      long nanos = Math.min(connectTimeoutNanos, timeoutNanos);
      agenda.after(nanos, () -> result.accept(ProbeResult.failed(Cause.CONNECT_TIMEOUT)));
      return;
    }
    ProbeResult seen = backend.probe(timeoutNanos);
    long takesNanos = seen instanceof ProbeResult.Passed passed ? passed.nanos() : 0;
    if (seen != null) {
      takesNanos += 2 * oneWayNanos(backend);
    }
    if (seen == null || (backend.isReordered() && takesNanos > timeoutNanos)) {
      agenda.after(timeoutNanos, () -> result.accept(ProbeResult.failed(Cause.TIMEOUT)));
    } else {
      agenda.after(takesNanos, () -> result.accept(seen));
    }
  }

  void toBackend(Link link, SimulatedExchange exchange) {
    agenda.after(oneWayNanos(link.backend), () -> link.backend.receive(link, exchange));
  }

  /** What a backend sends; it is lost if its machine is no longer there. */
  void toMember(Link link, Runnable arrives) {
    if (reachesMember(link)) {
      long nowNanos = agenda.nowNanos();
      link.arrivesNanos = Math.max(link.arrivesNanos, nowNanos + oneWayNanos(link.backend));
      agenda.after(link.arrivesNanos - nowNanos, () -> link.loop.thread.read(arrives));
    }
  }

  /** A reset: it may overtake what was sent before on the same connection, which is lost then. */
  void resetToMember(Link link, Runnable arrives) {
    if (link.backend.isReordered() && dice.percent(50) && reachesMember(link)) {
      agenda.after(oneWayNanos(link.backend), () -> link.loop.thread.read(arrives));
    } else {
      toMember(link, arrives);
    }
  }

  /** What a backend and a member say to each other beside their exchanges. */
  void carry(SimulatedMember member, SimulatedBackend backend, Way way, Runnable arrives) {
    if (backend.isReachable() && !isCut(member, backend, way)) {
      agenda.after(oneWayNanos(backend), arrives);
    }
  }

  private boolean reachesMember(Link link) {
    return link.backend.isReachable() && !isCut(link.loop.member(), link.backend, Way.TO_MEMBER);
  }

  private long oneWayNanos(SimulatedBackend backend) {
    return backend.isReordered()
        ? dice.between(longestNanos / 10, REORDERED_NANOS)
        : dice.between(longestNanos / 10, longestNanos);
  }
}
