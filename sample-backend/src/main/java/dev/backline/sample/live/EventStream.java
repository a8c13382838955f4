package dev.backline.sample.live;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.http.HttpServerResponse;

/**
 * A listener that is told in server-sent events, as the HTML standard writes them.
 *
 * <p>Owned by the event loop; lives as long as its answer.
 */
final class EventStream implements Listener {
  /** How long a browser waits before it asks again. */
  private static final int RETRY_MILLIS = 1_000;

  /** In bytes; more than that unread by the kernel, and it is behind. */
  private static final int MOST_UNREAD = 64 * 1024;

  private final HttpServerResponse response;
  private final Promise<Void> ended = Promise.promise();

  EventStream(HttpServerResponse response) {
    this.response = response;
    response.setWriteQueueMaxSize(MOST_UNREAD);
    send("retry: " + RETRY_MILLIS + "\n\n");
  }

  /** Calls back when the client is gone before all was said. */
  void whenGone(Runnable gone) {
    response.exceptionHandler(
        broken -> {
          gone.run();
          ended.tryFail(broken);
        });
  }

  /** Succeeds when all was said. */
  Future<Void> ended() {
    return ended.future();
  }

  @Override
  public void tell(Message message) {
    send(
        "id: "
            + message.id()
            + "\nevent: "
            + message.event()
            + "\ndata: "
            + message.json()
            + "\n\n");
  }

  /** A comment, and an event: a page isn't told of comments. */
  @Override
  public void beat() {
    send(": beat\nevent: beat\ndata: " + Message.BEAT + "\n\n");
  }

  @Override
  public boolean isBehind() {
    return response.writeQueueFull();
  }

  @Override
  public void sayGoodbye() {
    response.end().onComplete(ended);
  }

  @Override
  public void cutOff() {
    response.reset().onComplete(closed -> ended.tryFail("behind"));
  }

  private void send(String text) {
    response.write(text).onFailure(ended::tryFail);
  }
}
