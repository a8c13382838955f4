package dev.backline.testbed.check;

import dev.backline.testbed.history.Evidence;
import dev.backline.testbed.history.Exchange;
import dev.backline.testbed.history.LedgerEntry;
import dev.backline.testbed.history.Moment;
import dev.backline.testbed.history.Request;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * A backend that turned sick and says so in its health too costs at most what was under way to it.
 *
 * <p>The bound: the member can't know before the first 5xx has reached it. Whatever has been sent
 * to the victim by then, read by it or not, may come back broken as well: those are under way. Then
 * the member marks the backend suspect and probes it at once; requests that chose it in the same
 * moment are {@link #AT_ONCE} more for a member, of which there is one. From {@link
 * #SETTLED_MICROS} later on its probes have failed twice (500 ms apart at most while suspect, each
 * answered at once): none may fail until the heal.
 */
public record SickAnswersBounded() implements Check {
  static final int AT_ONCE = 2;
  static final long SETTLED_MICROS = 2_000_000;

  @Override
  public Finding check(Evidence evidence) {
    Optional<LedgerEntry> first =
        evidence.victimsLedger().entries().stream()
            .filter(entry -> entry.event() == LedgerEntry.Event.END && entry.status() >= 500)
            .filter(entry -> entry.atMicros() >= evidence.fault().fromMicros())
            .findFirst();
    if (first.isEmpty()) {
      return Finding.invalid(this, evidence.victim() + " never answered 5xx (expected: it did)");
    }
    long writtenMicros = first.get().atMicros();
    long knownMicros = knownMicros(evidence, first.get());
    int begun = evidence.victimsLedger().inFlightDuring(writtenMicros, writtenMicros).size();
    int underWay = underWay(evidence, writtenMicros, knownMicros);
    int bound = underWay + AT_ONCE;
    long healMicros = evidence.first(Moment.Kind.HEAL).fromMicros();
    List<Request> failed = Requests.failedSinceFault(evidence);
    long late =
        failed.stream()
            .filter(request -> request.startedMicros() > knownMicros + SETTLED_MICROS)
            .filter(request -> request.startedMicros() < healMicros)
            .count();
    String seen =
        "%d failed; %d were under way to %s when its first 5xx reached the member, %d of them begun by its ledger; %d began 2 s later"
            .formatted(failed.size(), underWay, evidence.victim(), begun, late);
    if (failed.size() > bound || late > 0) {
      return Finding.fail(
          this, seen + " (expected: <= " + bound + " and 0 late)", Requests.ids(failed));
    }
    return Finding.pass(this, seen);
  }

  /** When the member had the first 5xx: the end of that attempt, counted back from the client's. */
  private static long knownMicros(Evidence evidence, LedgerEntry first) {
    Exchange exchange = evidence.exchangesById().get(first.id());
    Optional<Request> request =
        evidence.requests().stream().filter(r -> r.id().equals(first.id())).findFirst();
    if (exchange == null || request.isEmpty()) {
      return first.atMicros();
    }
    double afterMillis =
        exchange.attempts().stream()
            .filter(attempt -> attempt.backend().equals(evidence.victim()))
            .mapToDouble(a -> exchange.millis() - a.startMillis() - a.millis())
            .findFirst()
            .orElse(0);
    return request.get().endedMicros() - Math.round(Math.max(afterMillis, 0) * 1000);
  }

  private static int underWay(Evidence evidence, long writtenMicros, long knownMicros) {
    Map<String, Exchange> exchanges = evidence.exchangesById();
    Set<String> ended =
        evidence.victimsLedger().entries().stream()
            .filter(entry -> entry.event() != LedgerEntry.Event.BEGIN)
            .filter(entry -> entry.atMicros() < writtenMicros)
            .map(LedgerEntry::id)
            .collect(Collectors.toSet());
    int underWay = 0;
    for (Request request : evidence.requests()) {
      Exchange exchange = exchanges.get(request.id());
      if (exchange != null
          && exchange.tried(evidence.victim())
          && request.startedMicros() <= knownMicros
          && !ended.contains(request.id())) {
        underWay++;
      }
    }
    return underWay;
  }

  @Override
  public String name() {
    return "sick answers bounded";
  }
}
