package dev.backline.testbed.check;

import dev.backline.testbed.history.Evidence;
import dev.backline.testbed.history.Exchange;
import dev.backline.testbed.history.Request;
import java.util.List;

/** What several checks ask of requests. */
final class Requests {
  private Requests() {}

  static List<String> ids(List<Request> requests) {
    return requests.stream().map(Request::id).toList();
  }

  /** Those that failed and whose fate was not yet known when the fault began. */
  static List<Request> failedSinceFault(Evidence evidence) {
    long fault = evidence.fault().fromMicros();
    return evidence.requests().stream()
        .filter(Request::failed)
        .filter(request -> request.endedMicros() >= fault)
        .toList();
  }

  /**
   * When an attempt began, on the testbed's clock. The access log counts it from the exchange's
   * begin, which lies after the client's start: the result is early by the way to the balancer.
   */
  static long attemptBeganMicros(Request request, Exchange.Attempt attempt) {
    return request.startedMicros() + Math.round(attempt.startMillis() * 1000);
  }
}
