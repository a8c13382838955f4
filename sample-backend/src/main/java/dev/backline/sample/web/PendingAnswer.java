package dev.backline.sample.web;

import io.vertx.core.Vertx;
import io.vertx.core.http.HttpConnection;
import java.util.ArrayList;
import java.util.List;

/**
 * An answer that has been decided and not yet been sent: what a fault lays its hands on.
 *
 * <p>Owned by the event loop. Lives until it is sent or its connection is gone.
 */
public final class PendingAnswer {
  private final Vertx vertx;
  private final String path;
  private final HttpConnection connection;
  private final List<Runnable> whenGone = new ArrayList<>();
  private final KeepAlive keepAlive;
  private Answer answer;
  private Delivery delivery = Outgoing::whole;
  private boolean gone;

  PendingAnswer(
      Vertx vertx, KeepAlive keepAlive, String path, HttpConnection connection, Answer answer) {
    this.vertx = vertx;
    this.keepAlive = keepAlive;
    this.path = path;
    this.connection = connection;
    this.answer = answer;
  }

  /** The path that was meant, without detours: what its route was found by. */
  public String path() {
    return path;
  }

  /** What will be sent. */
  public Answer answer() {
    return answer;
  }

  public void replace(Answer other) {
    answer = other;
  }

  /** Has it sent in another way. What is no HTTP any more, a WebSocket, goes as it is. */
  public void deliver(Delivery other) {
    delivery = other;
  }

  Delivery delivery() {
    return delivery;
  }

  /** Goes on after a while. */
  public void after(long millis, Runnable next) {
    if (millis <= 0) {
      next.run();
    } else {
      vertx.setTimer(millis, fired -> next.run());
    }
  }

  /** Ends the connection without a byte of an answer. */
  public void closeConnection() {
    connection.close();
  }

  /** Ends the connection with a RST, without a byte of an answer. */
  public void resetConnection() {
    Outgoing.reset(connection);
  }

  /**
   * Has the connection closed when it has been idle for so long after this answer, whatever the
   * answer announces.
   */
  public void closeWhenIdleFor(long millis) {
    keepAlive.limit(connection, millis);
  }

  /** Calls back when the client is gone before an answer was sent. */
  public void whenGone(Runnable callback) {
    whenGone.add(callback);
  }

  boolean isGone() {
    return gone;
  }

  void connectionGone() {
    gone = true;
    whenGone.forEach(Runnable::run);
  }
}
