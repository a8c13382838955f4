package dev.backline.sample.fault;

import dev.backline.sample.web.Answer;
import dev.backline.sample.web.Checked;
import dev.backline.sample.web.PendingAnswer;
import io.vertx.core.json.JsonObject;
import java.util.List;

/**
 * The health answer lies. {@code up}: it says 200 while everything else is answered 500; {@code
 * down}: it says 503 while everything else is well. It lies so whether the process drains or not.
 *
 * @param says {@code up} or {@code down}
 */
record HealthFault(String says, Scope scope) implements Fault {
  private static final String HEALTH = "/health";
  private static final String UP = "up";
  private static final String DOWN = "down";

  static Checked<Fault> from(JsonObject json) {
    Parameters parameters = new Parameters(json);
    String says = parameters.oneOf("says", List.of(UP, DOWN));
    return parameters.build(() -> new HealthFault(says, new Scope("/", 100, true)));
  }

  @Override
  public JsonObject parameters() {
    return JsonObject.of("says", says);
  }

  @Override
  public void act(PendingAnswer answer, Runnable next) {
    boolean up = says.equals(UP);
    if (answer.path().equals(HEALTH)) {
      answer.replace(Answer.momentary(up ? 200 : 503, JsonObject.of("status", says)));
    } else if (up) {
      answer.replace(Answer.error(500, "fault: health (well, it says)"));
    }
    next.run();
  }
}
