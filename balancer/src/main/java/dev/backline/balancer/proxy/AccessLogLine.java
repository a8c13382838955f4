package dev.backline.balancer.proxy;

import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import org.jspecify.annotations.Nullable;

/** The access log's line of one exchange, as it grows. Owned by the exchange's event loop. */
final class AccessLogLine {
  private final Instant time = Instant.now().truncatedTo(ChronoUnit.MILLIS);
  private final JsonArray attempts = new JsonArray();
  private final long startNanos;
  private long queuedNanos;
  private long tunnelBytesIn;
  private long tunnelBytesOut;

  AccessLogLine(long startNanos) {
    this.startNanos = startNanos;
  }

  void attempt(LiveBackend backend, long beganNanos, long endedNanos, String fate) {
    attempts.add(
        new JsonObject()
            .put("backend", backend.view().backend().name())
            .put("address", backend.id().toString())
            .put("startMillis", millis(beganNanos - startNanos))
            .put("millis", millis(endedNanos - beganNanos))
            .put("fate", fate));
  }

  void queued(long nanos) {
    queuedNanos += nanos;
  }

  void tunnel(UpgradeTunnel ended) {
    tunnelBytesIn = ended.bytesIn();
    tunnelBytesOut = ended.bytesOut();
  }

  String finish(
      HttpServerRequest request,
      String id,
      @Nullable String pool,
      int status,
      String outcome,
      long nowNanos) {
    return new JsonObject()
            .put("time", time.toString())
            .put("id", id)
            .put("client", request.remoteAddress().hostAddress())
            .put("method", request.method().name())
            .put("host", request.getHeader("host"))
            .put("path", request.uri())
            .put("status", status)
            .put("outcome", outcome)
            .put("millis", millis(nowNanos - startNanos))
            .put("bytesIn", request.bytesRead() + tunnelBytesIn)
            .put("bytesOut", request.response().bytesWritten() + tunnelBytesOut)
            .put("pool", pool)
            .put("queuedMillis", millis(queuedNanos))
            .put("attempts", attempts)
            .encode()
        + "\n";
  }

  private static double millis(long nanos) {
    return Math.round(nanos / 1_000.0) / 1_000.0;
  }
}
