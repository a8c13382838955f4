package dev.backline.sample.web;

import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClosedException;
import io.vertx.core.http.HttpServerRequest;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.function.Consumer;

/**
 * Reads a body of any size and keeps nothing of it but its length and its digest.
 *
 * <p>Owned by the event loop. A chunk is digested before the next is read from the socket: a client
 * that sends faster than that is slowed down by TCP, and memory is one chunk.
 */
final class DigestReader {
  private final Runnable heard;
  private final Consumer<Answer> refused;
  private final MessageDigest digest = EntityTag.sha256();
  private long length;
  private boolean broken;

  private DigestReader(Runnable heard, Consumer<Answer> refused) {
    this.heard = heard;
    this.refused = refused;
  }

  /**
   * Calls one of the last two, or none if the client goes in between.
   *
   * @param heard called for every chunk
   */
  static void read(
      HttpServerRequest request, Runnable heard, Consumer<Upload> whole, Consumer<Answer> refused) {
    DigestReader reader = new DigestReader(heard, refused);
    request.handler(reader::chunk).exceptionHandler(reader::broken);
    request.endHandler(ended -> reader.end(whole));
  }

  private void chunk(Buffer chunk) {
    heard.run();
    length += chunk.length();
    digest.update(chunk.getBytes());
  }

  private void end(Consumer<Upload> whole) {
    if (!broken) {
      whole.accept(new Upload(length, HexFormat.of().formatHex(digest.digest())));
    }
  }

  private void broken(Throwable cause) {
    boolean told = broken || cause instanceof HttpClosedException;
    broken = true;
    if (!told) {
      String message = "body: " + cause.getMessage() + " (expected: well-formed chunks)";
      refused.accept(Answer.error(400, message));
    }
  }
}
