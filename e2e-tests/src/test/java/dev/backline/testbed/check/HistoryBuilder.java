package dev.backline.testbed.check;

import dev.backline.testbed.history.Evidence;
import dev.backline.testbed.history.Exchange;
import dev.backline.testbed.history.Fate;
import dev.backline.testbed.history.Ledger;
import dev.backline.testbed.history.LedgerEntry;
import dev.backline.testbed.history.Machine;
import dev.backline.testbed.history.Moment;
import dev.backline.testbed.history.PoolStatus;
import dev.backline.testbed.history.PoolStatus.BackendStatus;
import dev.backline.testbed.history.Request;
import dev.backline.testbed.history.StatusSample;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Writes histories for the checkers' tests: client, access log and ledgers agree unless a test
 * plants a lie. Times are milliseconds from the load's begin; the victim is backend-1, and all goes
 * through balancer-1, unless said otherwise.
 */
final class HistoryBuilder {
  static final String VICTIM = "backend-1";
  private static final int SERVICE_MILLIS = 20;

  final List<Request> requests = new ArrayList<>();
  final List<Exchange> exchanges = new ArrayList<>();
  final Map<String, List<LedgerEntry>> ledgers = new LinkedHashMap<>();
  final List<StatusSample> samples = new ArrayList<>();
  final List<Moment> moments = new ArrayList<>();
  final Map<String, Integer> weights = new LinkedHashMap<>();
  final Map<String, String> addresses = new LinkedHashMap<>();
  Machine machine = new Machine(25, 3, 0, 0);
  long sent = -1;
  String victim = VICTIM;
  private String member = "balancer-1";
  private int latestMillis;
  private int number;

  HistoryBuilder() {
    for (String backend : List.of("backend-1", "backend-2", "backend-3")) {
      ledgers.put(backend, new ArrayList<>());
      weights.put(backend, 1);
    }
    addresses.put("balancer-1", "127.0.0.1:8080");
    addresses.put("balancer-2", "127.0.0.2:8080");
    moment(Moment.Kind.LOAD_BEGAN, "load", 0, "");
  }

  /** A second of clean traffic every 10 ms over all three, then the fault at 1000 ms. */
  static HistoryBuilder cleanSecondThenFault() {
    return new HistoryBuilder()
        .traffic(0, 970, "backend-1", "backend-2", "backend-3")
        .moment(Moment.Kind.FAULT, VICTIM, 1000, "SIGKILL");
  }

  /** One GET every 10 ms, in turn over the backends, until before {@code toMillis}. */
  HistoryBuilder traffic(int fromMillis, int toMillis, String... backends) {
    for (int at = fromMillis; at < toMillis; at += 10) {
      answered("GET", at, backends[(at / 10) % backends.length]);
    }
    return this;
  }

  HistoryBuilder moment(Moment.Kind kind, String subject, int atMillis, String text) {
    moments.add(new Moment(kind, subject, atMillis * 1000L, atMillis * 1000L, text));
    return this;
  }

  /** The machine let nobody run. */
  HistoryBuilder stall(int fromMillis, int toMillis) {
    Moment.Kind kind = Moment.Kind.STALL;
    moments.add(new Moment(kind, "machine", fromMillis * 1000L, toMillis * 1000L, ""));
    return this;
  }

  /** What follows goes through this balancer. */
  HistoryBuilder through(String balancer) {
    member = balancer;
    return this;
  }

  /** What a balancer says of the victim, and which others it hears. */
  HistoryBuilder status(String balancer, int atMillis, String health, String... live) {
    return status(balancer, atMillis, List.of(live), 0, List.of(backend(VICTIM, health, 0)));
  }

  /** What a balancer has said of the victim for a time. */
  HistoryBuilder saying(String balancer, int atMillis, String health, long sinceMillis) {
    List<BackendStatus> backends = List.of(backend(VICTIM, health, sinceMillis));
    return status(balancer, atMillis, List.of(), 0, backends);
  }

  /** How many exchanges a balancer has in its queue. */
  HistoryBuilder queue(String balancer, int atMillis, long queued) {
    return status(balancer, atMillis, List.of(), queued, List.of(backend(VICTIM, "up", 0)));
  }

  /** What a balancer says of backend-1, backend-2 and so on. */
  HistoryBuilder statusOfAll(String balancer, int atMillis, String... healths) {
    List<BackendStatus> backends = new ArrayList<>();
    for (String health : healths) {
      backends.add(backend("backend-" + (backends.size() + 1), health, 0));
    }
    return status(balancer, atMillis, List.of(), 0, backends);
  }

  /** A request that its first attempt answered well; returns its id. */
  String answered(String method, int atMillis, String backend) {
    String id = nextId();
    request(id, method, atMillis, Fate.ANSWERED, 200, backend);
    exchange(id, method, 200, attempt(backend, "answered 200"));
    begin(backend, id, method, atMillis);
    end(backend, id, 200, atMillis + SERVICE_MILLIS);
    return id;
  }

  /** A request in flight on the victim when it died, not sent again: answered 502. */
  String lostOnVictim(String method, int atMillis) {
    String id = nextId();
    request(id, method, atMillis, Fate.ANSWERED, 502, "");
    exchange(id, method, 502, attempt(VICTIM, "closed before head"));
    begin(VICTIM, id, method, atMillis);
    return id;
  }

