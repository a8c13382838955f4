package dev.backline.testbed.check;

import dev.backline.testbed.history.Evidence;
import dev.backline.testbed.history.Exchange;
import dev.backline.testbed.history.Request;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * Each request that failed, and so may have been executed unknown to anybody, was sent by the
 * member that is cut off to the victim: held by id.
 *
 * @param cutOff the member that can't reach the victim
 */
public record FailedOnlyWhereCut(String cutOff) implements Check {

  @Override
  public Finding check(Evidence evidence) {
    Map<String, Exchange> exchanges = evidence.exchangesById();
    List<Request> failed = Requests.failedSinceFault(evidence);
    List<String> elsewhere = new ArrayList<>();
    for (Request request : failed) {
      Exchange exchange = exchanges.get(request.id());
      if (exchange == null || !brokeOnTheWay(exchange, evidence.victim())) {
        elsewhere.add(request.id());
      }
    }
    String seen =
        "%d failed, %d of them not between %s and %s"
            .formatted(failed.size(), elsewhere.size(), cutOff, evidence.victim());
    return elsewhere.isEmpty()
        ? Finding.pass(this, seen)
        : Finding.fail(this, seen + " (expected: 0)", elsewhere);
  }

  private boolean brokeOnTheWay(Exchange exchange, String victim) {
    return exchange.member().equals(cutOff)
        && exchange.attemptsOn(victim).anyMatch(a -> !a.answered() && !a.notSent());
  }

  @Override
  public String name() {
    return "failed only where cut";
  }
}
