package dev.backline.sample.fault;

import dev.backline.sample.web.Checked;
import dev.backline.sample.web.PendingAnswer;
import io.vertx.core.json.JsonObject;

/**
 * Closes connections that are idle sooner than their last answer announced: a request that is just
 * being sent meets the end of its connection.
 *
 * @param millis how long a connection may be idle; 0 closes it right behind the answer
 */
record KeepAliveFault(int millis, Scope scope) implements Fault {
  private static final int ANNOUNCED_MILLIS = 5_000;

  static Checked<Fault> from(JsonObject json) {
    Parameters parameters = new Parameters(json);
    int millis = parameters.number("millis", 1_000, 0, ANNOUNCED_MILLIS);
    Scope scope = Scope.from(parameters);
    return parameters.build(() -> new KeepAliveFault(millis, scope));
  }

  @Override
  public JsonObject parameters() {
    return scope.addTo(JsonObject.of("millis", millis));
  }

  @Override
  public void act(PendingAnswer answer, Runnable next) {
    answer.closeWhenIdleFor(millis);
    next.run();
  }
}
