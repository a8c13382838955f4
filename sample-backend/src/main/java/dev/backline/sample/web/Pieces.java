package dev.backline.sample.web;

import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServerResponse;

/**
 * Writes a body piece by piece: the next is made when the last is with the kernel, so that a client
 * that reads slowly costs one piece of memory.
 */
final class Pieces {
  /** In bytes. What fits into one goes at once. */
  private static final int PIECE = 16 * 1024;

  private Pieces() {}

  /** Ends the response; succeeds when all of it is with the kernel. */
  static Future<Void> write(HttpServerResponse response, Body.Sized body) {
    if (body.length() <= PIECE) {
      return response.end(body.bytes(0, (int) body.length()));
    }
    return all(response, body).compose(written -> response.end());
  }

  /** Doesn't end the response; succeeds when all of the bytes are with the kernel. */
  static Future<Void> all(HttpServerResponse response, Body.Sized body) {
    Promise<Void> written = Promise.promise();
    piece(response, body, 0, written);
    return written.future();
  }

  private static void piece(
      HttpServerResponse response, Body.Sized body, long from, Promise<Void> written) {
    int count = (int) Math.min(PIECE, body.length() - from);
    if (count == 0) {
      written.complete();
      return;
    }
    Future<Void> piece = response.write(body.bytes(from, count));
    inTurn(piece, written, () -> piece(response, body, from + count, written));
  }

  /**
   * Goes on in another turn of the event loop: others are served in between, and a thousand pieces
   * that the kernel takes at once don't become a thousand frames on the stack. Fails what waits for
   * the end if the piece or what comes next fails.
   */
  static void inTurn(Future<Void> piece, Promise<Void> written, Runnable next) {
    Context context = Vertx.currentContext();
    piece
        .onSuccess(
            done ->
                context.runOnContext(
                    turn -> {
                      try {
                        next.run();
                      } catch (IllegalStateException closed) {
                        written.tryFail(closed);
                      }
                    }))
        .onFailure(written::tryFail);
  }
}
