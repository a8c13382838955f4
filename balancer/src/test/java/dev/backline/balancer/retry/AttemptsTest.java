package dev.backline.balancer.retry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.backline.balancer.model.BackendId;
import dev.backline.balancer.model.Cause;
import dev.backline.balancer.model.Headers;
import dev.backline.balancer.model.Outcome;
import dev.backline.balancer.model.RequestHead;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Outcomes as text: A answered 200, 5 answered 500, C connect failed, B broken before its head, K
 * the same on a kept connection, H broken after it, T timed out, G client gone, N nobody can take
 * it.
 */
final class AttemptsTest {
  private static final long MILLI = 1_000_000;
  private static final String OUTCOMES = "A5CBKHhTGN";

  private final RetryPolicy policy = policy(3, 20, 10);

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          GET      | yes | A | relay
          GET      | yes | 5 | relay
          GET      | yes | C | try
          GET      | yes | B | try
          GET      | yes | K | try
          GET      | yes | H | cut
          GET      | yes | T | try
          GET      | yes | G | 499 maybe
          GET      | yes | N | wait
          HEAD     | yes | T | try
          OPTIONS  | yes | T | try
          GET      | no  | A | relay
          GET      | no  | C | try
          GET      | no  | B | 502 maybe
          GET      | no  | K | 502 maybe
          GET      | no  | T | 504 maybe
          GET      | no  | N | wait
          PUT      | yes | A | relay
          PUT      | yes | 5 | relay
          PUT      | yes | C | try
          PUT      | yes | B | try
          PUT      | yes | K | try
          PUT      | yes | H | cut
          PUT      | yes | T | 504 maybe
          PUT      | yes | h | try
          PUT      | no  | h | 502 maybe
          PUT      | yes | G | 499 maybe
          PUT      | yes | N | wait
          PUT      | no  | B | 502 maybe
          PUT      | no  | C | try
          DELETE   | yes | B | try
          DELETE   | yes | T | 504 maybe
          POST     | yes | A | relay
          POST     | yes | 5 | relay
          POST     | yes | C | try
          POST     | yes | B | 502 maybe
          POST     | yes | K | 502 maybe
          POST     | yes | H | cut
          POST     | yes | T | 504 maybe
          POST     | yes | h | 502 maybe
          POST     | yes | G | 499 maybe
          POST     | yes | N | wait
          POST     | no  | C | try
          POST     | no  | B | 502 maybe
          POST     | no  | T | 504 maybe
          POST     | no  | N | wait
          PATCH    | yes | B | 502 maybe
          PATCH    | yes | T | 504 maybe
          get      | yes | B | 502 maybe
          GET      | yes | BB | try, try
          GET      | yes | BBB | try, try, 502 maybe
          GET      | yes | hAhBA | try, relay, try, 502 maybe, relay
          GET      | yes | TTT | try, try, 504 maybe
          GET      | yes | BTB | try, try, 502 maybe
          GET      | yes | CCCCCCCCA | try, try, try, try, try, try, try, try, relay
          GET      | yes | CBCBCBC | try, try, try, try, try, 502 maybe, try
          PUT      | yes | BT | try, 504 maybe
          PUT      | yes | BBA | try, try, relay
          POST     | yes | CCB | try, try, 502 maybe
          POST     | yes | CNCA | try, wait, try, relay
          GET      | yes | BNA | try, wait, relay
          """)
  void stepFollowsFromWhatIsKnownOfTheOldAttempt(
      String method, String replayable, String outcomes, String steps) {
    Attempts attempts = attempts(policy, method);
    List<String> taken = new ArrayList<>();
    for (int i = 0; i < outcomes.length(); i++) {
      taken.add(words(next(attempts, outcomes.charAt(i), replayable.equals("yes"), i * MILLI)));
    }
    assertThat(String.join(", ", taken)).isEqualTo(steps);
  }

  @Test
  void everyOutcomeIsInTheTable() {
    Set<Class<?>> known = new LinkedHashSet<>();
    for (int i = 0; i < OUTCOMES.length(); i++) {
      known.add(outcome(OUTCOMES.charAt(i)).getClass());
    }
    assertThat(Outcome.class.getPermittedSubclasses()).containsExactlyInAnyOrderElementsOf(known);
  }

  @Test
  void everyStepIsReached() {
    Set<Class<?>> reached = new LinkedHashSet<>();
    for (int i = 0; i < OUTCOMES.length(); i++) {
      for (String method : List.of("GET", "POST")) {
        reached.add(next(attempts(policy, method), OUTCOMES.charAt(i), true, 0).getClass());
      }
    }
    assertThat(Step.class.getPermittedSubclasses()).containsExactlyInAnyOrderElementsOf(reached);
  }

  /** Whatever happens, in whatever order: after something may have been sent, never again. */
  @ParameterizedTest
  @ValueSource(strings = {"POST", "PATCH", "LOCK", "post"})
  void requestThatIsNotIdempotentIsNeverSentTwice(String method) {
    SplittableRandom random = new SplittableRandom(1);
    for (int round = 0; round < 20_000; round++) {
      Attempts attempts = attempts(policy, method);
      boolean mayBeSent = false;
      long nowNanos = 0;
      for (int i = 0; i < 12; i++) {
        char outcome = OUTCOMES.charAt(random.nextInt(OUTCOMES.length()));
        nowNanos += random.nextLong(4_000 * MILLI);
        mayBeSent |= "A5BKHTG".indexOf(outcome) >= 0;
        Step step = next(attempts, outcome, random.nextBoolean(), nowNanos);
        if (!(step instanceof Step.TryOn || step instanceof Step.Wait)) {
          break;
        }
        assertThat(mayBeSent).as("sent and then %s after %s", words(step), outcome).isFalse();
      }
    }
  }

  @Test
  void putThatTimedOutIsNeverSentAgainSinceItMayRunLate() {
    assertThat(words(next(attempts(policy, "PUT"), 'T', true, 0))).isEqualTo("504 maybe");
  }

  @ParameterizedTest
  @CsvSource({"1, 502 maybe", "2, 'try, 502 maybe'", "4, 'try, try, try, 502 maybe'"})
  void attemptsAreBounded(int bound, String steps) {
    Attempts attempts = attempts(policy(bound, 20, 10), "GET");
    List<String> taken = new ArrayList<>();
    for (int i = 0; i < bound; i++) {
      taken.add(words(next(attempts, 'B', true, i)));
    }
    assertThat(String.join(", ", taken)).isEqualTo(steps);
  }

  @Test
  void withoutABudgetOnlyWhatWasNotSentIsTriedAgain() {
    RetryPolicy broke = policy(3, 0, 0);
    assertThat(words(next(attempts(broke, "GET"), 'B', true, 0))).isEqualTo("502 maybe");
    assertThat(words(next(attempts(broke, "GET"), 'T', true, 0))).isEqualTo("504 maybe");
    assertThat(words(next(attempts(broke, "GET"), 'C', true, 0))).isEqualTo("try");
    assertThat(words(next(attempts(broke, "GET"), 'N', true, 0))).isEqualTo("wait");
  }

  @Test
  void attemptsThatSentNothingAndRefusedRetriesDoNotDrawOnTheBudget() {
    RetryBudget budget = new RetryBudget(policy(3, 0, 1)); // Ten in ten seconds.
    for (int i = 0; i < 100; i++) {
      Attempts attempts = new Attempts(policy, Duration.ofSeconds(2), budget, head("GET"), 0);
      next(attempts, 'C', true, 0);
      next(attempts, 'N', true, 0);
      next(attempts(policy, "POST"), 'B', true, 0);
    }
    int granted = 0;
    while (budget.tryTake(0)) {
      granted++;
    }
    assertThat(granted).isEqualTo(10);
  }

  @ParameterizedTest
  @CsvSource({
    "C, 29999, try",
    "C, 30000, 504 not sent",
    "B, 29999, try",
    "B, 30000, 502 maybe",
    "T, 30000, 504 maybe",
    "N, 30000, 503 not sent",
    "A, 30001, relay",
  })
  void nothingIsTriedAfterTheDeadline(char outcome, long millis, String step) {
    for (long startNanos : new long[] {0, -40_000 * MILLI, 1L << 40}) {
      Attempts attempts =
          new Attempts(
              policy, Duration.ofSeconds(2), new RetryBudget(policy), head("GET"), startNanos);
      assertThat(words(next(attempts, outcome, true, startNanos + millis * MILLI))).isEqualTo(step);
      assertThat(attempts.deadlineNanos()).isEqualTo(startNanos + 30_000 * MILLI);
    }
  }

  @Test
  void afterTheDeadlineItIsSaidWhetherSomethingWasSent() {
    Attempts attempts = attempts(policy, "GET");
    next(attempts, 'B', true, 0);
    assertThat(words(next(attempts, 'C', true, 30_000 * MILLI))).isEqualTo("504 maybe");
  }

  @Test
  void allWaitsTogetherLastNoLongerThanOne() {
    Attempts attempts = attempts(policy, "POST");
    assertThat(next(attempts, 'N', true, 100 * MILLI)).isEqualTo(new Step.Wait(2_100 * MILLI));
    attempts.onReleased();
    assertThat(words(next(attempts, 'C', true, 600 * MILLI))).isEqualTo("try");
    assertThat(next(attempts, 'N', true, 700 * MILLI)).isEqualTo(new Step.Wait(2_100 * MILLI));
    assertThat(next(attempts, 'N', true, 2_099 * MILLI)).isEqualTo(new Step.Wait(2_100 * MILLI));
    assertThat(words(next(attempts, 'N', true, 2_100 * MILLI))).isEqualTo("503 not sent");
  }

  @Test
  void waitEndsWithTheDeadline() {
    Attempts attempts = attempts(policy, "GET");
    assertThat(next(attempts, 'N', true, 29_500 * MILLI)).isEqualTo(new Step.Wait(30_000 * MILLI));
  }

  @Test
  void waitAfterSomethingWasSentSaysSo() {
    Attempts attempts = attempts(policy, "GET");
    next(attempts, 'B', true, 0);
    next(attempts, 'N', true, 0);
    assertThat(words(next(attempts, 'N', true, 2_000 * MILLI))).isEqualTo("503 maybe");
  }

  @Test
  void withoutAQueueNobodyWaits() {
    Attempts attempts =
        new Attempts(policy, Duration.ZERO, new RetryBudget(policy), head("GET"), 0);
    assertThat(words(next(attempts, 'N', true, 0))).isEqualTo("503 not sent");
  }

  @Test
  void triedBackendsAreNotSelectedAgainUntilAWaitIsOver() {
    Attempts attempts = attempts(policy, "GET");
    BackendId a = new BackendId("a", 1);
    BackendId b = new BackendId("b", 1);
    assertThat(attempts.tried()).isEmpty();
    attempts.onTry(a);
    attempts.onTry(b);
    assertThat(attempts.tried()).containsExactly(a, b);
    assertThatThrownBy(() -> attempts.tried().add(a))
        .isInstanceOf(UnsupportedOperationException.class);
    attempts.onReleased();
    assertThat(attempts.tried()).isEmpty();
  }

  private static RetryPolicy policy(int attempts, int percent, int perSecond) {
    return new RetryPolicy(
        attempts, percent, perSecond, 64 * 1024, Duration.ofSeconds(15), Duration.ofSeconds(30));
  }

  private static Attempts attempts(RetryPolicy policy, String method) {
    return new Attempts(policy, Duration.ofSeconds(2), new RetryBudget(policy), head(method), 0);
  }

  private static RequestHead head(String method) {
    return new RequestHead(method, "a", "/", "192.0.2.1", Headers.NONE);
  }

  private static Step next(Attempts attempts, char outcome, boolean replayable, long nowNanos) {
    return attempts.next(outcome(outcome), replayable, nowNanos);
  }

  private static Outcome outcome(char letter) {
    return switch (letter) {
      case 'A' -> new Outcome.Answered(200, MILLI);
      case '5' -> new Outcome.Answered(500, MILLI);
      case 'C' -> new Outcome.ConnectFailed(Cause.REFUSED);
      case 'B' -> new Outcome.BrokenBeforeHead(Cause.RESET, false);
      case 'K' -> new Outcome.BrokenBeforeHead(Cause.CLOSED, true);
      case 'H' -> new Outcome.BrokenAfterHead(Cause.CLOSED, true);
      case 'h' -> new Outcome.BrokenAfterHead(Cause.CLOSED, false);
      case 'T' -> new Outcome.TimedOut();
      case 'G' -> new Outcome.ClientGone();
      case 'N' -> new Outcome.Refused();
      default -> throw new AssertionError(letter);
    };
  }

  private static String words(Step step) {
    if (step instanceof Step.TryOn) {
      return "try";
    }
    if (step instanceof Step.Wait) {
      return "wait";
    }
    if (step instanceof Step.Relay) {
      return "relay";
    }
    if (step instanceof Step.CutOff) {
      return "cut";
    }
    if (step instanceof Step.GiveUp giveUp) {
      return giveUp.status() + (giveUp.maybeExecuted() ? " maybe" : " not sent");
    }
    throw new AssertionError(step);
  }
}
