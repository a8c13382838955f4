package dev.backline.testbed.check;

import dev.backline.testbed.history.Evidence;
import dev.backline.testbed.history.Exchange;
import dev.backline.testbed.history.Moment;
import java.time.Duration;
import java.util.List;
import java.util.stream.LongStream;

/**
 * While one member can't reach the victim, the others go on using it: from the fault to the heal
 * never longer than a bound without an attempt of theirs there. And the member that can't reach it
 * got no answer from there, or the fault was none.
 *
 * @param cutOff the member that can't reach the victim
 */
public record OthersGoOnUsing(String cutOff, Duration longestPause) implements Check {

  @Override
  public Finding check(Evidence evidence) {
    long from = evidence.fault().toMicros();
    long to = evidence.first(Moment.Kind.HEAL).fromMicros();
    long answered =
        evidence.exchanges().stream()
            .filter(exchange -> exchange.member().equals(cutOff))
            .filter(exchange -> answeredWithin(exchange, evidence.victim(), from, to))
            .count();
    if (answered > 0) {
      return Finding.invalid(
          this,
          "%s answered %s %d times (expected: 0)".formatted(evidence.victim(), cutOff, answered));
    }
    List<Long> attempts =
        evidence.exchanges().stream()
            .filter(exchange -> !exchange.member().equals(cutOff))
            .flatMap(e -> e.attemptsOn(evidence.victim()).map(e::beganMicros))
            .filter(began -> began >= from && began <= to)
            .sorted()
            .toList();
    long pause = longestPause(attempts, from, to);
    String seen =
        "others tried %s %d times in %.1f s, %d ms apart at most"
            .formatted(evidence.victim(), attempts.size(), (to - from) / 1e6, pause / 1000);
    return pause <= longestPause.toNanos() / 1000
        ? Finding.pass(this, seen)
        : Finding.fail(
            this, seen + " (expected: <= " + longestPause.toMillis() + " ms)", List.of());
  }

  private static boolean answeredWithin(Exchange exchange, String victim, long from, long to) {
    return exchange
        .attemptsOn(victim)
        .filter(Exchange.Attempt::answered)
        .anyMatch(a -> exchange.beganMicros(a) >= from && exchange.endedMicros(a) <= to);
  }

  private static long longestPause(List<Long> attempts, long from, long to) {
    long[] times =
        LongStream.concat(
                LongStream.concat(
                    LongStream.of(from), attempts.stream().mapToLong(Long::longValue)),
                LongStream.of(to))
            .toArray();
    long longest = 0;
    for (int i = 1; i < times.length; i++) {
      longest = Math.max(longest, times[i] - times[i - 1]);
    }
    return longest;
  }

  @Override
  public String name() {
    return "others go on using it";
  }
}
