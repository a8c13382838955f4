package dev.backline.balancer.proxy;

import dev.backline.balancer.health.Evidence;
import dev.backline.balancer.http.ForwardedHeaders;
import dev.backline.balancer.http.HopByHop;
import dev.backline.balancer.model.Cause;
import dev.backline.balancer.model.FailureCause;
import dev.backline.balancer.model.Outcome;
import dev.backline.balancer.model.RequestHead;
import dev.backline.balancer.retry.Attempts;
import dev.backline.balancer.retry.Step;
import io.vertx.core.MultiMap;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpClientRequest;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.core.http.HttpVersion;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A client's request and its answer: carries out the steps that {@link Attempts} decides. Lives on
 * one event loop, which alone touches it.
 */
final class Exchange {
  private static final long NO_TIMER = -1;

  /** One try on one backend. */
  private static final class Attempt {
    final LiveBackend backend;
    final long beganNanos;
    long timer = NO_TIMER;
    boolean reused;
    boolean over;
    @Nullable HttpClientRequest request;

    Attempt(LiveBackend backend, long beganNanos) {
      this.backend = backend;
      this.beganNanos = beganNanos;
    }
  }

  private final Vertx vertx;
  private final DataPlane plane;
  private final PoolLoop pool;
  private final FailureReports reports;
  private final HttpServerRequest request;
  private final HttpServerResponse response;
  private final RequestHead head;
  private final String id;
  private final RequestBody body;
  private final Attempts attempts;
  private final AccessLogLine line;
  private @Nullable Attempt current;
  private long waitSinceNanos;
  private long waitDeadlineNanos;
  private boolean over;

  Exchange(
      Vertx vertx,
      DataPlane plane,
      PoolLoop pool,
      FailureReports reports,
      HttpServerRequest request,
      RequestHead head,
      String id) {
    long nowNanos = plane.clock.getAsLong();
    this.vertx = vertx;
    this.plane = plane;
    this.pool = pool;
    this.reports = reports;
    this.request = request;
    this.response = request.response();
    this.head = head;
    this.id = id;
    int replayLimit = pool.policy().retry().replayLimitBytes();
    this.body = new RequestBody(request, replayLimit, plane.replayBytesLeft);
    this.attempts =
        new Attempts(
            pool.policy().retry(), pool.policy().queue().maxWait(), pool.budget(), head, nowNanos);
    this.line = new AccessLogLine(nowNanos);
  }

  void start() {
    plane.exchangesInFlight.increment();
    response.closeHandler(v -> onClientGone());
    response.exceptionHandler(e -> onClientGone());
    request.exceptionHandler(e -> onClientGone());
    tryOn();
  }

  RequestHead head() {
    return head;
  }

  long waitDeadlineNanos() {
    return waitDeadlineNanos;
  }

  /** A backend may be there again. */
  void onReleased() {
    line.queued(now() - waitSinceNanos);
    attempts.onReleased();
    tryOn();
  }

  /** Nobody came in time. */
  void onWaitOver() {
    line.queued(now() - waitSinceNanos);
    perform(attempts.next(new Outcome.Refused(), body.isReplayable(), now()));
  }

  private void perform(Step step) {
    if (step instanceof Step.TryOn) {
      tryOn();
    } else if (step instanceof Step.Wait wait) {
      waitSinceNanos = now();
      waitDeadlineNanos = wait.deadlineNanos();
      if (!pool.enqueue(this)) {
        giveUp(new Step.GiveUp(503, false));
      }
    } else if (step instanceof Step.GiveUp giveUp) {
      giveUp(giveUp);
    } else {
      throw new AssertionError(step);
    }
  }

  private void tryOn() {
    long nowNanos = now();
    LiveBackend backend = pool.select(head, attempts.tried(), nowNanos);
    if (backend == null) {
      perform(attempts.next(new Outcome.Refused(), body.isReplayable(), nowNanos));
      return;
    }
    attempts.onTry(backend.id());
    backend.cell().begin();
    Attempt attempt = new Attempt(backend, nowNanos);
    current = attempt;
    pool.client(backend.id())
        .connect(request.method(), request.uri(), requestHeaders())
        .onSuccess(out -> onConnected(attempt, out))
        .onFailure(e -> onFailed(attempt, new Outcome.ConnectFailed(FailureCause.of(e))));
  }

