package dev.backline.testbed.check;

import dev.backline.testbed.history.Evidence;
import dev.backline.testbed.history.Exchange;
import dev.backline.testbed.history.Moment;
import dev.backline.testbed.history.PoolStatus.BackendStatus;
import dev.backline.testbed.history.StatusSample;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.stream.LongStream;

/**
 * What one member has seen of the victim all act on: its own attempts on the victim end {@link
 * #OWN_MICROS} after it saw it, those of other members {@link #OTHERS_MICROS} after that.
 *
 * <p>It saw it, at the latest, when its first attempt there failed or its status no longer called
 * the victim up. The log counts in whole milliseconds: a member's times are early by up to one.
 */
public record VerdictShared(String first) implements Check {
  static final long OWN_MICROS = 100_000;
  static final long OTHERS_MICROS = 300_000;

  @Override
  public Finding check(Evidence evidence) {
    long fault = evidence.fault().fromMicros();
    OptionalLong seen =
        LongStream.concat(failedAttempts(evidence, fault), notUp(evidence, fault)).min();
    if (seen.isEmpty()) {
      return Finding.invalid(this, first + " never saw it (expected: it did)");
    }
    long until =
        evidence.has(Moment.Kind.HEAL)
            ? evidence.first(Moment.Kind.HEAL).fromMicros()
            : Long.MAX_VALUE;
    List<String> late = new ArrayList<>();
    List<String> through = new ArrayList<>();
    int others = 0;
    for (Exchange exchange : evidence.exchanges()) {
      boolean own = exchange.member().equals(first);
      long bound = seen.getAsLong() + (own ? OWN_MICROS : OTHERS_MICROS);
      others += !own && exchange.beganMicros() > bound ? 1 : 0;
      exchange
          .attemptsOn(evidence.victim())
          .mapToLong(exchange::beganMicros)
          .filter(began -> began > bound && began < until)
          .forEach(
              began -> {
                late.add(exchange.id());
                through.add(exchange.member());
              });
    }
    String sentence =
        "%s saw it %.0f ms after the fault; %d attempts of its own later than %d ms after that, %d of others later than %d ms, who had %d exchanges since"
            .formatted(
                first,
                (seen.getAsLong() - fault) / 1000.0,
                through.stream().filter(first::equals).count(),
                OWN_MICROS / 1000,
                through.stream().filter(member -> !member.equals(first)).count(),
                OTHERS_MICROS / 1000,
                others);
    if (others == 0) {
      return Finding.invalid(this, sentence + " (expected: some)");
    }
    return late.isEmpty()
        ? Finding.pass(this, sentence)
        : Finding.fail(this, sentence + " (expected: 0 and 0)", late);
  }

  private LongStream failedAttempts(Evidence evidence, long fault) {
    return evidence.exchanges().stream()
        .filter(exchange -> exchange.member().equals(first))
        .flatMapToLong(
            exchange ->
                exchange
                    .attemptsOn(evidence.victim())
                    .filter(attempt -> !attempt.answered())
                    .mapToLong(exchange::endedMicros))
        .filter(ended -> ended >= fault);
  }

  private LongStream notUp(Evidence evidence, long fault) {
    return evidence.samples().stream()
        .filter(sample -> sample.member().equals(first))
        .filter(sample -> sample.atMicros() >= fault)
        .filter(sample -> !isUp(sample.status().backend(evidence.victim())))
        .mapToLong(StatusSample::atMicros);
  }

  private static boolean isUp(Optional<BackendStatus> backend) {
    return backend.map(seen -> seen.health().equals("up")).orElse(false);
  }

  @Override
  public String name() {
    return "verdict shared";
  }
}
