package dev.backline.sample.fault;

import dev.backline.sample.web.Checked;
import dev.backline.sample.web.Outgoing;
import dev.backline.sample.web.PendingAnswer;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.json.JsonObject;

/**
 * Sends the head at once and the body a few bytes at a time: alive, correct, and of no use. What
 * has no body, or none of a length that is known, goes as it is.
 *
 * @param bytes how many at a time
 * @param everyMillis how long between two times
 */
record TrickleFault(int bytes, int everyMillis, Scope scope) implements Fault {
  private static final int MOST_BYTES = 64 * 1024;
  private static final int LONGEST_MILLIS = 60_000;

  static Checked<Fault> from(JsonObject json) {
    Parameters parameters = new Parameters(json);
    int bytes = parameters.number("bytes", 10, 1, MOST_BYTES);
    int everyMillis = parameters.number("every_millis", 100, 1, LONGEST_MILLIS);
    Scope scope = Scope.from(parameters);
    return parameters.build(() -> new TrickleFault(bytes, everyMillis, scope));
  }

  @Override
  public JsonObject parameters() {
    return scope.addTo(JsonObject.of("bytes", bytes, "every_millis", everyMillis));
  }

  @Override
  public void act(PendingAnswer answer, Runnable next) {
    answer.deliver(this::trickle);
    next.run();
  }

  private Future<Void> trickle(Outgoing outgoing) {
    if (outgoing.length() == 0) {
      return outgoing.whole();
    }
    Promise<Void> written = Promise.promise();
    outgoing.head().onSuccess(head -> drop(outgoing, 0, written)).onFailure(written::tryFail);
    return written.future();
  }

  private void drop(Outgoing outgoing, long from, Promise<Void> written) {
    if (from == outgoing.length()) {
      outgoing.end().onComplete(written);
      return;
    }
    int count = (int) Math.min(bytes, outgoing.length() - from);
    outgoing
        .write(from, count)
        .onSuccess(sent -> outgoing.after(everyMillis, () -> drop(outgoing, from + count, written)))
        .onFailure(written::tryFail);
  }
}
