package dev.backline.testbed.check;

import dev.backline.testbed.history.Evidence;
import dev.backline.testbed.history.Moment;
import dev.backline.testbed.history.Request;
import java.util.List;

/** Requests that began after the heal went through the balancer, and were answered. */
public record BalancerServed(String balancer, int atLeast) implements Check {

  @Override
  public Finding check(Evidence evidence) {
    long heal = evidence.first(Moment.Kind.HEAL).toMicros();
    List<Request> through =
        evidence.requests().stream()
            .filter(request -> request.startedMicros() >= heal)
            .filter(request -> evidence.wentThrough(balancer, request))
            .toList();
    long answered = through.stream().filter(Request::succeeded).count();
    String seen =
        "%s answered %d of %d requests after the heal"
            .formatted(balancer, answered, through.size());
    return answered >= atLeast
        ? Finding.pass(this, seen)
        : Finding.fail(this, seen + " (expected: >= " + atLeast + ")", Requests.ids(through));
  }

  @Override
  public String name() {
    return "balancer served";
  }
}
