package dev.backline.balancer.config;

import dev.backline.balancer.model.PoolName;
import java.util.Comparator;
import java.util.List;

/** The keys of a pool. */
final class PoolSchema {
  private static final int MAX_POOLS = 1_000;
  private static final String AS_BELOW = "as below";

  static final Key<List<Values>> BACKENDS =
      Key.optional(
          "backends",
          BackendSchema.LIST,
          "this, or `dns`, or `registration`",
          "Who answers: at least one. Exactly one of `backends`, `dns` and `registration` is"
              + " given.");
  static final Key<Values> DNS =
      Key.optional(
          "dns",
          DnsSchema.SECTION,
          "this, or `backends`, or `registration`",
          "The name whose addresses answer. Backends come and go with its addresses, without a"
              + " reload.");
  static final Key<Values> REGISTRATION =
      Key.optional(
          "registration",
          RegistrationSchema.POOL,
          "this, or `backends`, or `dns`",
          "Those answer that register themselves, for as long as they say so again.");
  static final Key<Values> BALANCE =
      Key.optional("balance", BalanceSchema.SECTION, AS_BELOW, "How exchanges are spread.");
  static final Key<Values> HEALTH =
      Key.optional("health", HealthSchema.SECTION, AS_BELOW, "How backends are probed.");
  static final Key<Values> RETRY =
      Key.optional(
          "retry",
          ExchangeSchema.RETRY,
          AS_BELOW,
          "How far an exchange goes to get an answer. What may have been executed is sent again only"
              + " if its method is idempotent.");
  static final Key<Values> QUEUE =
      Key.optional(
          "queue",
          ExchangeSchema.QUEUE,
          AS_BELOW,
          "How exchanges wait while no backend can take them.");
  static final Key<Values> TIMEOUTS =
      Key.optional("timeouts", ExchangeSchema.TIMEOUTS, AS_BELOW, "How long things may take.");
  static final Key<Values> LIMITS =
      Key.optional("limits", ExchangeSchema.LIMITS, AS_BELOW, "How much a backend is given.");

  static final SectionType SECTION =
      SectionType.of(BACKENDS, DNS, REGISTRATION, BALANCE, HEALTH, RETRY, QUEUE, TIMEOUTS, LIMITS)
          .withCheck(PoolSchema::check);
  private static final List<Key<?>> SOURCES = List.of(BACKENDS, DNS, REGISTRATION);
  static final NamedType MAP =
      new NamedType(SECTION, "pools, like {web: {backends: [127.0.0.11:3000]}}", MAX_POOLS);

  private PoolSchema() {}

  private static void check(Values pool, Report report) {
    List<Key<?>> sources =
        SOURCES.stream()
            .filter(pool::has)
            .sorted(Comparator.comparingInt(source -> pool.where(source).line()))
            .toList();
    for (Key<?> later : sources.subList(Math.min(1, sources.size()), sources.size())) {
      Key<?> first = sources.get(0);
      report.add(
          pool.where(later),
          "a second source",
          "one of backends, dns, registration: line "
              + pool.where(first).line()
              + " has "
              + first.name());
    }
    if (sources.isEmpty()) {
      report.add(
          pool.where(BACKENDS),
          "missing",
          BACKENDS.type().expected() + "; or dns: name:port, or registration: FILE instead");
    }
    List<Values> backends = pool.find(BACKENDS);
    if (backends != null) {
      BackendSchema.checkPool(backends, report);
    }
  }

  /** Returns the pools of a file without errors. */
  static List<PoolConfig> toConfigs(List<Values> pools) {
    return pools.stream().map(PoolSchema::toConfig).toList();
  }

  private static PoolConfig toConfig(Values pool) {
    Values timeouts = pool.get(TIMEOUTS);
    return new PoolConfig(
        new PoolName(pool.name()),
        pool.has(BACKENDS) ? BackendSchema.toBackends(pool.get(BACKENDS)) : List.of(),
        pool.has(DNS) ? DnsSchema.toConfig(pool.get(DNS)) : null,
        pool.has(REGISTRATION) ? RegistrationSchema.toConfig(pool.get(REGISTRATION)) : null,
        BalanceSchema.toPolicy(pool.get(BALANCE), pool.get(LIMITS).get(ExchangeSchema.IN_FLIGHT)),
        HealthSchema.toPolicy(pool.get(HEALTH)),
        ExchangeSchema.toRetryPolicy(pool.get(RETRY), timeouts),
        ExchangeSchema.toQueuePolicy(pool.get(QUEUE)),
        ExchangeSchema.toConnectionPolicy(timeouts));
  }
}
