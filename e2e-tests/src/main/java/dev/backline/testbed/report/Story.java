package dev.backline.testbed.report;

import dev.backline.testbed.check.Finding;
import dev.backline.testbed.check.Judgement;
import dev.backline.testbed.check.Result;
import dev.backline.testbed.history.Evidence;
import dev.backline.testbed.history.Exchange;
import dev.backline.testbed.history.Ledger;
import dev.backline.testbed.history.LedgerEntry;
import dev.backline.testbed.history.Moment;
import dev.backline.testbed.history.Request;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/**
 * What happened to the first requests that broke a promise, as client, balancer and backends tell
 * it, and what the testbed did meanwhile. Times are seconds since the load began.
 */
final class Story {
  private static final int REQUESTS_TOLD = 5;

  private final Evidence evidence;
  private final long beganMicros;
  private final List<String> lines = new ArrayList<>();

  private Story(Evidence evidence) {
    this.evidence = evidence;
    beganMicros = evidence.first(Moment.Kind.LOAD_BEGAN).fromMicros();
  }

  static List<String> tell(Judgement judgement, Evidence evidence) {
    Story story = new Story(evidence);
    story.requests(judgement);
    story.timeline();
    return story.lines;
  }

  private void requests(Judgement judgement) {
    Set<String> ids = new LinkedHashSet<>();
    judgement.findings().stream()
        .filter(finding -> finding.result() != Result.PASS)
        .map(Finding::requests)
        .forEach(ids::addAll);
    ids.stream().limit(REQUESTS_TOLD).forEach(this::request);
    if (ids.size() > REQUESTS_TOLD) {
      lines.add("  … and " + (ids.size() - REQUESTS_TOLD) + " more (history.jsonl has all)");
    }
  }

  private void request(String id) {
    evidence.requests().stream().filter(request -> request.id().equals(id)).forEach(this::client);
    evidence.exchanges().stream().filter(line -> line.id().equals(id)).forEach(this::balancer);
    for (Ledger ledger : evidence.ledgers()) {
      ledger.entries().stream()
          .filter(entry -> entry.id().equals(id))
          .forEach(entry -> ledger(ledger.backend(), entry));
    }
  }

  private void client(Request request) {
    lines.add(
        "  %s %s %s: sent at %s, %s after %.1f ms%s%s"
            .formatted(
                request.id(),
                request.method(),
                request.path(),
                seconds(request.startedMicros()),
                request.fateInWords(),
                (request.endedMicros() - request.startedMicros()) / 1000.0,
                request.connection() > 0 ? ", connection " + request.connection() : "",
                request.detail().isEmpty() ? "" : ", " + request.detail()));
  }

  private void balancer(Exchange exchange) {
    lines.add(
        "      access log of %s: %s, %d after %.1f ms"
            .formatted(
                exchange.member(), exchange.outcome(), exchange.status(), exchange.millis()));
    for (Exchange.Attempt attempt : exchange.attempts()) {
      lines.add(
          "        attempt on %s: %s, from %.1f ms for %.1f ms"
              .formatted(
                  attempt.backend(), attempt.fate(), attempt.startMillis(), attempt.millis()));
    }
  }

  private void ledger(String backend, LedgerEntry entry) {
    lines.add(
        "      ledger of %s: %s at %s%s"
            .formatted(
                backend,
                entry.event().name().toLowerCase(Locale.ROOT),
                seconds(entry.atMicros()),
                entry.status() > 0 ? ", " + entry.status() : ""));
  }

  private void timeline() {
    lines.add("  timeline (s)");
    for (Moment moment : evidence.moments()) {
      if (moment.toMicros() >= beganMicros) {
        lines.add(
            "    %s to %s  %-12s %s %s"
                .formatted(
                    seconds(moment.fromMicros()),
                    seconds(moment.toMicros()),
                    moment.kind(),
                    moment.subject(),
                    moment.text()));
      }
    }
  }

  private String seconds(long micros) {
    return String.format(Locale.ROOT, "%.3f", (micros - beganMicros) / 1e6);
  }
}