  /** A request in flight on the victim when it died, and answered by another. */
  String retried(String method, int atMillis) {
    String id = nextId();
    request(id, method, atMillis, Fate.ANSWERED, 200, "backend-2");
    exchange(
        id,
        method,
        200,
        attempt(VICTIM, "closed before head"),
        attempt("backend-2", "answered 200"));
    begin(VICTIM, id, method, atMillis);
    begin("backend-2", id, method, atMillis + SERVICE_MILLIS);
    end("backend-2", id, 200, atMillis + 2 * SERVICE_MILLIS);
    return id;
  }

  /** A request that the victim answered with 500, 1 ms after it began. */
  String lie(int atMillis) {
    String id = nextId();
    request(id, "GET", atMillis, Fate.ANSWERED, 500, VICTIM);
    exchange(id, "GET", 500, attempt(VICTIM, "answered 500"));
    return id;
  }

  /** A request that was answered so long after it was to be sent. */
  String answeredAfter(int atMillis, int latencyMillis) {
    String id = nextId();
    lasting(id, atMillis, latencyMillis, Fate.ANSWERED);
    return id;
  }

  /** A request that was answered so late that there was no room for it, and it was not sent. */
  String refused(int atMillis, int afterMillis) {
    String id = nextId();
    add(id, "GET", atMillis, afterMillis, Fate.ANSWERED, 503, "", "not-sent");
    return id;
  }

  /** A request that was given up after so long. */
  String timedOut(int atMillis, int afterMillis) {
    String id = nextId();
    lasting(id, atMillis, afterMillis, Fate.TIMED_OUT);
    return id;
  }

  /** A record of the client alone: no log, no ledger. */
  HistoryBuilder request(
      String id, String method, int atMillis, Fate fate, int status, String servedBy) {
    add(id, method, atMillis, SERVICE_MILLIS, fate, status, servedBy);
    return this;
  }

  HistoryBuilder exchange(String id, String method, int status, Exchange.Attempt... attempts) {
    exchanges.add(
        new Exchange(
            member,
            latestMillis * 1000L,
            id,
            method,
            "/",
            status,
            "answered",
            1,
            List.of(attempts)));
    return this;
  }

  static Exchange.Attempt attempt(String backend, String fate) {
    return new Exchange.Attempt(backend, "127.0.0.11:3000", 0.1, 1, fate);
  }

  HistoryBuilder begin(String backend, String id, String method, int atMillis) {
    return entry(
        backend, new LedgerEntry(LedgerEntry.Event.BEGIN, id, method, "/", 0, atMillis * 1000L));
  }

  HistoryBuilder end(String backend, String id, int status, int atMillis) {
    return entry(
        backend, new LedgerEntry(LedgerEntry.Event.END, id, "", "", status, atMillis * 1000L));
  }

  String nextId() {
    return "r-%04d".formatted(number++);
  }

  Evidence evidence() {
    return new Evidence(
        "kill",
        victim,
        sent < 0 ? requests.size() : sent,
        addresses,
        weights,
        requests,
        ledgers.entrySet().stream().map(e -> new Ledger(e.getKey(), e.getValue())).toList(),
        exchanges,
        samples,
        moments,
        machine);
  }

  private void lasting(String id, int atMillis, int millis, Fate fate) {
    add(id, "GET", atMillis, millis, fate, fate == Fate.ANSWERED ? 200 : 0, "");
  }

  private void add(
      String id, String method, int atMillis, int millis, Fate fate, int status, String servedBy) {
    add(id, method, atMillis, millis, fate, status, servedBy, "");
  }

  private void add(
      String id,
      String method,
      int atMillis,
      int millis,
      Fate fate,
      int status,
      String servedBy,
      String detail) {
    long at = atMillis * 1000L;
    latestMillis = atMillis;
    requests.add(
        new Request(
            id,
            method,
            "/",
            at,
            at,
            at + millis * 1000L,
            fate,
            status,
            servedBy,
            addresses.getOrDefault(member, ""),
            1,
            true,
            0,
            detail));
  }

  private static BackendStatus backend(String name, String health, long sinceMillis) {
    return new BackendStatus(
        name, "x:1", 1, "ready", health, true, "refused", sinceMillis, 0, 0, 0, "");
  }

  private HistoryBuilder status(
      String balancer, int atMillis, List<String> live, long queued, List<BackendStatus> backends) {
    return status(balancer, atMillis, "ready", live, queued, backends);
  }

  /** What a balancer says of itself. */
  HistoryBuilder state(String balancer, int atMillis, String state) {
    return status(balancer, atMillis, state, List.of(), 0, List.of(backend(VICTIM, "up", 0)));
  }

  private HistoryBuilder status(
      String balancer,
      int atMillis,
      String state,
      List<String> live,
      long queued,
      List<BackendStatus> backends) {
    PoolStatus status = new PoolStatus(balancer, state, 1, 0, queued, false, true, live, backends);
    samples.add(new StatusSample(balancer, atMillis * 1000L, status));
    return this;
  }

  private HistoryBuilder entry(String backend, LedgerEntry entry) {
    List<LedgerEntry> entries = ledgers.get(backend);
    if (entries == null) {
      throw new AssertionError("no such backend: " + backend);
    }
    entries.add(entry);
    return this;
  }
}
