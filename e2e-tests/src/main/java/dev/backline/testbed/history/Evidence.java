package dev.backline.testbed.history;

import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * All that is known of one drill when it is over: what the checkers judge.
 *
 * @param victim the process that the fault befell
 * @param sent how many requests the load counted as sent, apart from their records
 * @param weights weight of each backend by name, those added on the way included
 * @param moments in the order of time; holds at least the load's begin and the fault
 */
public record Evidence(
    String drill,
    String victim,
    long sent,
    Map<String, Integer> weights,
    List<Request> requests,
    List<Ledger> ledgers,
    List<Exchange> exchanges,
    List<StatusSample> samples,
    List<Moment> moments,
    Machine machine) {
  public Evidence {
    weights = Map.copyOf(weights);
    requests = List.copyOf(requests);
    ledgers = List.copyOf(ledgers);
    exchanges = List.copyOf(exchanges);
    samples = List.copyOf(samples);
    moments = List.copyOf(moments);
  }

  /** The first moment of a kind; a drill without it is not a drill. */
  public Moment first(Moment.Kind kind) {
    return moments.stream()
        .filter(moment -> moment.kind() == kind)
        .findFirst()
        .orElseThrow(() -> new AssertionError(drill + ": no " + kind + " in " + moments));
  }

  public boolean has(Moment.Kind kind) {
    return moments.stream().anyMatch(moment -> moment.kind() == kind);
  }

  public Moment fault() {
    return first(Moment.Kind.FAULT);
  }

  public Ledger victimsLedger() {
    return ledger(victim);
  }

  /** The ledger of a backend; empty if it never executed anything. */
  public Ledger ledger(String backend) {
    return ledgers.stream()
        .filter(ledger -> ledger.backend().equals(backend))
        .findFirst()
        .orElse(new Ledger(backend, List.of()));
  }

  /** The access log by request id. */
  public Map<String, Exchange> exchangesById() {
    Map<String, Exchange> byId = new HashMap<>();
    exchanges.forEach(exchange -> byId.put(exchange.id(), exchange));
    return byId;
  }
}
