package dev.backline.testbed.check;

import dev.backline.testbed.history.Evidence;
import dev.backline.testbed.history.Exchange;
import dev.backline.testbed.history.Ledger;
import dev.backline.testbed.history.Moment;
import dev.backline.testbed.history.Request;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Each POST that failed was on the victim when it died: nobody can know whether it ran, so nobody
 * may send it again. Held by id, not only by number: one POST lost elsewhere is not excused by
 * another that survived.
 *
 * <p>On the victim means: its ledger has it begun and not ended at the fault; or the access log has
 * an attempt on the victim that the ledger never saw, begun before the fault or within {@link
 * #NOTICE_MICROS} of it: it lay in the victim's socket, unread.
 */
public record FailedPostsWereInFlight() implements Check {
  /** Time in which a busy balancer may not yet have noticed that a connection is gone. */
  static final long NOTICE_MICROS = 250_000;

  @Override
  public Finding check(Evidence evidence) {
    Moment fault = evidence.fault();
    Ledger ledger = evidence.victimsLedger();
    Set<String> inFlight = ledger.inFlightDuring(fault.fromMicros(), fault.toMicros());
    Set<String> begun = ledger.begun().keySet();
    Map<String, Exchange> exchanges = evidence.exchangesById();
    long postsInFlight =
        evidence.requests().stream()
            .filter(request -> !request.idempotent() && inFlight.contains(request.id()))
            .count();
    int failed = 0;
    int unread = 0;
    List<String> unexcused = new ArrayList<>();
    for (Request request : Requests.failedSinceFault(evidence)) {
      if (request.idempotent()) {
        continue;
      }
      failed++;
      if (inFlight.contains(request.id())) {
        continue;
      }
      if (!begun.contains(request.id()) && layUnread(request, exchanges, evidence)) {
        unread++;
      } else {
        unexcused.add(request.id());
      }
    }
    String seen =
        "%d POST failed; %d were in flight on %s by its ledger, %d more lay unread in its socket"
            .formatted(failed, postsInFlight, evidence.victim(), unread);
    return unexcused.isEmpty()
        ? Finding.pass(this, seen)
        : Finding.fail(
            this, seen + "; " + unexcused.size() + " failed elsewhere (expected: 0)", unexcused);
  }

  private static boolean layUnread(
      Request request, Map<String, Exchange> exchanges, Evidence evidence) {
    Exchange exchange = exchanges.get(request.id());
    if (exchange == null) {
      return false;
    }
    long latest = evidence.fault().toMicros() + NOTICE_MICROS;
    return exchange.attempts().stream()
        .filter(attempt -> attempt.backend().equals(evidence.victim()))
        .filter(attempt -> !attempt.answered() && !attempt.notSent())
        .anyMatch(attempt -> Requests.attemptBeganMicros(request, attempt) <= latest);
  }

  @Override
  public String name() {
    return "failed POSTs were in flight";
  }
}
