package dev.backline.sample.fault;

import dev.backline.sample.web.Answer;
import dev.backline.sample.web.Checked;
import dev.backline.sample.web.PendingAnswer;
import io.vertx.core.json.JsonObject;

/** Answers with another status than the one the logic came to. */
record StatusFault(int status, Scope scope) implements Fault {
  static Checked<Fault> from(JsonObject json) {
    Parameters parameters = new Parameters(json);
    int status = parameters.number("status", 500, 400, 599);
    Scope scope = Scope.from(parameters);
    return parameters.build(() -> new StatusFault(status, scope));
  }

  @Override
  public JsonObject parameters() {
    return scope.addTo(JsonObject.of("status", status));
  }

  @Override
  public void act(PendingAnswer answer, Runnable next) {
    answer.replace(Answer.error(status, "fault: status (put by the testbed)"));
    next.run();
  }
}
