package dev.backline.testbed.check;

import dev.backline.testbed.history.Evidence;
import dev.backline.testbed.history.Fate;
import dev.backline.testbed.history.Moment;
import dev.backline.testbed.history.Request;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;

/**
 * A balancer that stands still for longer than its clients wait loses them what they gave up, held
 * by id, and nothing else: each request that failed was on a connection to it while it stood still,
 * and timed out before it went on or within {@link #SETTLED_MICROS} of that. Who waits longer is
 * answered; but of all who wait when it goes on, those whom it can't hold are told so, unsent.
 *
 * @param patience of the clients
 * @param holds how many exchanges it has room for: in flight on all backends, and in its queue
 */
public record LostOnlyInFreeze(Duration patience, int holds) implements Check {
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
    List<Request> unexcused = new ArrayList<>();
    long tooMany = Math.max(0, carried - holds);
    long refused = 0;
    for (Request request : failed) {
      if (onIt.test(request) && wasRefused(request) && refused < tooMany) {
        refused++;
      } else if (!onIt.test(request) || !gaveUp(request, heal)) {
        unexcused.add(request);
      }
    }
    long later =
        evidence.requests().stream().filter(r -> r.startedMicros() > heal.toMicros()).count();
    String seen =
        "%d failed, %d were on a connection to %s while it stood still, %d of them were refused as"
            + " it holds %d; %d began later";
    String told = seen.formatted(failed.size(), carried, evidence.victim(), refused, holds, later);
    if (carried == 0 || later == 0) {
      return Finding.invalid(this, told + " (expected: some of both)");
    }
    return unexcused.isEmpty()
        ? Finding.pass(this, told)
        : Finding.fail(
            this,
            told + "; " + unexcused.size() + " failed otherwise (expected: 0)",
            Requests.ids(unexcused));
  }

  private static boolean wasRefused(Request request) {
    return request.fate() == Fate.ANSWERED
        && request.status() == 503
        && request.detail().equals("not-sent");
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
