package dev.backline.testbed.history;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/**
 * All that is known of one drill when it is over: what the checkers judge.
 *
 * @param victim the process that the fault befell
 * @param sent how many requests the load counted as sent, apart from their records
 * @param addresses where each node that is still there serves, by name
 * @param weights weight of each backend by name, those added on the way included
 * @param moments in the order of time; holds at least the load's begin and the fault
 */
public record Evidence(
    String drill,
    String victim,
    long sent,
    Map<String, String> addresses,
    Map<String, Integer> weights,
    List<Request> requests,
    List<Ledger> ledgers,
    List<Exchange> exchanges,
    List<StatusSample> samples,
    List<Moment> moments,
    Machine machine) {
  public Evidence {
    addresses = Map.copyOf(addresses);
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

  /** Whether the request went over a connection to the balancer of that name. */
  public boolean wentThrough(String balancer, Request request) {
    return request.target().equals(addresses.get(balancer));
  }

  /** Names of the balancers that wrote the access log or showed their status, in order. */
  public Set<String> members() {
    Set<String> members = new TreeSet<>();
    exchanges.forEach(exchange -> members.add(exchange.member()));
    samples.forEach(sample -> members.add(sample.member()));
    return members;
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
