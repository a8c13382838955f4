package dev.backline.sample.fault;

import dev.backline.sample.web.Checked;
import dev.backline.sample.web.PendingAnswer;
import io.vertx.core.json.JsonObject;
import java.util.random.RandomGenerator;

/**
 * Answers late: by {@code millis}, give or take {@code jitterMillis}.
 *
 * <p>Requests do not wait for each other; each is late on its own.
 */
record DelayFault(int millis, int jitterMillis, Scope scope, RandomGenerator random)
    implements Fault {
  private static final int LONGEST_MILLIS = 600_000;

  static Checked<Fault> from(JsonObject json, RandomGenerator random) {
    Parameters parameters = new Parameters(json);
    int millis = parameters.number("millis", 100, 0, LONGEST_MILLIS);
    int jitter = parameters.number("jitter_millis", 0, 0, millis);
    Scope scope = Scope.from(parameters);
    return parameters.build(() -> new DelayFault(millis, jitter, scope, random));
  }

  @Override
  public JsonObject parameters() {
    return scope.addTo(JsonObject.of("millis", millis, "jitter_millis", jitterMillis));
  }

  @Override
  public void act(PendingAnswer answer, Runnable next) {
    answer.after(millis + random.nextInt(-jitterMillis, jitterMillis + 1), next);
  }
}
