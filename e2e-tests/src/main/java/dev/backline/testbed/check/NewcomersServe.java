package dev.backline.testbed.check;

import dev.backline.testbed.history.Evidence;
import dev.backline.testbed.history.Fate;
import dev.backline.testbed.history.Moment;
import dev.backline.testbed.history.Request;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;

/**
 * Each of these backends, added under load, answers its first request within 3 s of when it said
 * itself that it is healthy.
 *
 * <p>3 s: a name is asked for every second, and its first probe goes out at once; the rest is for
 * its first request, as it begins with a tenth of its share.
 */
public record NewcomersServe(List<String> backends) implements Check {
  static final long WITHIN_MICROS = 3_000_000;

  public NewcomersServe {
    backends = List.copyOf(backends);
  }

  @Override
  public Finding check(Evidence evidence) {
    List<String> seen = new ArrayList<>();
    boolean late = false;
    for (String backend : backends) {
      OptionalLong healthy = healthy(evidence, backend);
      if (healthy.isEmpty()) {
        return Finding.invalid(this, backend + " never said that it is healthy (expected: it did)");
      }
      long bound = healthy.getAsLong() + WITHIN_MICROS;
      OptionalLong first = firstAnswer(evidence, backend, healthy.getAsLong());
      if (first.isEmpty() && loadEnded(evidence) < bound) {
        return Finding.invalid(
            this, "the load ended before " + backend + " had 3 s to serve (expected: later)");
      }
      late |= first.isEmpty() || first.getAsLong() > bound;
      seen.add(
          first.isEmpty()
              ? backend + " never served"
              : "%s served after %.2f s"
                  .formatted(backend, (first.getAsLong() - healthy.getAsLong()) / 1e6));
    }
    String sentence = String.join(", ", seen);
    return late
        ? Finding.fail(this, sentence + " (expected: <= 3 s after it is healthy)", List.of())
        : Finding.pass(this, sentence);
  }

  private static OptionalLong healthy(Evidence evidence, String backend) {
    return evidence.moments().stream()
        .filter(moment -> moment.kind() == Moment.Kind.READY && moment.subject().equals(backend))
        .mapToLong(Moment::fromMicros)
        .filter(at -> at >= evidence.fault().fromMicros())
        .min();
  }

  /** What it served before it said so proves nothing of what comes then. */
  private static OptionalLong firstAnswer(Evidence evidence, String backend, long healthy) {
    return evidence.requests().stream()
        .filter(r -> r.fate() == Fate.ANSWERED && r.status() < 400)
        .filter(request -> request.servedBy().equals(backend))
        .mapToLong(Request::endedMicros)
        .filter(at -> at >= healthy)
        .min();
  }

  private static long loadEnded(Evidence evidence) {
    return evidence.requests().stream().mapToLong(Request::endedMicros).max().orElse(0);
  }

  @Override
  public String name() {
    return "newcomers served in time";
  }
}
