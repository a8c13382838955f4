package dev.backline.sample.fault;

import dev.backline.sample.web.Checked;
import dev.backline.sample.web.PendingAnswer;
import io.vertx.core.json.JsonObject;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Takes requests and doesn't answer until it is removed; then it answers those whose clients are
 * still there. It holds no more than there are open connections.
 */
final class HangFault implements Fault {
  private final Scope scope;
  private final Map<PendingAnswer, Runnable> held = new LinkedHashMap<>();

  private HangFault(Scope scope) {
    this.scope = scope;
  }

  static Checked<Fault> from(JsonObject json) {
    Parameters parameters = new Parameters(json);
    Scope scope = Scope.from(parameters);
    return parameters.build(() -> new HangFault(scope));
  }

  @Override
  public Scope scope() {
    return scope;
  }

  @Override
  public JsonObject parameters() {
    return scope.addTo(new JsonObject());
  }

  @Override
  public void act(PendingAnswer answer, Runnable next) {
    held.put(answer, next);
    answer.whenGone(() -> held.remove(answer));
  }

  @Override
  public void removed() {
    List<Runnable> waiting = new ArrayList<>(held.values());
    held.clear();
    waiting.forEach(Runnable::run);
  }
}
