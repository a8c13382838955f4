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
  private Answer answer;
  private boolean gone;

  PendingAnswer(Vertx vertx, String path, HttpConnection connection, Answer answer) {
    this.vertx = vertx;
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
