package dev.backline.testbed.check;

import dev.backline.testbed.history.Evidence;
import dev.backline.testbed.history.Exchange;
import dev.backline.testbed.history.Fate;
import dev.backline.testbed.history.Ledger;
import dev.backline.testbed.history.Moment;
import dev.backline.testbed.history.Request;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Client, balancer and backends tell the same story: each answered request has one line in the
 * access log with the same status; each attempt that was answered is in its backend's ledger, none
 * that was not sent is; and each execution of a request in a ledger has an attempt in the log. A
 * balancer that was killed may have taken its last {@link #UNWRITTEN_MICROS} of lines with it.
 */
public record AccessLogAgrees() implements Check {
  static final long UNWRITTEN_MICROS = 250_000;

  @Override
  public Finding check(Evidence evidence) {
    Map<String, Set<String>> begun = new HashMap<>();
    evidence.ledgers().forEach(ledger -> begun.put(ledger.backend(), ledger.begun().keySet()));
    Disagreements wrong = new Disagreements();
    Map<String, Exchange> exchanges = new HashMap<>();
    for (Exchange exchange : evidence.exchanges()) {
      if (exchanges.put(exchange.id(), exchange) != null) {
        wrong.add(exchange.id(), "two lines in the access log");
      }
    }
    for (Request request : evidence.requests()) {
      Exchange exchange = exchanges.get(request.id());
      if (exchange != null) {
        attemptsAgainstLedgers(request, exchange, begun, wrong);
      }
      if (request.fate() == Fate.ANSWERED) {
        answerAgainstLog(request, exchange, evidence, wrong);
      }
    }
    ledgersAgainstLog(evidence, exchanges, wrong);
    if (wrong.ids.isEmpty()) {
      return Finding.pass(this, exchanges.size() + " exchanges agree with client and ledgers");
    }
    return Finding.fail(
        this,
        "%d disagreements, the first: %s: %s (expected: 0)"
            .formatted(wrong.ids.size(), wrong.ids.get(0), wrong.first),
        wrong.ids);
  }

  private static void answerAgainstLog(
      Request request, @Nullable Exchange exchange, Evidence evidence, Disagreements wrong) {
    if (exchange == null) {
      if (!lineDied(request, evidence)) {
        wrong.add(request.id(), "answered, and not in the access log");
      }
    } else if (exchange.status() != request.status()) {
      wrong.add(
          request.id(),
          "the client saw " + request.status() + ", the access log says " + exchange.status());
    } else if (!request.servedBy().isEmpty() && !exchange.isAnsweredBy(request.servedBy())) {
      wrong.add(
          request.id(),
          request.servedBy() + " answered the client, the access log has no answer of it");
    }
  }

  private static boolean lineDied(Request request, Evidence evidence) {
    return evidence.moments().stream()
        .filter(m -> m.kind() == Moment.Kind.SIGNAL && m.text().equals("SIGKILL"))
        .filter(killed -> evidence.wentThrough(killed.subject(), request))
        .anyMatch(
            killed ->
                request.endedMicros() >= killed.fromMicros() - UNWRITTEN_MICROS
                    && request.startedMicros() <= killed.toMicros());
  }

  private static void attemptsAgainstLedgers(
      Request request, Exchange exchange, Map<String, Set<String>> begun, Disagreements wrong) {
    for (Exchange.Attempt attempt : exchange.attempts()) {
      boolean ran = begun.getOrDefault(attempt.backend(), Set.of()).contains(request.id());
      if (attempt.answered() && !ran) {
        wrong.add(request.id(), attempt.backend() + " answered it, its ledger never began it");
      }
      boolean triedOnce =
          exchange.attempts().stream().filter(a -> a.backend().equals(attempt.backend())).count()
              == 1;
      if (attempt.notSent() && ran && triedOnce) {
        wrong.add(
            request.id(), "logged as " + attempt.fate() + ", and " + attempt.backend() + " ran it");
      }
    }
  }

  private static void ledgersAgainstLog(
      Evidence evidence, Map<String, Exchange> exchanges, Disagreements wrong) {
    Map<String, Request> requests = new HashMap<>();
    evidence.requests().forEach(request -> requests.put(request.id(), request));
    for (Ledger ledger : evidence.ledgers()) {
      for (String id : ledger.begun().keySet()) {
        Request request = requests.get(id);
        Exchange exchange = exchanges.get(id);
        boolean logged = exchange != null && exchange.tried(ledger.backend());
        boolean excused = exchange == null && (request == null || lineDied(request, evidence));
        if (!logged && !excused) {
          wrong.add(id, ledger.backend() + " ran it, the access log has no attempt there");
        }
      }
    }
  }

  @Override
  public String name() {
    return "access log agrees";
  }

  private static final class Disagreements {
    private final List<String> ids = new ArrayList<>();
    private String first = "";

    void add(String id, String what) {
      if (ids.isEmpty()) {
        first = what;
      }
      ids.add(id);
    }
  }
}
