package dev.backline.sample.fault;

import dev.backline.sample.web.Checked;
import dev.backline.sample.web.Outgoing;
import dev.backline.sample.web.PendingAnswer;
import io.vertx.core.Future;
import io.vertx.core.json.JsonObject;

/**
 * Announces the whole length, sends a part of the body, and closes the connection as if all were
 * well. What has no body, or none of a length that is known, goes as it is.
 *
 * @param bodyPercent how much of the body is sent
 */
record TruncateFault(int bodyPercent, Scope scope) implements Fault {
  static Checked<Fault> from(JsonObject json) {
    Parameters parameters = new Parameters(json);
    int bodyPercent = parameters.number("body_percent", 50, 0, 99);
    Scope scope = Scope.from(parameters);
    return parameters.build(() -> new TruncateFault(bodyPercent, scope));
  }

  @Override
  public JsonObject parameters() {
    return scope.addTo(JsonObject.of("body_percent", bodyPercent));
  }

  @Override
  public void act(PendingAnswer answer, Runnable next) {
    answer.deliver(this::cut);
    next.run();
  }

  private Future<Void> cut(Outgoing outgoing) {
    long length = outgoing.length();
    if (length == 0) {
      return outgoing.whole();
    }
    return outgoing
        .head()
        .compose(written -> outgoing.pieces(0, length * bodyPercent / 100))
        .compose(written -> close(outgoing));
  }

  private static Future<Void> close(Outgoing outgoing) {
    outgoing.close();
    return Future.failedFuture("fault: truncate");
  }
}
