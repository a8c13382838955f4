package dev.backline.testbed.check;

import dev.backline.testbed.history.Evidence;
import dev.backline.testbed.history.Request;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** Each request that was sent has exactly one fate. A hole here would hide losses everywhere. */
public record EveryRequestAccounted() implements Check {

  @Override
  public Finding check(Evidence evidence) {
    Set<String> ids = new HashSet<>();
    List<String> twice =
        evidence.requests().stream().map(Request::id).filter(id -> !ids.add(id)).toList();
    String seen =
        "%d sent, %d fates, %d ids"
            .formatted(evidence.sent(), evidence.requests().size(), ids.size());
    if (evidence.sent() != evidence.requests().size() || !twice.isEmpty()) {
      return Finding.certainFail(this, seen + " (expected: equal numbers)", twice);
    }
    int unasked = evidence.machine().unaskedAnswers();
    if (unasked > 0) {
      return Finding.certainFail(
          this, seen + ", and " + unasked + " answers that nobody had asked for", List.of());
    }
    return Finding.pass(this, seen);
  }

  @Override
  public String name() {
    return "every request accounted for";
  }
}
