package dev.backline.testbed.check;

import dev.backline.testbed.history.Evidence;

/** At least one exchange must have needed a second attempt: else the fault hit nothing. */
public record AttemptsRetried() implements Check {

  @Override
  public Finding check(Evidence evidence) {
    long retried =
        evidence.exchanges().stream().filter(exchange -> exchange.attempts().size() > 1).count();
    if (retried == 0) {
      return Finding.invalid(this, "no attempt was retried (expected: >= 1)");
    }
    return Finding.pass(this, retried + " exchanges had more than one attempt");
  }

  @Override
  public String name() {
    return "attempts retried";
  }
}
