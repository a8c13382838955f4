package dev.backline.balancer.probe;

import dev.backline.balancer.health.ProbeResult;
import dev.backline.balancer.model.BackendId;
import dev.backline.balancer.model.Cause;
import dev.backline.balancer.model.FailureCause;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.net.ConnectOptions;
import io.vertx.core.net.NetClient;
import io.vertx.core.net.NetClientOptions;
import io.vertx.core.net.NetSocket;
import java.nio.charset.StandardCharsets;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * One health request: a GET on a connection of its own, because a kept one hides a dead listener.
 *
 * <p>Reads bytes itself, so that it can say what else than HTTP answers.
 */
final class HttpProbe {
  private final Vertx vertx;
  private final LongSupplier clock;
  private final NetClient client;

  HttpProbe(Vertx vertx, LongSupplier clock) {
    this.vertx = vertx;
    this.clock = clock;
    this.client = vertx.createNetClient(new NetClientOptions().setTcpNoDelay(true));
  }

  /**
   * What is asked of whom.
   *
   * @param registered who must answer, if it says who it is; {@code null}: anybody
   */
  record Question(BackendId backend, String path, @Nullable String registered) {}

  /** Sends one; the future always succeeds, within that time. */
  Future<ProbeResult> send(Question question, long timeoutNanos) {
    BackendId backend = question.backend();
    Promise<ProbeResult> result = Promise.promise();
    long startNanos = clock.getAsLong();
    int timeoutMillis = Math.toIntExact(Math.max(1, timeoutNanos / 1_000_000));
    Future<NetSocket> connecting =
        client.connect(
            new ConnectOptions()
                .setHost(backend.host())
                .setPort(backend.port())
                .setTimeout(timeoutMillis));
    long timer =
        vertx.setTimer(
            timeoutMillis, t -> result.tryComplete(ProbeResult.failed(timeoutCause(connecting))));
    connecting
        .onSuccess(socket -> ask(socket, question, startNanos, result))
        .onFailure(e -> result.tryComplete(ProbeResult.failed(FailureCause.of(e))));
    return result.future().onComplete(done -> vertx.cancelTimer(timer));
  }

  /** One that accepts the connection may be used in a panic; one that doesn't may not. */
  private static Cause timeoutCause(Future<NetSocket> connecting) {
    return connecting.isComplete() ? Cause.TIMEOUT : Cause.CONNECT_TIMEOUT;
  }

  private void ask(
      NetSocket socket, Question question, long startNanos, Promise<ProbeResult> result) {
    StringBuilder bytes = new StringBuilder();
    result.future().onComplete(done -> socket.close());
    socket.exceptionHandler(e -> result.tryComplete(ProbeResult.failed(FailureCause.of(e))));
    socket.closeHandler(v -> result.tryComplete(ProbeResult.failed(Cause.CLOSED)));
    socket.handler(
        chunk -> {
          bytes.append(chunk.toString(StandardCharsets.ISO_8859_1));
          ProbeResult read =
              AnswerHead.read(
                  bytes.toString(), question.registered(), clock.getAsLong() - startNanos);
          if (read != null) {
            result.tryComplete(read);
          }
        });
    socket
        .write(
            "GET "
                + question.path()
                + " HTTP/1.1\r\nHost: "
                + question.backend()
                + "\r\nUser-Agent: backline-probe\r\nConnection: close\r\n\r\n")
        .onFailure(e -> result.tryComplete(ProbeResult.failed(FailureCause.of(e))));
  }
}
