package dev.backline.sample.fault;

import dev.backline.sample.web.Checked;
import dev.backline.sample.web.PendingAnswer;
import io.vertx.core.json.JsonObject;
import java.util.function.IntConsumer;

/**
 * Halts the process when the next request has been executed and before it is answered: no drain, no
 * farewell, and the ledger has a beginning without an end.
 *
 * @param exitCode what the process exits with
 * @param halt ends the process at once
 */
record CrashFault(int exitCode, Scope scope, IntConsumer halt) implements Fault {
  static Checked<Fault> from(JsonObject json, IntConsumer halt) {
    Parameters parameters = new Parameters(json);
    int exitCode = parameters.number("exit_code", 1, 0, 255);
    Scope scope = Scope.from(parameters);
    return parameters.build(() -> new CrashFault(exitCode, scope, halt));
  }

  @Override
  public JsonObject parameters() {
    return scope.addTo(JsonObject.of("exit_code", exitCode));
  }

  @Override
  public void act(PendingAnswer answer, Runnable next) {
    halt.accept(exitCode);
  }
}
