package dev.backline.sample.fault;

import dev.backline.sample.web.Checked;
import dev.backline.sample.web.PendingAnswer;
import io.vertx.core.json.JsonObject;

/** Closes the connection instead of answering. */
record CloseFault(Scope scope) implements Fault {
  static Checked<Fault> from(JsonObject json) {
    Parameters parameters = new Parameters(json);
    Scope scope = Scope.from(parameters);
    return parameters.build(() -> new CloseFault(scope));
  }

  @Override
  public JsonObject parameters() {
    return scope.addTo(new JsonObject());
  }

  @Override
  public void act(PendingAnswer answer, Runnable next) {
    answer.closeConnection();
  }
}
