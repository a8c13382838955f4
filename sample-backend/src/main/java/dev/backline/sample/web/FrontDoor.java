package dev.backline.sample.web;

import dev.backline.sample.ledger.Entry;
import dev.backline.sample.ledger.Ledger;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpConnection;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.ext.web.RoutingContext;
import java.io.UncheckedIOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * The one way from a request to its answer: ledger, application logic, faults, socket, ledger.
 *
 * <p>The logic runs as soon as the request is here and in the ledger; a fault acts on the answer.
 * So a request whose answer never came has had its effects, as with an application that is really
 * sick.
 *
 * <p>Owned by the event loop.
 */
public final class FrontDoor {
  private static final Logger LOG = System.getLogger(FrontDoor.class.getName());

  private final Vertx vertx;
  private final Ledger ledger;
  private final Interference interference;
  private final KeepAlive keepAlive;
  private final AnswerWriter writer;
  private int inFlight;
  private Promise<Void> idle = Promise.promise();

  public FrontDoor(Vertx vertx, String instance, Ledger ledger, Interference interference) {
    this.vertx = vertx;
    this.ledger = ledger;
    this.interference = interference;
    this.keepAlive = new KeepAlive(vertx);
    this.writer = new AnswerWriter(vertx, instance, keepAlive);
  }

  public void opened(HttpConnection connection) {
    keepAlive.opened(connection);
  }

  /** The head of a request is here; its body may not be. */
  public void heard(RoutingContext context) {
    HttpServerRequest request = context.request();
    HttpConnection connection = request.connection();
    if (keepAlive.isClosing(connection)) {
      // RFC 9112 section 9.6: nothing behind the last answer is processed, and its sender knows.
      return;
    }
    keepAlive.heard(connection);
    if (isWellFormed(request)) {
      context.next();
    } else {
      String expected = " (expected: well-formed percent-encoding)";
      refuse(context, Answer.error(400, "query: " + Shown.of(request.query()) + expected));
    }
  }

  /** Has the query parsed before it is needed: what throws later throws out of an execution. */
  private static boolean isWellFormed(HttpServerRequest request) {
    try {
      request.params();
      return true;
    } catch (IllegalArgumentException e) {
      return false;
    }
  }

  /** From now on every answer closes its connection. */
  public void drain() {
    writer.drain();
  }

  public boolean isDraining() {
    return writer.isDraining();
  }

  /** Requests that execute, or whose answer is being written. */
  public int inFlight() {
    return inFlight;
  }

  /**
   * Succeeds when nothing is in flight and all of it is in the ledger: later than the closing of
   * the last connection, and the process must not end in between.
   */
  public Future<Void> idle() {
    if (inFlight == 0) {
      return Future.succeededFuture();
    }
    return idle.future();
  }

  private void left(HttpConnection connection) {
    keepAlive.executed(connection);
    inFlight--;
    if (inFlight == 0) {
      idle.complete();
      idle = Promise.promise();
    }
  }

  /** Reads the request, executes it and answers it. */
  public void serve(RoutingContext context, Endpoint endpoint) {
    HttpServerRequest request = context.request();
    if (request.method().equals(HttpMethod.GET) && request.headers().contains("Upgrade")) {
      // Vert.x makes a WebSocket only of a request whose end has not been read.
      request.pause();
      execute(context, Buffer.buffer(), endpoint);
      return;
    }
    BodyReader.read(
        request, body -> execute(context, body, endpoint), refusal -> refuse(context, refusal));
  }

  /**
   * Reads a body of any size without keeping it, then executes the request and answers it: one that
   * breaks off is not executed. Its sender may be slow, but not silent.
   */
  public void receive(RoutingContext context, Function<Upload, Answer> endpoint) {
    HttpServerRequest request = context.request();
    DigestReader.read(
        request,
        () -> keepAlive.heard(request.connection()),
        upload -> execute(context, Buffer.buffer(), read -> endpoint.apply(upload)),
        refusal -> refuse(context, refusal));
  }

