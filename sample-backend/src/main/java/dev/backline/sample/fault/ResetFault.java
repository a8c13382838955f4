package dev.backline.sample.fault;

import dev.backline.sample.web.Checked;
import dev.backline.sample.web.Outgoing;
import dev.backline.sample.web.PendingAnswer;
import io.vertx.core.Future;
import io.vertx.core.json.JsonObject;

/**
 * Ends the connection with a RST, before a byte of the answer or after its head: a process that
 * died, or a middlebox that forgot the connection.
 */
record ResetFault(boolean afterHead, Scope scope) implements Fault {
  static Checked<Fault> from(JsonObject json) {
    Parameters parameters = new Parameters(json);
    boolean afterHead = parameters.flag("after_head", false);
    Scope scope = Scope.from(parameters);
    return parameters.build(() -> new ResetFault(afterHead, scope));
  }

  @Override
  public JsonObject parameters() {
    return scope.addTo(JsonObject.of("after_head", afterHead));
  }

  @Override
  public void act(PendingAnswer answer, Runnable next) {
    if (afterHead) {
      answer.deliver(ResetFault::headThenReset);
      next.run();
    } else {
      answer.resetConnection();
    }
  }

  private static Future<Void> headThenReset(Outgoing outgoing) {
    return outgoing.head().compose(written -> reset(outgoing));
  }

  private static Future<Void> reset(Outgoing outgoing) {
    outgoing.reset();
    return Future.failedFuture("fault: reset");
  }
}
