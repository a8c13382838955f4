package dev.backline.testbed.check;

import dev.backline.testbed.history.Evidence;
import dev.backline.testbed.history.Moment;
import dev.backline.testbed.history.StatusSample;
import java.time.Duration;
import java.util.List;

/**
 * From a moment until the load stopped the status of each member was seen so often that nothing can
 * have come and gone between: a backend that is down stays so for two passes of its probes, of
 * which the first comes 500 ms after its fall.
 */
public record StatusWatched(Moment.Kind since, Duration longestGap) implements Check {

  @Override
  public Finding check(Evidence evidence) {
    long from = evidence.first(since).toMicros();
    long to = evidence.first(Moment.Kind.LOAD_STOPPED).fromMicros();
    long longest = 0;
    for (String member : evidence.members()) {
      List<Long> times =
          evidence.samples().stream()
              .filter(sample -> sample.member().equals(member))
              .map(StatusSample::atMicros)
              .filter(at -> at > from && at < to)
              .toList();
      long last = from;
      for (long at : times) {
        longest = Math.max(longest, at - last);
        last = at;
      }
      longest = Math.max(longest, to - last);
    }
    String seen = "never longer than %d ms without a status".formatted(longest / 1000);
    return longest <= longestGap.toNanos() / 1000 && !evidence.members().isEmpty()
        ? Finding.pass(this, seen)
        : Finding.invalid(this, seen + " (expected: <= " + longestGap.toMillis() + " ms)");
  }

  @Override
  public String name() {
    return "status watched";
  }
}
