package dev.backline.testbed.check;

import dev.backline.testbed.history.Evidence;
import dev.backline.testbed.history.Exchange;
import dev.backline.testbed.history.Fate;
import dev.backline.testbed.history.Request;
import java.util.List;
import java.util.Map;

/** No request of the methods failed from the fault on. */
public record NoneFailed(String methods, boolean idempotentOnly) implements Check {

  public static NoneFailed ofAnyMethod() {
    return new NoneFailed("request", false);
  }

  /**
   * GET and PUT, which can be sent again without harm; a POST may be lost. One whose answer from
   * the victim had begun is excused: after its first byte nothing can be sent again.
   */
  public static NoneFailed ofIdempotentMethods() {
    return new NoneFailed("GET or PUT", true);
  }

  @Override
  public Finding check(Evidence evidence) {
    List<Request> all =
        Requests.failedSinceFault(evidence).stream()
            .filter(request -> !idempotentOnly || request.idempotent())
            .toList();
    List<Request> brokenOff = idempotentOnly ? brokenOff(all, evidence) : List.of();
    List<Request> failed = all.stream().filter(request -> !brokenOff.contains(request)).toList();
    if (failed.isEmpty()) {
      String answers = "; answers of the victim that broke off: " + brokenOff.size();
      return Finding.pass(this, "0 failed" + (brokenOff.isEmpty() ? "" : answers));
    }
    String seen =
        "%d failed, the first: %s %s (expected: 0)"
            .formatted(failed.size(), failed.get(0).method(), failed.get(0).fateInWords());
    return Finding.fail(this, seen, Requests.ids(failed));
  }

  private static List<Request> brokenOff(List<Request> failed, Evidence evidence) {
    Map<String, Exchange> exchanges = evidence.exchangesById();
    return failed.stream()
        .filter(request -> request.fate() == Fate.BROKEN_IN_BODY)
        .filter(request -> request.startedMicros() <= evidence.fault().toMicros())
        .filter(
            request -> {
              Exchange exchange = exchanges.get(request.id());
              return exchange != null && exchange.lastTried(evidence.victim());
            })
        .toList();
  }

  @Override
  public String name() {
    return "no " + methods + " failed";
  }
}
