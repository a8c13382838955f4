package dev.backline.sample.web;

import io.vertx.core.Vertx;
import io.vertx.core.http.HttpConnection;
import java.util.IdentityHashMap;
import java.util.concurrent.TimeUnit;

/**
 * Closes connections on which nothing has been executed for {@link #IDLE_SECONDS}, as node does.
 *
 * <p>Vert.x's own idle timeout looks at bytes only and would cut a request that is being answered
 * slowly. The clock starts anew with a connection, the head of a request and the end of an answer;
 * it stands still while a request executes. So a request must also be wholly here within that time.
 *
 * <p>A timer may fire before the loop has looked at its sockets: after a pause of the process both
 * are due, and what waits unread in a socket would be lost with its connection. So nothing is
 * closed before the loop has read its sockets once more, which it does between two timers.
 *
 * <p>Owned by the event loop. One timer a connection, set again only when it has run out.
 */
final class KeepAlive {
  static final int IDLE_SECONDS = 5;

  private static final long IDLE_NANOS = TimeUnit.SECONDS.toNanos(IDLE_SECONDS);

  /** From when the time is up to the verdict. */
  private static final long SECOND_LOOK_MILLIS = 10;

  private final Vertx vertx;
  private final IdentityHashMap<HttpConnection, Clock> clocks = new IdentityHashMap<>();

  KeepAlive(Vertx vertx) {
    this.vertx = vertx;
  }

  void opened(HttpConnection connection) {
    Clock clock = new Clock(connection);
    clocks.put(connection, clock);
    connection.closeHandler(
        closed -> {
          clocks.remove(connection);
          clock.cancel();
        });
    clock.touch();
  }

  /** The head of a request arrived, or the end of an answer left. */
  void heard(HttpConnection connection) {
    Clock clock = clocks.get(connection);
    if (clock != null) {
      clock.touch();
    }
  }

  /** One more executes; {@link #executed} must follow. */
  void executing(HttpConnection connection) {
    Clock clock = clocks.get(connection);
    if (clock != null) {
      clock.executing++;
      clock.limitNanos = IDLE_NANOS;
    }
  }

  void executed(HttpConnection connection) {
    Clock clock = clocks.get(connection);
    if (clock != null) {
      clock.executing--;
      clock.touch();
    }
  }

  /** Closes it sooner than it was announced, from the end of the answer that executes now. */
  void limit(HttpConnection connection, long millis) {
    Clock clock = clocks.get(connection);
    if (clock != null) {
      clock.limitNanos = TimeUnit.MILLISECONDS.toNanos(millis);
    }
  }

  /** The connection is no longer one of HTTP. */
  void forget(HttpConnection connection) {
    Clock clock = clocks.remove(connection);
    if (clock != null) {
      clock.cancel();
    }
  }

  /** The answer that goes out now is the last. */
  void closing(HttpConnection connection) {
    Clock clock = clocks.get(connection);
    if (clock != null) {
      clock.closing = true;
    }
  }

  boolean isClosing(HttpConnection connection) {
    Clock clock = clocks.get(connection);
    return clock != null && clock.closing;
  }

  private final class Clock {
    private static final long NO_TIMER = -1;

    private final HttpConnection connection;

    /** A pipelined request may begin before the end of the answer before it is told. */
    private int executing;

    private boolean closing;
    private long idleSinceNanos;
    private long limitNanos = IDLE_NANOS;
    private long timer = NO_TIMER;

    private Clock(HttpConnection connection) {
      this.connection = connection;
    }

    private void touch() {
      idleSinceNanos = System.nanoTime();
      if (limitNanos < IDLE_NANOS) {
        // The timer that runs is set for later.
        cancel();
      }
      if (timer == NO_TIMER) {
        arm(limitNanos);
      }
    }

    private void arm(long nanos) {
      long millis = TimeUnit.NANOSECONDS.toMillis(nanos) + 1;
      timer = vertx.setTimer(millis, fired -> check(false));
    }

    private void check(boolean looked) {
      timer = NO_TIMER;
      if (executing > 0) {
        return;
      }
      long left = idleSinceNanos + limitNanos - System.nanoTime();
      if (left > 0) {
        arm(left);
      } else if (looked) {
        connection.close();
      } else {
        timer = vertx.setTimer(SECOND_LOOK_MILLIS, fired -> check(true));
      }
    }

    private void cancel() {
      if (timer != NO_TIMER) {
        vertx.cancelTimer(timer);
        timer = NO_TIMER;
      }
    }
  }
}
