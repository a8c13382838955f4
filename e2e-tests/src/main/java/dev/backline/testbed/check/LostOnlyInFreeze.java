package dev.backline.testbed.check;

import dev.backline.testbed.history.Evidence;
import dev.backline.testbed.history.Fate;
import dev.backline.testbed.history.Moment;
import dev.backline.testbed.history.Request;
import java.time.Duration;
import java.util.List;
import java.util.function.Predicate;

/**
 * A balancer that stands still for longer than its clients wait loses them what they gave up, held
 * by id, and nothing else: each request that failed was on a connection to it while it stood still,
 * and timed out before it went on or within {@link #SETTLED_MICROS} of that. Who waits longer is
 * answered.
 *
 * @param patience of the clients
 */
public record LostOnlyInFreeze(Duration patience) implements Check {
  /**
   * In which it answers all that came meanwhile: service times are 0.1 s, and as it missed half of
   * the requests for as long as clients wait, it has some 1,500 to send; the rest is for those.
   */
  static final long SETTLED_MICROS = 3_000_000;

  @Override
  public Finding check(Evidence evidence) {
    long from = evidence.fault().fromMicros();
    Moment heal = evidence.first(Moment.Kind.HEAL);
    Predicate<Request> onIt =
        request ->
            evidence.wentThrough(evidence.victim(), request)
                && request.endedMicros() >= from
                && request.startedMicros() <= heal.toMicros();
    long carried = evidence.requests().stream().filter(onIt).count();
    List<Request> failed = Requests.failedSinceFault(evidence);
    List<Request> unexcused =
        failed.stream().filter(r -> !onIt.test(r) || !gaveUp(r, heal)).toList();
    long later =
        evidence.requests().stream().filter(r -> r.startedMicros() > heal.toMicros()).count();
    String seen =
        "%d failed, %d were on a connection to %s while it stood still; %d began later"
            .formatted(failed.size(), carried, evidence.victim(), later);
    if (carried == 0 || later == 0) {
      return Finding.invalid(this, seen + " (expected: some of both)");
    }
    return unexcused.isEmpty()
        ? Finding.pass(this, seen)
        : Finding.fail(
            this,
            seen + "; " + unexcused.size() + " failed otherwise (expected: 0)",
            Requests.ids(unexcused));
  }

  private boolean gaveUp(Request request, Moment heal) {
    long end = request.startedMicros() + patience.toNanos() / 1000;
    return request.fate() == Fate.TIMED_OUT && end <= heal.toMicros() + SETTLED_MICROS;
  }

  @Override
  public String name() {
    return "lost only in the freeze";
  }
}
