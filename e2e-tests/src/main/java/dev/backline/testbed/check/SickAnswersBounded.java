package dev.backline.testbed.check;

import dev.backline.testbed.history.Evidence;
import dev.backline.testbed.history.LedgerEntry;
import dev.backline.testbed.history.Moment;
import dev.backline.testbed.history.Request;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * A backend that turned sick and says so in its health too costs at most what was under way on it.
 *
 * <p>The bound: let T be the end of the first exchange that the victim answers with 5xx. What is in
 * flight on it at T, that one included, may come back broken as well. At T the member sees it,
 * marks the backend suspect and probes it at once; requests that had chosen it in the same moment
 * are {@link #UNDER_WAY} more. From {@link #SETTLED_MICROS} after T on its probes have failed twice
 * (500 ms apart while suspect, and each answered at once): none may fail until the heal.
 */
public record SickAnswersBounded() implements Check {
  static final int UNDER_WAY = 2;
  static final long SETTLED_MICROS = 2_000_000;

  @Override
  public Finding check(Evidence evidence) {
    Moment fault = evidence.fault();
    Optional<LedgerEntry> first =
        evidence.victimsLedger().entries().stream()
            .filter(entry -> entry.event() == LedgerEntry.Event.END && entry.status() >= 500)
            .filter(entry -> entry.atMicros() >= fault.fromMicros())
            .findFirst();
    if (first.isEmpty()) {
      return Finding.invalid(this, evidence.victim() + " never answered 5xx (expected: it did)");
    }
    long firstMicros = first.get().atMicros();
    Set<String> inFlight = evidence.victimsLedger().inFlightDuring(firstMicros, firstMicros);
    int bound = inFlight.size() + UNDER_WAY;
    long healMicros = evidence.first(Moment.Kind.HEAL).fromMicros();
    List<Request> failed = Requests.failedSinceFault(evidence);
    List<String> late = new ArrayList<>();
    for (Request request : failed) {
      if (request.startedMicros() > firstMicros + SETTLED_MICROS
          && request.startedMicros() < healMicros) {
        late.add(request.id());
      }
    }
    String seen =
        "%d failed, %d were in flight on %s at its first 5xx, %d began 2 s later"
            .formatted(failed.size(), inFlight.size(), evidence.victim(), late.size());
    if (failed.size() > bound || !late.isEmpty()) {
      return Finding.fail(
          this, seen + " (expected: <= " + bound + " and 0 late)", Requests.ids(failed));
    }
    return Finding.pass(this, seen);
  }

  @Override
  public String name() {
    return "sick answers bounded";
  }
}
