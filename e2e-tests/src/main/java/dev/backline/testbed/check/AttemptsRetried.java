package dev.backline.testbed.check;

import dev.backline.testbed.history.Evidence;
import dev.backline.testbed.history.Request;
import java.util.Set;
import java.util.stream.Collectors;

/** At least one exchange must have needed a second attempt: else the fault hit nothing. */
public record AttemptsRetried() implements Check {

  @Override
  public Finding check(Evidence evidence) {
    long fault = evidence.fault().fromMicros();
    Set<String> since =
        evidence.requests().stream()
            .filter(request -> request.endedMicros() >= fault)
            .map(Request::id)
            .collect(Collectors.toSet());
    long retried =
        evidence.exchanges().stream()
            .filter(exchange -> exchange.attempts().size() > 1 && since.contains(exchange.id()))
            .count();
    if (retried == 0) {
      return Finding.invalid(this, "no attempt was retried since the fault (expected: >= 1)");
    }
    return Finding.pass(this, retried + " exchanges had more than one attempt");
  }

  @Override
  public String name() {
    return "attempts retried";
  }
}
