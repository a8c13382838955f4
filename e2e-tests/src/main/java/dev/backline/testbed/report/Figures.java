package dev.backline.testbed.report;

import dev.backline.testbed.history.Evidence;
import dev.backline.testbed.history.Exchange;
import dev.backline.testbed.history.Moment;
import dev.backline.testbed.history.Request;
import dev.backline.testbed.history.StatusSample;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Predicate;

/**
 * A drill in numbers.
 *
 * @param byMethod counts for each method that was sent
 * @param failures how many requests met each fate that is a failure, by {@code METHOD fate}
 * @param phases latencies before, during and after the fault; a phase without requests is left out
 * @param detectedMicros from the fault until the balancer's status no longer called the victim
 *     eligible; empty if it always or never did
 * @param backMicros from the heal until the victim's first answer
 */
public record Figures(
    List<MethodCount> byMethod,
    Map<String, Integer> failures,
    List<Phase> phases,
    Optional<Long> detectedMicros,
    Optional<Long> backMicros,
    int idleCloses) {
  public Figures {
    byMethod = List.copyOf(byMethod);
    failures = new TreeMap<>(failures);
    phases = List.copyOf(phases);
  }

  /** Requests of one method; {@code retried} had more than one attempt. */
  public record MethodCount(String method, int sent, int succeeded, int failed, int retried) {}

  /**
   * Latencies, from the intended start, of the requests of a phase. One that was under way when the
   * fault came belongs to the fault.
   */
  public record Phase(String name, int requests, long p50Micros, long p99Micros, long maxMicros) {}

  public static Figures of(Evidence evidence) {
    long fault = evidence.fault().fromMicros();
    boolean healed = evidence.has(Moment.Kind.HEAL);
    long heal = healed ? evidence.first(Moment.Kind.HEAL).toMicros() : Long.MAX_VALUE;
    List<Phase> phases = new ArrayList<>();
    addPhase(phases, "before", evidence, r -> r.endedMicros() < fault);
    addPhase(
        phases, "during", evidence, r -> r.endedMicros() >= fault && r.intendedMicros() < heal);
    addPhase(phases, "after", evidence, r -> r.intendedMicros() >= heal);
    return new Figures(
        methods(evidence),
        failures(evidence),
        phases,
        detected(evidence, fault),
        healed ? back(evidence, heal) : Optional.empty(),
        evidence.machine().idleClosesUnannounced());
  }

  private static List<MethodCount> methods(Evidence evidence) {
    Map<String, Exchange> exchanges = evidence.exchangesById();
    Map<String, MethodCount> counts = new TreeMap<>();
    for (Request request : evidence.requests()) {
      Exchange exchange = exchanges.get(request.id());
      int retried = exchange != null && exchange.attempts().size() > 1 ? 1 : 0;
      int ok = request.succeeded() ? 1 : 0;
      counts.merge(
          request.method(),
          new MethodCount(request.method(), 1, ok, 1 - ok, retried),
          (a, b) ->
              new MethodCount(
                  a.method(),
                  a.sent() + b.sent(),
                  a.succeeded() + b.succeeded(),
                  a.failed() + b.failed(),
                  a.retried() + b.retried()));
    }
    return List.copyOf(counts.values());
  }

  private static Map<String, Integer> failures(Evidence evidence) {
    Map<String, Integer> failures = new TreeMap<>();
    evidence.requests().stream()
        .filter(Request::failed)
        .forEach(r -> failures.merge(r.method() + " " + r.fateInWords(), 1, Integer::sum));
    return failures;
  }

  private static void addPhase(
      List<Phase> phases, String name, Evidence evidence, Predicate<Request> belongs) {
    long[] latencies =
        evidence.requests().stream()
            .filter(belongs)
            .mapToLong(Request::latencyMicros)
            .sorted()
            .toArray();
    if (latencies.length > 0) {
      phases.add(
          new Phase(
              name,
              latencies.length,
              percentile(latencies, 50),
              percentile(latencies, 99),
              latencies[latencies.length - 1]));
    }
  }

  /** Nearest rank: the smallest value that at least so many percent don't exceed. */
  static long percentile(long[] sorted, int percent) {
    int rank = (int) Math.ceil(sorted.length * percent / 100.0);
    return sorted[Math.max(rank, 1) - 1];
  }

  private static Optional<Long> detected(Evidence evidence, long faultMicros) {
    boolean eligibleBefore =
        evidence.samples().stream()
            .filter(sample -> sample.atMicros() < faultMicros)
            .reduce((earlier, later) -> later)
            .map(sample -> sample.status().eligible(evidence.victim()))
            .orElse(false);
    if (!eligibleBefore) {
      return Optional.empty();
    }
    return evidence.samples().stream()
        .filter(sample -> sample.atMicros() >= faultMicros)
        .filter(sample -> !sample.status().eligible(evidence.victim()))
        .map(StatusSample::atMicros)
        .findFirst()
        .map(at -> at - faultMicros);
  }

  private static Optional<Long> back(Evidence evidence, long healMicros) {
    return evidence.requests().stream()
        .filter(request -> request.servedBy().equals(evidence.victim()))
        .filter(request -> request.startedMicros() >= healMicros)
        .min(Comparator.comparingLong(Request::endedMicros))
        .map(request -> request.endedMicros() - healMicros);
  }
}