  private void execute(RoutingContext context, Buffer body, Endpoint endpoint) {
    HttpServerRequest request = context.request();
    String id = request.getHeader("X-Request-Id");
    if (id != null && id.length() > Ledger.LONGEST_ID) {
      String expected = "at most " + Ledger.LONGEST_ID + " characters";
      String message = "X-Request-Id: " + Shown.of(id) + " (expected: " + expected + ")";
      refuse(context, Answer.error(400, message));
      return;
    }
    Execution execution = new Execution(context, id);
    if (execution.begin()) {
      execution.answer(body, endpoint);
    }
  }

  /** Answers a request that is not executed. */
  public void refuse(RoutingContext context, Answer answer) {
    HttpServerResponse response = context.response();
    if (!response.ended() && !response.closed()) {
      writer.write(context.request(), answer, Outgoing::whole);
    }
  }

  /** Logs a mistake of ours; the client is only told that there was one. */
  public Answer failed(String path, Throwable cause) {
    LOG.log(Level.ERROR, "event=failed path=" + path, cause);
    return Answer.error(500, "unexpected (the log of this instance has the reason)");
  }

  /** The health check and the testbed's own requests are neither recorded nor part of the load. */
  private static boolean isRecorded(String path) {
    return !path.equals("/health") && !path.startsWith("/testbed/");
  }

  /** One request, from its first effect to its last byte. */
  private final class Execution {
    private final RoutingContext context;
    private final HttpServerRequest request;
    private final @Nullable String id;
    private Entry.@Nullable Begin begin;
    private boolean over;

    private Execution(RoutingContext context, @Nullable String id) {
      this.context = context;
      this.request = context.request();
      this.id = id;
    }

    /**
     * False, and answered, if it could not be recorded: what isn't in the ledger isn't executed.
     */
    private boolean begin() {
      if (id != null && isRecorded(context.normalizedPath())) {
        try {
          begin = ledger.begin(id, request.method().name(), request.path());
        } catch (UncheckedIOException e) {
          LOG.log(Level.ERROR, "event=not-recorded id=" + id + " reason=" + e.getMessage());
          refuse(context, Answer.error(500, e.getMessage() + " (nothing was executed)"));
          return false;
        }
      }
      inFlight++;
      keepAlive.executing(request.connection());
      return true;
    }

    private void answer(Buffer body, Endpoint endpoint) {
      Request read = read(body);
      String path = context.normalizedPath();
      PendingAnswer pending =
          new PendingAnswer(vertx, keepAlive, path, request.connection(), asked(endpoint, read));
      request.response().closeHandler(closed -> gone(pending));
      interference.with(pending, () -> send(pending));
    }

    /** What the endpoint says; if it fails, that it failed. An Error ends the process instead. */
    private Answer asked(Endpoint endpoint, Request read) {
      try {
        return Conditions.apply(read, endpoint.answer(read));
      } catch (RuntimeException e) {
        return failed(read.path(), e);
      }
    }

    private Request read(Buffer body) {
      return new Request(
          request.method(),
          request.path(),
          context.pathParams(),
          request.params(),
          request.headers(),
          body,
          String.valueOf(request.localAddress()));
    }

    private void send(PendingAnswer pending) {
      if (pending.isGone()) {
        return;
      }
      int status = pending.answer().status();
      writer
          .write(request, pending.answer(), pending.delivery())
          .onSuccess(written -> over(begun -> ledger.end(begun, status)))
          .onFailure(cause -> over(ledger::aborted));
    }

    /** The connection is gone: nothing to do if all of the answer went before. */
    private void gone(PendingAnswer pending) {
      if (request.response().ended()) {
        return;
      }
      over(ledger::aborted);
      pending.connectionGone();
    }

    /** Once: an answer that breaks off is told by its connection and by its last piece. */
    private void over(Consumer<Entry.Begin> line) {
      if (over) {
        return;
      }
      over = true;
      record(line);
      left(request.connection());
    }

    private void record(Consumer<Entry.Begin> line) {
      if (begin == null) {
        return;
      }
      try {
        line.accept(begin);
      } catch (UncheckedIOException e) {
        LOG.log(Level.ERROR, "event=end-not-recorded id=" + id + " reason=" + e.getMessage());
      }
    }
  }
}
