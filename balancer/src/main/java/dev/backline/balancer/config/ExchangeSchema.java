package dev.backline.balancer.config;

import dev.backline.balancer.balance.BalancePolicy;
import dev.backline.balancer.limit.ConnectionPolicy;
import dev.backline.balancer.limit.QueuePolicy;
import dev.backline.balancer.retry.RetryPolicy;
import java.time.Duration;

/** The keys that bound an exchange with a pool: its attempts, its waiting, its time, its place. */
final class ExchangeSchema {
  private static final int MAX_ATTEMPTS = 10;
  private static final int MAX_BUDGET_PERCENT = 100;
  private static final int MAX_BUDGET_PER_SECOND = 100_000;
  private static final int MAX_REPLAY_BYTES = 16 << 20;
  private static final int MAX_QUEUED = 100_000;
  private static final int MAX_IN_FLIGHT = 100_000;
  private static final Duration MAX_ANSWER = Duration.ofHours(1);

  static final Key<Integer> ATTEMPTS =
      Key.of(
          "attempts",
          Numbers.from(1, MAX_ATTEMPTS),
          RetryPolicy.DEFAULT.attempts(),
          "Attempts that may have reached a backend, at most, each on another one. With 1, nothing"
              + " that may have reached a backend is sent again.");
  static final Key<Integer> BUDGET_PERCENT =
      Key.of(
          "budget_percent",
          Numbers.percent(MAX_BUDGET_PERCENT),
          RetryPolicy.DEFAULT.budgetPercent(),
          "Retries allowed per hundred requests of the last 10 s. Trap: a large budget multiplies"
              + " the load on backends that are failing from load.");
  static final Key<Integer> BUDGET_PER_SECOND =
      Key.of(
          "budget_per_second",
          Numbers.from(0, MAX_BUDGET_PER_SECOND),
          RetryPolicy.DEFAULT.budgetPerSecond(),
          "Retries allowed each second on top of it, so that little traffic can be retried too.");
  static final Key<Integer> REPLAY_LIMIT =
      Key.of(
          "replay_limit",
          Units.size(0, MAX_REPLAY_BYTES),
          RetryPolicy.DEFAULT.replayLimitBytes(),
          "The largest request body that is kept so that it can be sent again. Larger ones stream,"
              + " and can't be sent again.");
  static final SectionType RETRY =
      SectionType.of(ATTEMPTS, BUDGET_PERCENT, BUDGET_PER_SECOND, REPLAY_LIMIT);

  static final Key<Duration> WAIT =
      Key.of(
          "wait",
          Units.duration(Duration.ZERO, Duration.ofMinutes(5)),
          QueuePolicy.DEFAULT.maxWait(),
          "How long an exchange waits at most while no backend can take it; `0s` turns the queue"
              + " off.");
  static final Key<Integer> EXCHANGES =
      Key.of(
          "exchanges",
          Numbers.from(1, MAX_QUEUED),
          QueuePolicy.DEFAULT.maxExchanges(),
          "How many may wait; the next is answered 503 at once.");
  static final SectionType QUEUE = SectionType.of(WAIT, EXCHANGES);

  static final Key<Duration> CONNECT =
      Key.of(
          "connect",
          Units.duration(Duration.ofMillis(1), Duration.ofMinutes(1)),
          ConnectionPolicy.DEFAULT.connectTimeout(),
          "How long a connect may take; at most `head`. Trap: what takes longer makes a backend"
              + " suspect, so backends that are far away need more.");
  static final Key<Duration> HEAD =
      Key.of(
          "head",
          Units.duration(Duration.ofMillis(10), MAX_ANSWER),
          RetryPolicy.DEFAULT.head(),
          "How long one attempt waits for the head of the answer; at most `total`.");
  static final Key<Duration> TOTAL =
      Key.of(
          "total",
          Units.duration(Duration.ofMillis(10), MAX_ANSWER),
          RetryPolicy.DEFAULT.total(),
          "How long an exchange may take until that head, all attempts together. Trap: a client or a"
              + " proxy in front that gives up earlier never sees the retry.");
  static final Key<Duration> IDLE =
      Key.of(
          "idle",
          Units.duration(Duration.ofSeconds(1), Duration.ofHours(24)),
          ConnectionPolicy.DEFAULT.idleTimeout(),
          "How long an exchange may go on without a byte in either direction.");
  static final SectionType TIMEOUTS =
      SectionType.of(CONNECT, HEAD, TOTAL, IDLE).withCheck(ExchangeSchema::checkTimeouts);

  static final Key<Integer> IN_FLIGHT =
      Key.of(
          "in_flight",
          Numbers.from(1, MAX_IN_FLIGHT),
          BalancePolicy.DEFAULT.maxInFlight(),
          "Exchanges in flight on one backend from this member, at most. When all backends are full,"
              + " exchanges wait in the queue.");
  static final SectionType LIMITS = SectionType.of(IN_FLIGHT);

  private ExchangeSchema() {}

  private static void checkTimeouts(Values timeouts, Report report) {
    Orders.atMost(timeouts, CONNECT, HEAD, report);
    Orders.atMost(timeouts, HEAD, TOTAL, report);
  }

  /** Returns the policy of a file without errors. */
  static RetryPolicy toRetryPolicy(Values retry, Values timeouts) {
    return new RetryPolicy(
        retry.get(ATTEMPTS),
        retry.get(BUDGET_PERCENT),
        retry.get(BUDGET_PER_SECOND),
        retry.get(REPLAY_LIMIT),
        timeouts.get(HEAD),
        timeouts.get(TOTAL));
  }

  /** Returns the policy of a file without errors. */
  static QueuePolicy toQueuePolicy(Values queue) {
    return new QueuePolicy(queue.get(WAIT), queue.get(EXCHANGES));
  }

  /** Returns the policy of a file without errors. */
  static ConnectionPolicy toConnectionPolicy(Values timeouts) {
    return new ConnectionPolicy(timeouts.get(CONNECT), timeouts.get(IDLE));
  }
}