  private void onConnected(Attempt attempt, HttpClientRequest out) {
    attempt.request = out;
    attempt.reused = pool.client(attempt.backend.id()).isReused(out);
    if (attempt.over) {
      out.reset();
      return;
    }
    long headNanos = pool.policy().retry().head().toNanos();
    long untilNanos = Math.min(attempt.beganNanos + headNanos, attempts.deadlineNanos());
    long millis = Math.max(1, (untilNanos - now()) / 1_000_000);
    attempt.timer = vertx.setTimer(millis, timer -> onFailed(attempt, new Outcome.TimedOut()));
    out.exceptionHandler(e -> {}); // Its response fails too, and that is listened to.
    out.response()
        .onSuccess(in -> onHead(attempt, in))
        .onFailure(
            e ->
                onFailed(
                    attempt, new Outcome.BrokenBeforeHead(FailureCause.of(e), attempt.reused)));
    body.sendTo(out);
  }

  private void onFailed(Attempt attempt, Outcome outcome) {
    if (attempt.over) {
      return;
    }
    attempt.over = true;
    vertx.cancelTimer(attempt.timer);
    body.detach();
    long nowNanos = now();
    String fate = Fates.of(outcome);
    line.attempt(attempt.backend, attempt.beganNanos, nowNanos, fate);
    report(attempt, outcome);
    if (outcome instanceof Outcome.TimedOut) {
      attempt.backend.cell().abandon();
    } else {
      holdSlot(attempt, nowNanos);
    }
    if (attempt.request != null) {
      attempt.request.reset();
    }
    perform(attempts.next(outcome, body.isReplayable(), nowNanos));
  }

  private void onHead(Attempt attempt, HttpClientResponse in) {
    if (attempt.over) {
      return;
    }
    vertx.cancelTimer(attempt.timer);
    long nowNanos = now();
    long headNanos = nowNanos - attempt.beganNanos;
    Outcome answered = new Outcome.Answered(in.statusCode(), headNanos);
    boolean clean = !Evidence.isServerError(in.statusCode());
    attempt.backend.cell().onHead(headNanos, clean, nowNanos);
    if (!clean) {
      report(attempt, answered);
    }
    Step step = attempts.next(answered, body.isReplayable(), nowNanos);
    if (!(step instanceof Step.Relay)) {
      throw new AssertionError(step);
    }
    relay(attempt, in);
  }

  private void relay(Attempt attempt, HttpClientResponse in) {
    response.setStatusCode(in.statusCode()).setStatusMessage(in.statusMessage());
    copyResponseHeaders(in);
    BackendClient.retireEarly(in);
    boolean hasLength = response.headers().contains("content-length");
    boolean hasBody = !head.method().equals("HEAD") && !isBodiless(in.statusCode());
    if (hasBody && !hasLength) {
      if (request.version() == HttpVersion.HTTP_1_1) {
        response.setChunked(true);
      } else {
        response.putHeader("Connection", "close");
        response.endHandler(v -> request.connection().close());
      }
    }
    in.pipe()
        .endOnFailure(false)
        .endOnSuccess(false)
        .to(response)
        .onSuccess(
            v -> {
              if (response.isChunked()) {
                response.trailers().addAll(in.trailers());
              }
              response.end().onFailure(e -> {}); // The close handler tells of it.
              end(attempt, in.statusCode(), "answered");
            })
        .onFailure(
            e -> {
              if (response.closed()) {
                onClientGone();
              } else {
                cutOff(attempt, FailureCause.of(e), in.statusCode());
              }
            });
  }

  /** The client must see that the answer isn't whole: no last chunk, and the connection ends. */
  private void cutOff(Attempt attempt, Cause cause, int status) {
    if (attempt.over) {
      return;
    }
    Outcome outcome = new Outcome.BrokenAfterHead(cause);
    report(attempt, outcome);
    attempt.over = true;
    line.attempt(attempt.backend, attempt.beganNanos, now(), Fates.of(outcome));
    holdSlot(attempt, now());
    finish(status, "broken");
    request.connection().close();
  }

