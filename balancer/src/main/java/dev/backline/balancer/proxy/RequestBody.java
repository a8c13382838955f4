package dev.backline.balancer.proxy;

import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClientRequest;
import io.vertx.core.http.HttpServerRequest;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * A request's body on its way to a backend: streamed with back-pressure, and kept up to a limit so
 * that it can be sent again. Owned by the exchange's event loop.
 */
final class RequestBody {
  private final HttpServerRequest source;
  private final boolean present;
  private final int limit;
  private final AtomicLong bytesLeft;
  private final LongSupplier clock;
  private @Nullable Buffer kept = Buffer.buffer();
  private @Nullable HttpClientRequest target;
  private boolean complete;
  private boolean blocked;
  private boolean continued;
  private long turnSinceNanos;
  private long pinned;
  private @Nullable Runnable whenComplete;

  /**
   * Takes over the body of a request, which waits until {@link #sendTo}.
   *
   * @param limit the most bytes to keep of this body
   * @param bytesLeft what may still be kept by all exchanges of the member
   */
  RequestBody(HttpServerRequest source, int limit, AtomicLong bytesLeft, LongSupplier clock) {
    this.source = source;
    this.limit = limit;
    this.bytesLeft = bytesLeft;
    this.clock = clock;
    this.turnSinceNanos = clock.getAsLong();
    String length = source.getHeader("content-length");
    this.present =
        source.headers().contains("transfer-encoding") || (length != null && !length.equals("0"));
    this.complete = !present;
    source.pause();
    source.handler(this::onChunk);
    source.endHandler(v -> onEnd());
  }

  /** Returns whether all that was sent of it can be sent again. */
  boolean isReplayable() {
    return kept != null;
  }

  /** Returns whether all of it has come from the client. */
  boolean isComplete() {
    return complete;
  }

  /** Has that done when all of it has come, or now if it has; the latest wish counts. */
  void whenComplete(Runnable action) {
    if (complete) {
      action.run();
    } else {
      whenComplete = action;
    }
  }

  /** Returns whether it is the backend that must go on, by reading or by answering. */
  boolean isBackendsTurn() {
    return complete || blocked;
  }

  /** Returns since when it is the backend's turn, or the client's. */
  long turnSinceNanos() {
    return turnSinceNanos;
  }

  /** Sends the head and the body; continues with what the client still sends. */
  void sendTo(HttpClientRequest request) {
    blocked = false;
    if (!present) {
      request.end().onFailure(e -> {}); // The response's future fails too, and is listened to.
      source.resume();
      return;
    }
    if (!source.headers().contains("content-length")) {
      request.setChunked(true);
    }
    target = request;
    request.drainHandler(v -> onDrained(request));
    Buffer again = kept;
    if (again == null) {
      throw new AssertionError("a body that can't be sent again is sent again");
    }
    if (again.length() > 0) {
      write(request, again.copy()); // What is sent is given up, and this goes on growing.
    } else if (!complete) {
      request.writeHead().onFailure(e -> {}); // The backend may refuse it before the body comes.
    }
    if (complete) {
      request.end().onFailure(e -> {});
    } else {
      if (!continued && "100-continue".equalsIgnoreCase(source.getHeader("expect"))) {
        continued = true;
        source.response().writeContinue().onFailure(e -> {});
      }
      if (!blocked) {
        source.resume();
      }
    }
  }

  /** Stops the flow, so that another backend can be sent it from the start. */
  void detach() {
    target = null;
    source.pause();
  }

  /** Reads on and throws away what the client still sends; gives back what was kept. */
  void discard() {
    target = null;
    release();
    source.resume();
  }

  private void release() {
    kept = null;
    bytesLeft.addAndGet(pinned);
    pinned = 0;
  }

  private void onDrained(HttpClientRequest request) {
    if (target == request) {
      turn(false);
      source.resume();
    }
  }

  private void turn(boolean toBackend) {
    blocked = toBackend;
    turnSinceNanos = clock.getAsLong();
  }

  private void onChunk(Buffer chunk) {
    turn(false);
    Buffer before = kept;
    if (before != null) {
      if (before.length() + chunk.length() <= limit && reserve(chunk.length())) {
        before.appendBuffer(chunk);
      } else {
        release();
      }
    }
    if (target != null) {
      write(target, chunk);
    }
  }

  private void onEnd() {
    complete = true;
    turn(false);
    if (target != null) {
      target.end().onFailure(e -> {});
      if (whenComplete != null) {
        whenComplete.run();
      }
    }
  }

  private void write(HttpClientRequest request, Buffer chunk) {
    request.write(chunk).onFailure(e -> {}); // Reads on: the answer may say why (an early 413).
    if (request.writeQueueFull()) {
      turn(true);
      source.pause();
    }
  }

  private boolean reserve(int bytes) {
    if (bytesLeft.addAndGet(-bytes) < 0) {
      bytesLeft.addAndGet(bytes);
      return false;
    }
    pinned += bytes;
    return true;
  }
}
