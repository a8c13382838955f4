package dev.backline.testbed.check;

import dev.backline.testbed.history.Evidence;
import dev.backline.testbed.history.Exchange;
import dev.backline.testbed.history.Moment;
import dev.backline.testbed.history.Request;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * No request that the client began later than a bound after the moment went to the victim, until
 * the heal if there is one: by the access log, and by the victim's own ledger.
 *
 * @param since the kind of moment that the bound counts from: its end
 */
public record VictimAvoided(Moment.Kind since, long boundMicros) implements Check {

  @Override
  public Finding check(Evidence evidence) {
    long from = evidence.first(since).toMicros() + boundMicros;
    long to =
        evidence.has(Moment.Kind.HEAL)
            ? evidence.first(Moment.Kind.HEAL).fromMicros()
            : Long.MAX_VALUE;
    Map<String, Exchange> exchanges = evidence.exchangesById();
    List<Request> began =
        evidence.requests().stream()
            .filter(request -> request.startedMicros() > from && request.startedMicros() < to)
            .toList();
    Set<String> ran = evidence.victimsLedger().begunBefore(to);
    List<Request> wrong =
        began.stream()
            .filter(
                request ->
                    triedVictimBefore(request, exchanges, evidence.victim(), to)
                        || ran.contains(request.id()))
            .toList();
    String seen =
        "%d of %d requests that began later than %d ms after the %s went to %s"
            .formatted(wrong.size(), began.size(), boundMicros / 1000, word(), evidence.victim());
    if (began.isEmpty()) {
      return Finding.invalid(this, seen + " (expected: some requests)");
    }
    return wrong.isEmpty()
        ? Finding.pass(this, seen)
        : Finding.fail(this, seen + " (expected: 0)", Requests.ids(wrong));
  }

  private static boolean triedVictimBefore(
      Request request, Map<String, Exchange> exchanges, String victim, long to) {
    Exchange exchange = exchanges.get(request.id());
    return exchange != null
        && exchange.attempts().stream()
            .filter(attempt -> attempt.backend().equals(victim))
            .anyMatch(attempt -> Requests.attemptBeganMicros(request, attempt) < to);
  }

  private String word() {
    return since == Moment.Kind.UNLISTED ? "removal" : "fault";
  }

  @Override
  public String name() {
    return "victim avoided";
  }
}
