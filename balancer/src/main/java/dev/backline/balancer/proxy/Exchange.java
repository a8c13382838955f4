package dev.backline.balancer.proxy;

import dev.backline.balancer.health.Evidence;
import dev.backline.balancer.health.SilenceWatch;
import dev.backline.balancer.http.HopByHop;
import dev.backline.balancer.model.Cause;
import dev.backline.balancer.model.FailureCause;
import dev.backline.balancer.model.Outcome;
import dev.backline.balancer.model.PoolName;
import dev.backline.balancer.model.RequestHead;
import dev.backline.balancer.retry.Attempts;
import dev.backline.balancer.retry.Step;
import io.netty.channel.ChannelOption;
import io.vertx.core.MultiMap;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpClientRequest;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.HttpConnection;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.core.http.HttpVersion;
import io.vertx.core.net.NetSocket;
import io.vertx.core.net.impl.ConnectionBase;
import org.jspecify.annotations.Nullable;

/**
 * A client's request and its answer: carries out the steps that {@link Attempts} decides. Lives on
 * one event loop, which alone touches it.
 */
final class Exchange {
  private static final long NO_TIMER = -1;
  // A client that sends nothing of its body for so long stalls: backends give up after seconds.
  private static final long STALL_NANOS = 1_000_000_000L;

  /** One try on one backend. */
  private static final class Attempt {
    final LiveBackend backend;
    final BackendClient client;
    final long beganNanos;
    final long connectNanos;
    long timer = NO_TIMER;
    boolean reused;
    boolean headSeen;
    boolean blamed;
    boolean over;
    @Nullable HttpClientRequest request;
    SilenceWatch.@Nullable Waiting waiting;

    Attempt(LiveBackend backend, BackendClient client, long beganNanos, long connectNanos) {
      this.backend = backend;
      this.client = client;
      this.beganNanos = beganNanos;
      this.connectNanos = connectNanos;
    }
  }

  private final Vertx vertx;
  private final DataPlane plane;
  private final PoolLoop pool;
  private final EvidenceReports reports;
  private final ClientRequest asked;
  private final HttpServerRequest request;
  private final HttpServerResponse response;
  private final RequestHead head;
  private final String id;
  private final RequestBody body;
  private final Attempts attempts;
  private final AccessLogLine line;
  private final boolean upgrade;
  private @Nullable Attempt current;
  private @Nullable UpgradeTunnel tunnel;
  private @Nullable HeldAnswer held;
  private long waitSinceNanos;
  private long waitDeadlineNanos;
  private boolean sent;
  private boolean over;

  Exchange(
      Vertx vertx, DataPlane plane, PoolLoop pool, EvidenceReports reports, ClientRequest asked) {
    long nowNanos = plane.clock.getAsLong();
    this.vertx = vertx;
    this.plane = plane;
    this.pool = pool;
    this.reports = reports;
    this.asked = asked;
    this.request = asked.request();
    this.response = request.response();
    this.head = asked.head();
    this.id = asked.id();
    int replayLimit = pool.policy().retry().replayLimitBytes();
    this.body = new RequestBody(request, replayLimit, plane.keptBytesLeft, plane.clock);
    this.attempts =
        new Attempts(
            pool.policy().retry(), pool.policy().queue().maxWait(), pool.budget(), head, nowNanos);
    this.line = new AccessLogLine(nowNanos);
    this.upgrade = Heads.isUpgrade(asked);
  }

  void start() {
    plane.exchangesInFlight.increment();
    response.closeHandler(v -> onClientGone());
    response.exceptionHandler(e -> onClientGone());
    request.exceptionHandler(e -> onClientGone());
    tryAnother();
  }

  RequestHead head() {
    return head;
  }

  long waitSinceNanos() {
    return waitSinceNanos;
  }

  long waitDeadlineNanos() {
    return waitDeadlineNanos;
  }

  /** This backend can take it now. */
  void onReleased(LiveBackend backend) {
    line.queued(now() - waitSinceNanos);
    attempts.onReleased();
    tryOn(backend);
  }

