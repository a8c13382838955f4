package dev.backline.testbed.check;

import dev.backline.testbed.history.Evidence;
import dev.backline.testbed.history.Moment;
import dev.backline.testbed.history.Request;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;

/**
 * Every request that was to be sent later than a time after the fault, and before the heal, had its
 * answer within a bound.
 *
 * @param longest above what any answer takes on a machine that keeps up, below what waiting for
 *     something takes: the queue's 2 s, a hung backend's heal
 */
public record NobodyWaited(Duration after, Duration longest) implements Check {

  @Override
  public Finding check(Evidence evidence) {
    long from = evidence.fault().toMicros() + after.toNanos() / 1000;
    long to = evidence.first(Moment.Kind.HEAL).fromMicros();
    List<Request> sent =
        evidence.requests().stream()
            .filter(r -> r.intendedMicros() > from && r.intendedMicros() < to)
            .sorted(Comparator.comparingLong(Request::latencyMicros))
            .toList();
    if (sent.isEmpty()) {
      return Finding.invalid(this, "no request was sent then (expected: some)");
    }
    List<Request> waited =
        sent.stream().filter(r -> r.latencyMicros() > longest.toNanos() / 1000).toList();
    String seen =
        "%d of %d requests waited; p99 %.0f ms, max %.0f ms"
            .formatted(
                waited.size(),
                sent.size(),
                sent.get(sent.size() * 99 / 100).latencyMicros() / 1000.0,
                sent.get(sent.size() - 1).latencyMicros() / 1000.0);
    return waited.isEmpty()
        ? Finding.pass(this, seen)
        : Finding.fail(
            this,
            seen + " (expected: <= " + longest.toMillis() + " ms each)",
            Requests.ids(waited));
  }

  @Override
  public String name() {
    return "nobody waited";
  }
}
