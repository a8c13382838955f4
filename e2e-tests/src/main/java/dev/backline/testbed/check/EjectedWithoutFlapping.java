package dev.backline.testbed.check;

import dev.backline.testbed.history.Evidence;
import dev.backline.testbed.history.Moment;
import dev.backline.testbed.history.PoolStatus.BackendStatus;
import dev.backline.testbed.history.StatusSample;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Each member ejects the victim, and then has it out or on trial until the heal, never up between;
 * and it ejects it no more often than {@link EjectionTimes} allow.
 *
 * <p>A trial may be over between two samples: ejections are told apart by when they say that they
 * began. The first lasts 1 s, so what is said to have begun less than {@link #SAME_MICROS} later is
 * the same.
 */
public record EjectedWithoutFlapping() implements Check {
  static final long SAME_MICROS = 500_000;
  private static final String EJECTED = "ejected";
  private static final Set<String> OUT = Set.of(EJECTED, "trial");

  @Override
  public Finding check(Evidence evidence) {
    long from = evidence.fault().fromMicros();
    long to = evidence.first(Moment.Kind.HEAL).fromMicros();
    int most = 1 + EjectionTimes.trialsWithin(Duration.of(to - from, ChronoUnit.MICROS));
    List<String> seen = new ArrayList<>();
    boolean wrong = evidence.members().isEmpty();
    for (String member : evidence.members()) {
      Watch watch = new Watch(evidence.victim());
      evidence.samples().stream()
          .filter(sample -> sample.member().equals(member))
          .filter(sample -> sample.atMicros() >= from && sample.atMicros() < to)
          .forEach(watch::see);
      seen.add(
          "%s ejected it %d times, then called it %s"
              .formatted(
                  member,
                  watch.ejections,
                  watch.between.isEmpty() ? "nothing else" : watch.between));
      wrong |= watch.ejections == 0 || watch.ejections > most || !watch.between.isEmpty();
    }
    String sentence = String.join("; ", seen);
    return wrong
        ? Finding.fail(
            this,
            sentence + " (expected: 1 to " + most + " times by each member, and nothing else)",
            List.of())
        : Finding.pass(this, sentence);
  }

  @Override
  public String name() {
    return "ejected without flapping";
  }

  /** What one member says, sample by sample. */
  private static final class Watch {
    private final String victim;
    private final List<String> between = new ArrayList<>();
    private int ejections;
    private long lastMicros;

    Watch(String victim) {
      this.victim = victim;
    }

    void see(StatusSample sample) {
      Optional<Long> since = sample.saysSince(victim, EJECTED);
      if (since.isPresent() && (ejections == 0 || since.get() - lastMicros > SAME_MICROS)) {
        ejections++;
        lastMicros = since.get();
      }
      String health = sample.status().backend(victim).map(BackendStatus::health).orElse("unlisted");
      if (ejections > 0 && !OUT.contains(health) && !between.contains(health)) {
        between.add(health);
      }
    }
  }
}