  /** Nobody came in time. */
  void onWaitOver() {
    line.queued(now() - waitSinceNanos);
    perform(attempts.next(new Outcome.Refused(), body.isReplayable(), now()));
  }

  private void perform(Step step) {
    if (step instanceof Step.TryOn) {
      tryAnother();
    } else if (step instanceof Step.Wait wait) {
      waitSinceNanos = now();
      waitDeadlineNanos = wait.deadlineNanos();
      if (!pool.enqueue(this)) {
        giveUp(new Step.GiveUp(503, sent));
      }
    } else if (step instanceof Step.GiveUp giveUp) {
      giveUp(giveUp);
    } else {
      throw new AssertionError(step);
    }
  }

  private void tryAnother() {
    LiveBackend backend = pool.take(head, attempts.tried(), now());
    if (backend == null) {
      perform(attempts.next(new Outcome.Refused(), body.isReplayable(), now()));
    } else {
      tryOn(backend);
    }
  }

  /** Begins an attempt on a backend of which a slot is taken. */
  private void tryOn(LiveBackend backend) {
    attempts.onTry(backend.id());
    long beganNanos = now();
    long connectNanos = Math.min(headNanos(), dueNanos(beganNanos) - beganNanos);
    Attempt attempt = new Attempt(backend, pool.client(backend.id()), beganNanos, connectNanos);
    current = attempt;
    arm(attempt, connectNanos);
    attempt
        .client
        .connect(request.method(), request.uri(), headersToBackend())
        .onSuccess(out -> onConnected(attempt, out))
        .onFailure(e -> onFailed(attempt, new Outcome.ConnectFailed(connectCause(e))));
  }

  private MultiMap headersToBackend() {
    MultiMap headers = Heads.toBackend(asked);
    if (upgrade) {
      Heads.makeUpgrade(headers);
    }
    return headers;
  }

  /** Nothing has come back yet that could be a bad answer: what we made of the request is bad. */
  private static Cause connectCause(Throwable failure) {
    Cause cause = FailureCause.of(failure);
    return cause == Cause.BAD_ANSWER ? Cause.UNKNOWN_LOCAL : cause;
  }

  private void onConnected(Attempt attempt, HttpClientRequest out) {
    attempt.reused = attempt.client.isReused(out);
    out.exceptionHandler(e -> {}); // Its response fails too, and that is listened to.
    if (attempt.over) {
      out.reset();
      return;
    }
    attempt.request = out;
    out.response()
        .onSuccess(in -> onHead(attempt, in))
        .onFailure(e -> onBroken(attempt, FailureCause.of(e)));
    if (upgrade) {
      out.connect(); // It has no body, and its answer may be followed by bytes of another protocol.
    } else {
      body.sendTo(out);
    }
    body.whenComplete(() -> awaitHead(attempt));
  }

  /** All of the request is on its way. */
  private void awaitHead(Attempt attempt) {
    if (!attempt.over && !attempt.headSeen) {
      attempt.waiting = pool.silence().begin(attempt.backend.id());
    }
  }

  private void arm(Attempt attempt, long nanos) {
    long millis = Math.max(1, (nanos + 999_999) / 1_000_000);
    attempt.timer = vertx.setTimer(millis, timer -> onTimer(attempt));
  }

  private void onTimer(Attempt attempt) {
    boolean connecting = attempt.request == null;
    long dueNanos = connecting ? connectedNanos(attempt) : dueNanos(attempt.beganNanos);
    long leftNanos = dueNanos - now();
    if (leftNanos > 0) {
      arm(attempt, leftNanos);
    } else if (connecting) {
      // A connect fails sooner: a name isn't resolved, or there are too many connections here.
      onFailed(attempt, new Outcome.ConnectFailed(Cause.UNKNOWN_LOCAL));
    } else if (body.isBackendsTurn()) {
      onFailed(attempt, new Outcome.TimedOut());
    } else {
      onClientStalled(attempt);
    }
  }

