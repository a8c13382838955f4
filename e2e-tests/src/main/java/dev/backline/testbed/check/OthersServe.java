package dev.backline.testbed.check;

import dev.backline.testbed.history.Evidence;
import dev.backline.testbed.history.Request;
import java.util.List;

/**
 * Who is cut off harms nobody else: every request on a connection to another member succeeds.
 *
 * @param cutOff the member that can't reach what the others do
 */
public record OthersServe(String cutOff) implements Check {

  @Override
  public Finding check(Evidence evidence) {
    long from = evidence.fault().fromMicros();
    long elsewhere =
        evidence.requests().stream()
            .filter(r -> r.startedMicros() >= from && !evidence.wentThrough(cutOff, r))
            .count();
    List<Request> failed = Requests.failedSinceFault(evidence);
    List<Request> failedElsewhere =
        failed.stream().filter(r -> !evidence.wentThrough(cutOff, r)).toList();
    String seen =
        "%d began elsewhere than at %s, %d of these failed; %d failed there"
            .formatted(
                elsewhere, cutOff, failedElsewhere.size(), failed.size() - failedElsewhere.size());
    if (elsewhere == 0) {
      return Finding.invalid(this, seen + " (expected: some)");
    }
    return failedElsewhere.isEmpty()
        ? Finding.pass(this, seen)
        : Finding.fail(this, seen + " (expected: 0 of these)", Requests.ids(failedElsewhere));
  }

  @Override
  public String name() {
    return "others serve";
  }
}
