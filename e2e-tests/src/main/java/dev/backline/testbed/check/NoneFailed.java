package dev.backline.testbed.check;

import dev.backline.testbed.history.Evidence;
import dev.backline.testbed.history.Request;
import java.util.List;

/** No request of the methods failed from the fault on. */
public record NoneFailed(String methods, boolean idempotentOnly) implements Check {

  public static NoneFailed ofAnyMethod() {
    return new NoneFailed("request", false);
  }

  /** GET and PUT, which can be sent again without harm; a POST may be lost. */
  public static NoneFailed ofIdempotentMethods() {
    return new NoneFailed("GET or PUT", true);
  }

  @Override
  public Finding check(Evidence evidence) {
    List<Request> failed =
        Requests.failedSinceFault(evidence).stream()
            .filter(request -> !idempotentOnly || request.idempotent())
            .toList();
    if (failed.isEmpty()) {
      return Finding.pass(this, "0 failed");
    }
    String seen =
        "%d failed, the first: %s %s (expected: 0)"
            .formatted(failed.size(), failed.get(0).method(), failed.get(0).fateInWords());
    return Finding.fail(this, seen, Requests.ids(failed));
  }

  @Override
  public String name() {
    return "no " + methods + " failed";
  }
}
