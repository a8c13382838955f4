package dev.backline.testbed.report;

import dev.backline.testbed.check.Finding;
import dev.backline.testbed.check.Judgement;
import dev.backline.testbed.check.Result;
import dev.backline.testbed.history.Evidence;
import dev.backline.testbed.history.Moment;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** A drill's report: the same facts for people and for programs. */
public record Report(
    String drill, String fault, Judgement judgement, Figures figures, Evidence evidence) {

  public static Report of(String fault, Judgement judgement, Evidence evidence) {
    return new Report(evidence.drill(), fault, judgement, Figures.of(evidence), evidence);
  }

  public Result result() {
    return judgement.result();
  }

  /** The report as people read it; with the story if the drill did not pass. */
  public String text() {
    List<String> lines = new ArrayList<>();
    lines.add("drill %s: %s".formatted(drill, result()));
    lines.add("  " + fault);
    lines.add("  " + judgement.cause());
    lines.add("");
    addRequests(lines);
    addLatencies(lines);
    addTimes(lines);
    lines.add("");
    for (Finding finding : judgement.findings()) {
      lines.add("  %-7s %s: %s".formatted(finding.result(), finding.check(), finding.sentence()));
    }
    addVerdicts(lines);
    if (result() != Result.PASS) {
      lines.add("");
      lines.addAll(Story.tell(judgement, evidence));
    }
    return String.join("\n", lines) + "\n";
  }

  private void addRequests(List<String> lines) {
    lines.add("  %-9s %8s %8s %8s %8s".formatted("requests", "sent", "ok", "failed", "retried"));
    for (Figures.MethodCount count : figures.byMethod()) {
      lines.add(
          "  %-9s %8d %8d %8d %8d"
              .formatted(
                  count.method(),
                  count.sent(),
                  count.succeeded(),
                  count.failed(),
                  count.retried()));
    }
    figures.failures().forEach((fate, times) -> lines.add("    %d x %s".formatted(times, fate)));
    lines.add("");
  }

  private void addLatencies(List<String> lines) {
    lines.add(
        "  %-9s %8s %8s %8s %8s".formatted("latency", "requests", "p50 ms", "p99 ms", "max ms"));
    for (Figures.Phase phase : figures.phases()) {
      lines.add(
          "  %-9s %8d %8s %8s %8s"
              .formatted(
                  phase.name(),
                  phase.requests(),
                  millis(phase.p50Micros()),
                  millis(phase.p99Micros()),
                  millis(phase.maxMicros())));
    }
  }

  private void addTimes(List<String> lines) {
    List<String> times = new ArrayList<>();
    figures.detectedMicros().ifPresent(t -> times.add("detected after " + millis(t) + " ms"));
    figures
        .backMicros()
        .ifPresent(t -> times.add("served again " + millis(t) + " ms after the heal"));
    if (figures.idleCloses() > 0) {
      times.add(figures.idleCloses() + " idle connections closed unannounced");
    }
    if (!times.isEmpty()) {
      lines.add("  " + String.join("; ", times));
    }
  }

  private void addVerdicts(List<String> lines) {
    long began = evidence.first(Moment.Kind.LOAD_BEGAN).fromMicros();
    List<String> verdicts = Verdicts.lines(evidence, began);
    if (!verdicts.isEmpty()) {
      lines.add("");
      lines.add("  " + evidence.victim() + " in the balancers' eyes (s since the load began)");
      verdicts.forEach(verdict -> lines.add("  " + verdict));
    }
  }

  private static String millis(long micros) {
    return String.format(Locale.ROOT, "%.1f", micros / 1000.0);
  }

  /** The report as one JSON object. */
  public JsonObject json() {
    JsonArray methods = new JsonArray();
    figures
        .byMethod()
        .forEach(
            count ->
                methods.add(
                    JsonObject.of(
                        "method", count.method(),
                        "sent", count.sent(),
                        "succeeded", count.succeeded(),
                        "failed", count.failed(),
                        "retried", count.retried())));
    JsonObject failures = new JsonObject();
    figures.failures().forEach(failures::put);
    JsonArray phases = new JsonArray();
    figures
        .phases()
        .forEach(
            phase ->
                phases.add(
                    JsonObject.of(
                        "phase", phase.name(),
                        "requests", phase.requests(),
                        "p50Micros", phase.p50Micros(),
                        "p99Micros", phase.p99Micros(),
                        "maxMicros", phase.maxMicros())));
    JsonArray findings = new JsonArray();
    judgement
        .findings()
        .forEach(
            finding ->
                findings.add(
                    JsonObject.of(
                        "check", finding.check(),
                        "result", finding.result().name(),
                        "sentence", finding.sentence(),
                        "requests", new JsonArray(finding.requests()))));
    return new JsonObject()
        .put("drill", drill)
        .put("fault", fault)
        .put("result", result().name())
        .put("cause", judgement.cause())
        .put("methods", methods)
        .put("failures", failures)
        .put("latencies", phases)
        .put("detectedMicros", figures.detectedMicros().orElse(null))
        .put("backMicros", figures.backMicros().orElse(null))
        .put("idleCloses", figures.idleCloses())
        .put("longestGapMillis", evidence.machine().longestGapMillis())
        .put("findings", findings);
  }
}