  /**
   * The backend's time runs only while it is its turn, a slow upload is not its fault, and not
   * while this member stood still.
   */
  private long dueNanos(long beganNanos) {
    long turnNanos = body.turnSinceNanos();
    long sinceNanos = turnSinceNanos(beganNanos);
    long stalledNanos = pool.stalledNanosSince(sinceNanos);
    if (!body.isBackendsTurn()) {
      return sinceNanos + pool.policy().connection().idleTimeout().toNanos() + stalledNanos;
    }
    long dueNanos = sinceNanos + headNanos();
    long totalNanos = pool.policy().retry().total().toNanos();
    long latestNanos = body.isComplete() ? Math.min(dueNanos, turnNanos + totalNanos) : dueNanos;
    return latestNanos + stalledNanos;
  }

  private long connectedNanos(Attempt attempt) {
    long beganNanos = attempt.beganNanos;
    return beganNanos + attempt.connectNanos + pool.stalledNanosSince(beganNanos);
  }

  /** One that the end of the whole exchange cut short says nothing against its backend. */
  private boolean hadItsTime(Attempt attempt, long nowNanos) {
    long sinceNanos = turnSinceNanos(attempt.beganNanos);
    return nowNanos - sinceNanos - pool.stalledNanosSince(sinceNanos) >= headNanos();
  }

  private long turnSinceNanos(long beganNanos) {
    return Math.max(beganNanos, body.turnSinceNanos());
  }

  private long headNanos() {
    return pool.policy().retry().head().toNanos();
  }

  private void onBroken(Attempt attempt, Cause cause) {
    boolean clientsTurn = attempt.request != null && !body.isBackendsTurn();
    if (clientsTurn && now() - body.turnSinceNanos() >= STALL_NANOS && !attempt.over) {
      onClientStalled(attempt); // The backend has only lost its patience with the client.
    } else {
      onFailed(attempt, new Outcome.BrokenBeforeHead(cause, attempt.reused));
    }
  }

  /** Ends an attempt; returns {@code false} if it was over before. */
  private boolean end(Attempt attempt) {
    if (attempt.over) {
      return false;
    }
    attempt.over = true;
    vertx.cancelTimer(attempt.timer);
    if (attempt.waiting != null) {
      pool.silence().end(attempt.waiting);
    }
    attempt.client.release();
    if (held != null) {
      held.release();
    }
    return true;
  }

  private void onFailed(Attempt attempt, Outcome outcome) {
    if (!end(attempt)) {
      return;
    }
    body.detach();
    long nowNanos = now();
    String fate = Fates.of(outcome);
    line.attempt(attempt.backend, attempt.beganNanos, nowNanos, fate);
    boolean timedOut = outcome instanceof Outcome.TimedOut;
    if (!attempt.blamed && (!timedOut || hadItsTime(attempt, nowNanos))) {
      report(attempt, outcome);
    }
    if (timedOut) {
      attempt.backend.cell().abandon();
    } else {
      holdSlot(attempt, nowNanos);
    }
    if (attempt.request != null) {
      sent = true;
      attempt.request.reset();
    }
    perform(attempts.next(outcome, body.isReplayable(), nowNanos));
  }

  private void onHead(Attempt attempt, HttpClientResponse in) {
    if (attempt.over) {
      return;
    }
    in.exceptionHandler(e -> {}); // Until it is relayed: what is reset here is known here.
    boolean upgraded = upgrade && Heads.isUpgraded(in);
    if (!upgraded && !Heads.canBeRelayed(in)) {
      onBroken(attempt, Cause.BAD_ANSWER);
      return;
    }
    vertx.cancelTimer(attempt.timer);
    long nowNanos = now();
    long sinceNanos = turnSinceNanos(attempt.beganNanos);
    long headNanos = nowNanos - sinceNanos - pool.stalledNanosSince(sinceNanos);
    Outcome answered = new Outcome.Answered(in.statusCode(), headNanos);
    boolean serverError = Evidence.isServerError(in.statusCode());
    attempt.headSeen = true;
    pool.silence().onHeard(attempt.backend);
    if (attempt.waiting == null || pool.silence().onHead(attempt.waiting, headNanos)) {
      attempt.backend.cell().onHead(headNanos, serverError, nowNanos);
    } else {
      attempt.backend.cell().onDelayedHead();
    }
    if (serverError) {
      attempt.blamed = true; // Once is enough, if it breaks off too.
      report(attempt, answered);
    }
    Step step = attempts.next(answered, body.isReplayable(), nowNanos);
    if (!(step instanceof Step.Relay)) {
      throw new AssertionError(step);
    }
    if (upgraded) {
      tunnel(attempt, in);
      return;
    }
    HopByHop hopByHop = Heads.hopByHop(in.headers());
    BackendClient.retireEarly(in, hopByHop);
    boolean couldAskAnother = body.isComplete() && attempts.isAnotherPossible(body.isReplayable());
    held = couldAskAnother && hasBody(in) ? HeldAnswer.of(in, plane.keptBytesLeft) : null;
    if (held == null) {
      relay(attempt, in, hopByHop);
    } else {
      hold(attempt, in, hopByHop, held);
    }
  }

