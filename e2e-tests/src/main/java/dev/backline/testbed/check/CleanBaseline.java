package dev.backline.testbed.check;

import dev.backline.testbed.history.Evidence;
import dev.backline.testbed.history.Request;
import java.util.List;

/** Nothing may have failed before the fault: what was broken before can't be blamed on it. */
public record CleanBaseline() implements Check {

  @Override
  public Finding check(Evidence evidence) {
    long fault = evidence.fault().fromMicros();
    List<Request> before =
        evidence.requests().stream().filter(r -> r.endedMicros() < fault).toList();
    List<Request> failed = before.stream().filter(Request::failed).toList();
    if (before.isEmpty()) {
      return Finding.invalid(this, "no request ended before the fault (expected: some)");
    }
    if (failed.isEmpty()) {
      return Finding.pass(this, "all " + before.size() + " requests before the fault succeeded");
    }
    String seen =
        "%d of %d requests before the fault failed, the first: %s (expected: 0)"
            .formatted(failed.size(), before.size(), failed.get(0).fateInWords());
    return new Finding(name(), Result.INVALID, false, seen, Requests.ids(failed));
  }

  @Override
  public String name() {
    return "clean baseline";
  }
}
