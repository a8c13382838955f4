package dev.backline.testbed.check;

import dev.backline.testbed.history.Evidence;
import dev.backline.testbed.history.Fate;
import dev.backline.testbed.history.Request;
import java.util.ArrayList;
import java.util.List;

/**
 * A balancer that dies takes with it only what was on a connection to it at that moment, held by
 * id: the failed requests went over such a connection and got no whole answer. Who comes later than
 * {@link #NOTICE_MICROS} finds another balancer.
 */
public record LostOnlyWithBalancer() implements Check {
  /** Time in which a busy client may not yet have noticed that a connection is gone. */
  static final long NOTICE_MICROS = 250_000;

  @Override
  public Finding check(Evidence evidence) {
    long from = evidence.fault().fromMicros();
    long noticed = evidence.fault().toMicros() + NOTICE_MICROS;
    List<Request> onIt =
        evidence.requests().stream()
            .filter(request -> evidence.wentThrough(evidence.victim(), request))
            .filter(request -> request.startedMicros() <= noticed && request.endedMicros() >= from)
            .toList();
    List<Request> failed = Requests.failedSinceFault(evidence);
    List<String> unexcused = new ArrayList<>();
    for (Request request : failed) {
      if (!onIt.contains(request) || !broken(request)) {
        unexcused.add(request.id());
      }
    }
    long later = evidence.requests().stream().filter(r -> r.startedMicros() > noticed).count();
    String seen =
        "%d failed, %d were on a connection to %s; %d began later than %d ms after it"
            .formatted(failed.size(), onIt.size(), evidence.victim(), later, NOTICE_MICROS / 1000);
    if (onIt.isEmpty() || later == 0) {
      return Finding.invalid(this, seen + " (expected: some of both)");
    }
    return unexcused.isEmpty()
        ? Finding.pass(this, seen)
        : Finding.fail(
            this, seen + "; " + unexcused.size() + " failed elsewhere (expected: 0)", unexcused);
  }

  private static boolean broken(Request request) {
    return request.fate() == Fate.BROKEN_BEFORE_HEAD || request.fate() == Fate.BROKEN_IN_BODY;
  }

  @Override
  public String name() {
    return "lost only with the balancer";
  }
}