  private void tunnel(Attempt attempt, HttpClientResponse in) {
    NetSocket backend = in.netSocket().pause();
    Heads.toClient(in, Heads.hopByHop(in.headers()), response, id);
    response.headersEndHandler(v -> Heads.makeUpgrade(response.headers()));
    request
        .resume()
        .toNetSocket()
        .onSuccess(client -> carry(attempt, client, backend, in.request().connection()))
        .onFailure(e -> onClientGone());
  }

  private void carry(
      Attempt attempt, NetSocket client, NetSocket backend, HttpConnection backendConnection) {
    asked.connections().onUpgraded(request.connection());
    if (attempt.over) {
      client.close(); // It has gone in between, and that is told already.
      backend.close();
      return;
    }
    attempt.backend.cell().onUpgraded();
    tunnel =
        new UpgradeTunnel(
            vertx,
            client,
            backend,
            pool.policy().connection().idleTimeout(),
            () -> pool.silence().onHeard(attempt.backend),
            () -> {
              ClientConnections.cut(request.connection());
              ClientConnections.cut(backendConnection);
            },
            () -> onTunnelOver(attempt));
  }

  private void onTunnelOver(Attempt attempt) {
    if (!end(attempt)) {
      return;
    }
    if (tunnel != null) {
      line.tunnel(tunnel);
    }
    attempt.backend.cell().endUpgraded();
    attempt.backend.cell().onClean();
    line.attempt(attempt.backend, attempt.beganNanos, now(), "upgraded");
    finish(101, "upgraded");
  }

  private void hold(Attempt attempt, HttpClientResponse in, HopByHop hopByHop, HeldAnswer holding) {
    holding.hold(
        vertx,
        in,
        () -> {
          if (!attempt.over) {
            Heads.toClient(in, hopByHop, response, id);
            response.write(holding.body()).onFailure(e -> onClientGone());
            onRelayed(attempt, in);
          }
        },
        e -> onFailed(attempt, new Outcome.BrokenAfterHead(FailureCause.of(e), false)),
        () -> {
          holding.release();
          held = null;
          relay(attempt, in, hopByHop);
          response.write(holding.body()).onFailure(e -> onClientGone());
        });
  }

  private boolean hasBody(HttpClientResponse in) {
    return !head.method().equals("HEAD") && !isBodiless(in.statusCode());
  }

  private void relay(Attempt attempt, HttpClientResponse in, HopByHop hopByHop) {
    Heads.toClient(in, hopByHop, response, id);
    if (hasBody(in) && !response.headers().contains("content-length")) {
      if (request.version() == HttpVersion.HTTP_1_1) {
        response.setChunked(true);
      } else {
        Heads.makeLast(response); // Its end is the end of the stream.
      }
    }
    in.exceptionHandler(e -> cutOff(attempt, FailureCause.of(e), in.statusCode()));
    in.endHandler(v -> onRelayed(attempt, in));
    in.handler(
        chunk -> {
          pool.silence().onHeard(attempt.backend);
          response.write(chunk).onFailure(e -> onClientGone());
          if (response.writeQueueFull()) {
            in.pause();
            response.drainHandler(v -> in.resume());
          }
        });
  }

