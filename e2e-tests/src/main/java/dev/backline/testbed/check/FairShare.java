package dev.backline.testbed.check;

import dev.backline.testbed.history.Evidence;
import dev.backline.testbed.history.Fate;
import dev.backline.testbed.history.Moment;
import dev.backline.testbed.history.Request;
import java.util.Comparator;
import java.util.List;

/**
 * The backend that came back gets at least 80 % of its fair share by weight, over some 2 s that end
 * within 15 s of the heal.
 *
 * <p>15 s: the ramp of a new incarnation is 10 s, its proof by two probes at 500 ms 1 s, the window
 * 2 s, and 2 s are spare.
 */
public record FairShare() implements Check {
  public static final long WITHIN_MICROS = 15_000_000;
  private static final long WINDOW_MICROS = 2_000_000;
  private static final long STEP_MICROS = 100_000;
  private static final double LEAST_PART = 0.8;
  private static final int LEAST_ANSWERS = 20;

  @Override
  public Finding check(Evidence evidence) {
    Moment heal = evidence.first(Moment.Kind.HEAL);
    String backend = heal.subject();
    double fair = fairShare(evidence, backend);
    List<Request> answered =
        evidence.requests().stream()
            .filter(request -> request.fate() == Fate.ANSWERED && !request.servedBy().isEmpty())
            .filter(request -> request.endedMicros() >= heal.toMicros())
            .sorted(Comparator.comparingLong(Request::endedMicros))
            .toList();
    double best = 0;
    long latestEnd = heal.toMicros() + WITHIN_MICROS;
    long lastAnswer = answered.isEmpty() ? 0 : answered.get(answered.size() - 1).endedMicros();
    for (long end = heal.toMicros() + WINDOW_MICROS;
        end <= Math.min(latestEnd, lastAnswer);
        end += STEP_MICROS) {
      double share = shareIn(answered, backend, end - WINDOW_MICROS, end);
      best = Math.max(best, share);
      if (share >= LEAST_PART * fair) {
        return Finding.pass(
            this,
            "%s had %.0f %% of the answers %.1f s after the heal (its fair share: %.0f %%)"
                .formatted(backend, share * 100, (end - heal.toMicros()) / 1e6, fair * 100));
      }
    }
    return Finding.fail(
        this,
        "%s had at most %.0f %% of the answers in any 2 s within 15 s of the heal (expected: >= %.0f %%)"
            .formatted(backend, best * 100, LEAST_PART * fair * 100),
        List.of());
  }

  private static double fairShare(Evidence evidence, String backend) {
    int all = evidence.weights().values().stream().mapToInt(Integer::intValue).sum();
    return (double) evidence.weights().getOrDefault(backend, 0) / all;
  }

  private static double shareIn(List<Request> answered, String backend, long from, long to) {
    int all = 0;
    int its = 0;
    for (Request request : answered) {
      if (request.endedMicros() >= from && request.endedMicros() < to) {
        all++;
        its += request.servedBy().equals(backend) ? 1 : 0;
      }
    }
    return all < LEAST_ANSWERS ? 0 : (double) its / all;
  }

  @Override
  public String name() {
    return "fair share after the heal";
  }
}
