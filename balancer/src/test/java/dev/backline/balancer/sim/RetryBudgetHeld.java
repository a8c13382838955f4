package dev.backline.balancer.sim;

import dev.backline.balancer.model.Outcome;
import dev.backline.balancer.retry.RetryPolicy;
import dev.backline.balancer.retry.Step;
import java.util.ArrayDeque;
import java.util.LinkedHashMap;
import java.util.Map;

/** Retries of what was sent stay within their part of the requests of the last ten seconds. */
final class RetryBudgetHeld extends Check {
  private static final int SECONDS = 10;

  /** One second's counts; a budget is replaced when its policy is. */
  private static final class Second {
    final long second;
    long requests;
    long retries;

    Second(long second) {
      this.second = second;
    }
  }

  private final Map<Integer, ArrayDeque<Second>> budgets = new LinkedHashMap<>();

  RetryBudgetHeld(World world) {
    super(world);
  }

  @Override
  void onBegin(SimulatedExchange exchange) {
    now(exchange.budget).requests++;
  }

  @Override
  void onStep(SimulatedExchange exchange, Outcome outcome, Step step) {
    boolean sent =
        outcome instanceof Outcome.BrokenBeforeHead || outcome instanceof Outcome.TimedOut;
    if (!sent || !(step instanceof Step.TryOn)) {
      return;
    }
    Second now = now(exchange.budget);
    now.retries++;
    long requests = 0;
    long retries = 0;
    for (Second second : budgets.getOrDefault(exchange.budget, new ArrayDeque<>())) {
      if (now.second - second.second < SECONDS) {
        requests += second.requests;
        retries += second.retries;
      }
    }
    RetryPolicy policy = exchange.policy.retry();
    long bound =
        (long) policy.budgetPerSecond() * SECONDS + requests * policy.budgetPercent() / 100;
    if (retries > bound) {
      throw violation(
          "%d retries of %d requests in ten seconds (expected: <= %d)"
              .formatted(retries, requests, bound));
    }
  }

  private Second now(int budget) {
    ArrayDeque<Second> seconds = budgets.computeIfAbsent(budget, b -> new ArrayDeque<>());
    long second = Math.floorDiv(nowNanos(), Agenda.SECOND);
    Second last = seconds.peekLast();
    if (last == null || last.second != second) {
      last = new Second(second);
      seconds.add(last);
    }
    return last;
  }
}