  private void onRelayed(Attempt attempt, HttpClientResponse in) {
    if (!end(attempt)) {
      return;
    }
    if (response.isChunked()) {
      Heads.trailersToClient(in, response);
    }
    response.end().onFailure(e -> {}); // The close handler tells of it.
    if (!body.isComplete() || upgrade) {
      in.request().reset(); // It has answered early, or without the upgrade: nobody reads the rest.
    }
    attempt.backend.cell().end();
    if (!Evidence.isServerError(in.statusCode())) {
      attempt.backend.cell().onClean();
    }
    String fate = Fates.of(new Outcome.Answered(in.statusCode(), 0));
    line.attempt(attempt.backend, attempt.beganNanos, now(), fate);
    finish(in.statusCode(), "answered");
  }

  /** The client must see that the answer isn't whole: no last chunk, and the connection ends. */
  private void cutOff(Attempt attempt, Cause cause, int status) {
    if (!end(attempt)) {
      return;
    }
    Outcome outcome = new Outcome.BrokenAfterHead(cause, true);
    if (!attempt.blamed && !response.writeQueueFull()) {
      report(attempt, outcome); // Else it is the client that reads too slowly.
    }
    line.attempt(attempt.backend, attempt.beganNanos, now(), Fates.of(outcome));
    holdSlot(attempt, now());
    if (attempt.request != null) {
      attempt.request.reset(); // Nobody reads the rest, if there is one.
    }
    finish(status, "broken");
    resetClient();
  }

  private void resetClient() {
    boolean endsWithStream =
        !response.isChunked() && !response.headers().contains("content-length");
    if (endsWithStream && request.connection() instanceof ConnectionBase connection) {
      // An ordinary end would be a whole answer: only a reset tells.
      connection.channel().config().setOption(ChannelOption.SO_LINGER, 0);
    }
    asked.connections().close(request.connection());
  }

  private void giveUp(Step.GiveUp giveUp) {
    ErrorResponder.fail(request, giveUp.status(), giveUp.maybeExecuted(), id);
    finish(giveUp.status(), giveUp.maybeExecuted() ? "maybe-executed" : "not-sent");
  }

  private void onClientGone() {
    if (over || tunnel != null) {
      return; // A tunnel tells of its own end.
    }
    if (pool.dequeue(this)) {
      line.queued(now() - waitSinceNanos);
    }
    if (current != null) {
      abandon(current);
    }
    finish(499, "client-gone");
  }

  private void onClientStalled(Attempt attempt) {
    abandon(attempt);
    ErrorResponder.reject(request, 408, "the request's body did not come in time", id);
    finish(408, "rejected");
  }

  private void abandon(Attempt attempt) {
    if (!end(attempt)) {
      return;
    }
    line.attempt(attempt.backend, attempt.beganNanos, now(), Fates.of(new Outcome.ClientGone()));
    if (attempt.request == null || attempt.headSeen) {
      attempt.backend.cell().end(); // It never heard of it, or has answered.
    } else {
      attempt.backend.cell().abandon();
    }
    if (attempt.request != null) {
      attempt.request.reset();
    }
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
    PoolName poolName = pool.policy().name();
    BackendCell cell = attempt.backend.cell();
    Evidence evidence = Evidence.of(outcome, 0);
    if (evidence instanceof Evidence.Local) {
      plane.localFailures.increment(); // The backend's counters stay as they are.
      reports.add(poolName, attempt.backend.id(), evidence);
      return;
    }
    if (evidence instanceof Evidence.Transport) {
      cell.suspect();
    }
    evidence = Evidence.of(outcome, cell.onFailure());
    if (evidence != null) {
      reports.add(poolName, attempt.backend.id(), evidence);
    }
  }

  /** A backend that fails quickly must not look idle: the slot stays taken for a usual answer. */
  private void holdSlot(Attempt attempt, long nowNanos) {
    long millis = pool.medianHeadNanos(nowNanos) / 1_000_000;
    vertx.setTimer(Math.max(1, millis), timer -> attempt.backend.cell().end());
  }

  private static boolean isBodiless(int status) {
    return status == 204 || status == 304;
  }

  private long now() {
    return plane.clock.getAsLong();
  }
}
