package dev.backline.sample.live;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.http.ServerWebSocket;

/**
 * A listener at the other end of a WebSocket. What it says itself is thrown away.
 *
 * <p>Owned by the event loop; lives until the socket is closed.
 */
final class LiveSocket implements Listener {
  /** RFC 6455, section 7.4.1: this server is going. */
  private static final short GOING_AWAY = 1001;

  /** Against a rule of ours: to read what it asked for. */
  private static final short POLICY = 1008;

  /** In bytes; more than that unread by the kernel, and it is behind. */
  private static final int MOST_UNREAD = 64 * 1024;

  private final ServerWebSocket socket;
  private final Promise<Void> closed = Promise.promise();

  LiveSocket(ServerWebSocket socket) {
    this.socket = socket;
    socket.setWriteQueueMaxSize(MOST_UNREAD);
    // A connection that breaks is closed too; there is nothing to be said about it.
    socket.exceptionHandler(broken -> {});
    socket.closeHandler(over -> closed.complete());
  }

  Future<Void> closed() {
    return closed.future();
  }

  @Override
  public void tell(Message message) {
    socket.writeTextMessage(message.json());
  }

  /** As a message: a page isn't told of pings. */
  @Override
  public void beat() {
    socket.writeTextMessage(Message.BEAT);
  }

  @Override
  public boolean isBehind() {
    return socket.writeQueueFull();
  }

  @Override
  public void sayGoodbye() {
    socket.close(GOING_AWAY, "draining");
  }

  @Override
  public void cutOff() {
    socket.close(POLICY, "behind");
  }
}
