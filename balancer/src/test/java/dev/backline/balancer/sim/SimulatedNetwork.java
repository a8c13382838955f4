package dev.backline.balancer.sim;

import dev.backline.balancer.health.ProbeResult;
import dev.backline.balancer.model.Cause;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** What lies between the member and its backends: time, and ways to fail. */
final class SimulatedNetwork {
  private static final Cause[] LOCAL = {
    Cause.NO_DESCRIPTORS, Cause.NO_LOCAL_ADDRESS, Cause.NO_BUFFERS, Cause.FORBIDDEN
  };

  private final Agenda agenda;
  private final Dice dice;
  private final long longestNanos;
  private int localFaults;
  private long localChangedNanos;

  SimulatedNetwork(Agenda agenda, Dice dice, long longestNanos) {
    this.agenda = agenda;
    this.dice = dice;
    this.longestNanos = longestNanos;
    this.localChangedNanos = agenda.nowNanos();
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

  boolean isLocallyWell() {
    return localFaults == 0;
  }

  long localChangedNanos() {
    return localChangedNanos;
  }

  /** Gives a link or the cause why there is none. */
  void connect(
      SimulatedBackend backend,
      long timeoutNanos,
      BiConsumer<@Nullable Link, @Nullable Cause> result) {
    if (localFaults > 0 && dice.percent(50)) {
      Cause cause = LOCAL[dice.between(0, LOCAL.length - 1)];
      agenda.after(10 * Agenda.MICRO, () -> result.accept(null, cause));
      return;
    }
    if (!backend.isReachable()) {
      agenda.after(timeoutNanos, () -> result.accept(null, Cause.CONNECT_TIMEOUT));
      return;
    }
    agenda.after(
        oneWayNanos(),
        () -> {
          Link link = backend.accept();
          agenda.after(
              oneWayNanos(), () -> result.accept(link, link == null ? Cause.REFUSED : null));
        });
  }

  /** Probes over a connection of its own. */
  void probe(
      SimulatedBackend backend,
      long connectTimeoutNanos,
      long timeoutNanos,
      Consumer<ProbeResult> result) {
    if (localFaults > 0 && dice.percent(50)) {
      Cause cause = LOCAL[dice.between(0, LOCAL.length - 1)];
      agenda.after(10 * Agenda.MICRO, () -> result.accept(ProbeResult.failed(cause)));
      return;
    }
    if (!backend.isReachable()) {
      long nanos = Math.min(connectTimeoutNanos, timeoutNanos);
      agenda.after(nanos, () -> result.accept(ProbeResult.failed(Cause.CONNECT_TIMEOUT)));
      return;
    }
    ProbeResult seen = backend.probe(timeoutNanos);
    if (seen == null) {
      agenda.after(timeoutNanos, () -> result.accept(ProbeResult.failed(Cause.TIMEOUT)));
    } else if (seen instanceof ProbeResult.Passed passed) {
      agenda.after(passed.nanos() + 2 * oneWayNanos(), () -> result.accept(seen));
    } else {
      agenda.after(2 * oneWayNanos(), () -> result.accept(seen));
    }
  }

  void toBackend(Link link, SimulatedExchange exchange) {
    agenda.after(oneWayNanos(), () -> link.backend.receive(link, exchange));
  }

  /** What a backend sends; it is lost if its machine is no longer there. */
  void toMember(Link link, Runnable arrives) {
    if (link.backend.isReachable()) {
      long nowNanos = agenda.nowNanos();
      link.arrivesNanos = Math.max(link.arrivesNanos, nowNanos + oneWayNanos());
      agenda.after(link.arrivesNanos - nowNanos, arrives);
    }
  }

  private long oneWayNanos() {
    return dice.between(longestNanos / 10, longestNanos);
  }
}
