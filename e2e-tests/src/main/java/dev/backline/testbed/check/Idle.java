package dev.backline.testbed.check;

import dev.backline.testbed.history.Evidence;
import dev.backline.testbed.history.Moment;
import dev.backline.testbed.history.Request;
import java.util.List;

/** From the fault to the heal nobody asked for anything, and nothing was under way. */
public record Idle() implements Check {

  @Override
  public Finding check(Evidence evidence) {
    long from = evidence.fault().fromMicros();
    long to = evidence.first(Moment.Kind.HEAL).toMicros();
    List<Request> underWay =
        evidence.requests().stream()
            .filter(r -> r.endedMicros() >= from && r.intendedMicros() <= to)
            .toList();
    String seen = underWay.size() + " requests were under way";
    return underWay.isEmpty()
        ? Finding.pass(this, seen)
        : new Finding(
            name(), Result.INVALID, false, seen + " (expected: 0)", Requests.ids(underWay));
  }

  @Override
  public String name() {
    return "idle";
  }
}
