package dev.backline.testbed.load;

import dev.backline.testbed.history.Fate;
import dev.backline.testbed.history.Request;
import dev.backline.testbed.http.ResponseReader;

/** A request that was sent, or is about to be, and has no fate yet. */
record Call(String id, RequestMix.Spec spec, long intendedMicros, long startedMicros) {
  private static final String INSTANCE_HEADER = "backline-sample-instance";
  private static final String ID_HEADER = "x-request-id";
  private static final String OUTCOME_HEADER = "backline-outcome";

  /** The record of a call that no connection carried. */
  Request unsent(Fate fate, long endedMicros, String detail) {
    return new Request(
        id,
        spec.method(),
        spec.path(),
        intendedMicros,
        startedMicros,
        endedMicros,
        fate,
        0,
        "",
        "",
        0,
        false,
        0,
        detail);
  }

  /** The record of a call of which a connection brought this much. */
  Request ended(Fate seen, long endedMicros, ResponseReader answer, Connection connection) {
    String answered = answer.header(ID_HEADER);
    boolean isForeign = seen == Fate.ANSWERED && !answered.isEmpty() && !answered.equals(id);
    Fate fate = isForeign ? Fate.FOREIGN : seen;
    String detail = answer.problem().isEmpty() ? answer.header(OUTCOME_HEADER) : answer.problem();
    return new Request(
        id,
        spec.method(),
        spec.path(),
        intendedMicros,
        startedMicros,
        endedMicros,
        fate,
        answer.status(),
        answer.header(INSTANCE_HEADER),
        connection.target().toString(),
        connection.number(),
        connection.reused(),
        answer.bodyBytes(),
        detail);
  }
}
