package dev.backline.sample.web;

import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClosedException;
import io.vertx.core.http.HttpServerRequest;
import java.util.function.Consumer;

/**
 * Reads a request's body to its end, and only then hands it on.
 *
 * <p>Not Vert.x Web's BodyHandler: 5.1.6 answers a body whose chunks are broken with 200.
 *
 * <p>Owned by the event loop. What comes after a refusal is read and thrown away, so that the
 * connection can be used again; {@link KeepAlive} bounds how long that may take.
 */
final class BodyReader {
  static final int LONGEST = 16 * 1024;

  private final Consumer<Buffer> whole;
  private final Consumer<Answer> refused;
  private final Buffer body = Buffer.buffer();
  private boolean done;

  private BodyReader(Consumer<Buffer> whole, Consumer<Answer> refused) {
    this.whole = whole;
    this.refused = refused;
  }

  /** Calls one of the two, or none if the client goes in between. */
  static void read(HttpServerRequest request, Consumer<Buffer> whole, Consumer<Answer> refused) {
    BodyReader reader = new BodyReader(whole, refused);
    request.handler(reader::chunk).endHandler(ended -> reader.end());
    request.exceptionHandler(reader::broken);
  }

  private void chunk(Buffer chunk) {
    if (done) {
      return;
    }
    body.appendBuffer(chunk);
    if (body.length() > LONGEST) {
      refuse(Answer.error(413, "body: too long (expected: at most " + LONGEST + " bytes)"));
    }
  }

  private void end() {
    if (!done) {
      done = true;
      whole.accept(body);
    }
  }

  private void broken(Throwable cause) {
    if (cause instanceof HttpClosedException) {
      done = true;
    } else if (!done) {
      refuse(Answer.error(400, "body: " + cause.getMessage() + " (expected: well-formed chunks)"));
    }
  }

  private void refuse(Answer answer) {
    done = true;
    refused.accept(answer);
  }
}