  private void giveUp(Step.GiveUp giveUp) {
    finish(giveUp.status(), giveUp.maybeExecuted() ? "maybe-executed" : "not-sent");
    ErrorResponder.fail(request, giveUp.status(), giveUp.maybeExecuted(), id);
  }

  private void onClientGone() {
    if (over) {
      return;
    }
    pool.dequeue(this);
    Attempt attempt = current;
    if (attempt != null && !attempt.over) {
      attempt.over = true;
      vertx.cancelTimer(attempt.timer);
      attempt.backend.cell().abandon();
      line.attempt(attempt.backend, attempt.beganNanos, now(), "client gone");
      if (attempt.request != null) {
        attempt.request.reset();
      }
    }
    finish(499, "client-gone");
  }

  private void end(Attempt attempt, int status, String outcome) {
    if (attempt.over) {
      return;
    }
    attempt.over = true;
    attempt.backend.cell().end();
    line.attempt(attempt.backend, attempt.beganNanos, now(), "answered " + status);
    finish(status, outcome);
  }

  private void finish(int status, String outcome) {
    over = true;
    body.discard();
    plane.exchangesInFlight.decrement();
    String poolName = pool.policy().name().value();
    plane.accessLog.add(line.finish(request, id, poolName, status, outcome, now()));
    pool.release();
  }

  private void report(Attempt attempt, Outcome outcome) {
    BackendCell cell = attempt.backend.cell();
    Evidence evidence = Evidence.of(outcome, cell.onFailure());
    if (evidence == null) {
      return;
    }
    if (evidence instanceof Evidence.Transport) {
      cell.suspect();
    } else if (evidence instanceof Evidence.Local local) {
      plane.onLocalFailure(local.cause());
    }
    reports.add(pool.policy().name(), attempt.backend.id(), evidence);
  }

  /** A backend that fails quickly must not look idle: the slot stays taken for a usual answer. */
  private void holdSlot(Attempt attempt, long nowNanos) {
    long millis = pool.medianHeadNanos(nowNanos) / 1_000_000;
    vertx.setTimer(Math.max(1, millis), timer -> attempt.backend.cell().end());
  }

  private MultiMap requestHeaders() {
    HopByHop hopByHop = HopByHop.of(request.headers().getAll("connection"));
    MultiMap headers = MultiMap.caseInsensitiveMultiMap();
    for (Map.Entry<String, String> header : request.headers()) {
      String name = header.getKey();
      if (!hopByHop.contains(name)
          && !ForwardedHeaders.isOurs(name)
          && !name.equalsIgnoreCase("expect")) {
        headers.add(name, header.getValue());
      }
    }
    headers.add("Via", ForwardedHeaders.VIA);
    headers.add("X-Forwarded-For", head.clientAddress());
    headers.add("X-Forwarded-Proto", "http");
    String host = request.getHeader("host");
    if (host != null) {
      headers.add("X-Forwarded-Host", host);
    }
    headers.add("X-Forwarded-Port", String.valueOf(request.localAddress().port()));
    headers.add("X-Request-Id", id);
    return headers;
  }

  private void copyResponseHeaders(HttpClientResponse in) {
    HopByHop hopByHop = HopByHop.of(in.headers().getAll("connection"));
    boolean framed = in.statusCode() != 204;
    for (Map.Entry<String, String> header : in.headers()) {
      String name = header.getKey();
      if (!hopByHop.contains(name) && (framed || !name.equalsIgnoreCase("content-length"))) {
        response.headers().add(name, header.getValue());
      }
    }
    response.headers().add("Via", ForwardedHeaders.VIA);
    if (!response.headers().contains("X-Request-Id")) {
      response.headers().add("X-Request-Id", id);
    }
  }

  private static boolean isBodiless(int status) {
    return status == 204 || status == 304;
  }

  private long now() {
    return plane.clock.getAsLong();
  }
}
