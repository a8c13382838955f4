package dev.backline.balancer.proxy;

import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClientResponse;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The body of a short answer that waits here until it is whole: if it breaks off, another backend
 * can be asked, and the client doesn't notice. Most come in one piece with their heads; one that is
 * slow in the making waits for a moment only.
 */
final class HeldAnswer {
  static final int MOST_BYTES = 64 * 1024;

  private static final int UNKNOWN = -1;
  // What breaks because its backend died breaks in the same moment, as fast as this machine is.
  private static final long LONGEST_MILLIS = 250;

  private final Buffer body = Buffer.buffer();
  private final AtomicLong bytesLeft;
  private final int length;
  private boolean over;

  private HeldAnswer(int length, AtomicLong bytesLeft) {
    this.length = length;
    this.bytesLeft = bytesLeft;
  }

  /**
   * Returns the answer to hold; {@code null} if it is too long or doesn't say how long it is, or
   * there is no room.
   *
   * @param bytesLeft what may still be kept by all exchanges of the member
   */
  static @Nullable HeldAnswer of(HttpClientResponse in, AtomicLong bytesLeft) {
    int length = length(in.getHeader("content-length"));
    if (length < 0 || length > MOST_BYTES) {
      return null;
    }
    HeldAnswer held = new HeldAnswer(length, bytesLeft);
    if (bytesLeft.addAndGet(-length) < 0) {
      held.release();
      return null;
    }
    return held;
  }

  /**
   * Holds it, until one of these is told.
   *
   * @param whole all of it is here
   * @param broken it will never be whole
   * @param late it takes its time, and comes to the caller's own handlers from then on
   */
  void hold(
      Vertx vertx,
      HttpClientResponse in,
      Runnable whole,
      Consumer<Throwable> broken,
      Runnable late) {
    in.exceptionHandler(broken::accept);
    in.handler(body::appendBuffer);
    in.endHandler(v -> whole.run());
    // Usually it is over by then, and there is no timer to set.
    vertx.runOnContext(
        v -> {
          if (!over) {
            vertx.setTimer(LONGEST_MILLIS, timer -> onLate(late));
          }
        });
  }

  private void onLate(Runnable late) {
    if (!over) {
      late.run();
    }
  }

  /** Returns what has come of it. */
  Buffer body() {
    return body;
  }

  /** Holds it no longer, and gives back what it took. */
  void release() {
    if (!over) {
      over = true;
      bytesLeft.addAndGet(length);
    }
  }

  private static int length(@Nullable String header) {
    try {
      return header == null ? UNKNOWN : Integer.parseInt(header);
    } catch (NumberFormatException e) {
      return UNKNOWN; // Longer than any that is held.
    }
  }
}
