package dev.backline.balancer;

import static org.assertj.core.api.Assertions.assertThat;

import dev.backline.balancer.control.Event;
import dev.backline.balancer.health.HealthPolicy;
import dev.backline.balancer.health.ProbeResult;
import dev.backline.balancer.model.BackendId;
import dev.backline.balancer.model.Cause;
import dev.backline.balancer.model.PoolName;
import dev.backline.balancer.probe.Prober;
import io.vertx.core.Context;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Probes over real sockets, and the orders that a prober follows. */
class ProberTest {
  private static final long MILLI = 1_000_000;
  private static final PoolName POOL = new PoolName("music");
  private static final HealthPolicy POLICY =
      new HealthPolicy("/health?deep=1", Duration.ofSeconds(20), Duration.ofSeconds(10), 2, 2);
  private static final HealthPolicy SHORT =
      new HealthPolicy("/health", Duration.ofSeconds(20), Duration.ofMillis(300), 2, 2);

  private final Vertx vertx = Vertx.vertx(new VertxOptions().setEventLoopPoolSize(1));
  private final Context context = vertx.getOrCreateContext();
  private final List<Event.ProbeFinished> events = new CopyOnWriteArrayList<>();
  private final long startNanos = System.nanoTime();
  private volatile HealthPolicy policy = POLICY;
  private volatile boolean frozen;
  private volatile long nowNanos;
  private final Prober prober =
      new Prober(
          vertx,
          this::now,
          (event, afterwards) -> {
            events.add((Event.ProbeFinished) event);
            afterwards.run();
          },
          pool -> pool.equals(POOL) ? policy : null,
          (pool, backend) -> null);

  @AfterEach
  void stop() {
    vertx.close().toCompletionStage().toCompletableFuture().join();
  }

  private long now() {
    if (!frozen) {
      nowNanos = System.nanoTime() - startNanos;
    }
    return nowNanos;
  }

  private void order(Runnable order) {
    CompletableFuture<Void> done = new CompletableFuture<>();
    context.runOnContext(
        v -> {
          order.run();
          done.complete(null);
        });
    done.join();
  }

  private void probe(RawBackend backend, long delayNanos) {
    order(() -> prober.probeAfter(POOL, BackendId.parse(backend.address()), delayNanos, false));
  }

  private ProbeResult result(RawBackend backend) {
    probe(backend, 0);
    return firstResult();
  }

  private ProbeResult firstResult() {
    Eventually.await().until(() -> !events.isEmpty());
    return events.get(0).result();
  }

  private static RawBackend answering(String bytes) {
    return RawBackend.answering(bytes);
  }

  @Test
  void passIsReportedWithItsStatusAndTime() {
    try (RawBackend backend = answering(RawBackend.status(204))) {
      ProbeResult result = result(backend);

      assertThat(result).isInstanceOf(ProbeResult.Passed.class);
      assertThat(((ProbeResult.Passed) result).status()).isEqualTo(204);
      assertThat(((ProbeResult.Passed) result).nanos()).isPositive();
      assertThat(events.get(0).backend().toString()).isEqualTo(backend.address());
      RawBackend.Received request = backend.received().get(0);
      assertThat(request.head().startLine()).isEqualTo("GET /health?deep=1 HTTP/1.1");
      assertThat(request.header("host")).isEqualTo(backend.address());
      assertThat(request.header("connection")).isEqualTo("close");
    }
  }

  @Test
  void headThatComesInPiecesPasses() {
    try (RawBackend backend =
        RawBackend.scripted(
            connection -> {
              connection.readBody();
              for (char c : RawBackend.status(200).toCharArray()) {
                connection.send(String.valueOf(c));
              }
            })) {
      assertThat(result(backend)).isInstanceOf(ProbeResult.Passed.class);
    }
  }

  @Test
  void tlsIsToldApartFromGarbage() {
    try (RawBackend tls = answering("\u0015\u0003\u0001\0\u0002\u0002\n");
        RawBackend garbage = answering("220 mail.example ESMTP\r\n")) {
      assertThat(result(tls)).isEqualTo(ProbeResult.failed(Cause.ANSWERS_TLS));
      events.clear();
      assertThat(result(garbage)).isEqualTo(ProbeResult.failed(Cause.BAD_ANSWER));
    }
  }

  @Test
  void endWithoutAWholeHeadIsClosed() {
    try (RawBackend backend =
        RawBackend.scripted(
            connection -> {
              connection.answer("HTTP/1.1 200 OK\r\nA:");
              connection.close();
            })) {
      assertThat(result(backend)).isEqualTo(ProbeResult.failed(Cause.CLOSED));
    }
  }

  @Test
  void resetIsReset() {
    try (RawBackend backend =
        RawBackend.scripted(
            connection -> {
              connection.readBody();
              connection.reset();
            })) {
      assertThat(result(backend)).isEqualTo(ProbeResult.failed(Cause.RESET));
    }
  }

  @Test
  void nobodyListensIsRefused() {
    try (RawBackend backend = answering("")) {
      backend.kill();
      assertThat(result(backend)).isEqualTo(ProbeResult.failed(Cause.REFUSED));
    }
  }

  @Test
  void silenceIsATimeoutAndTheConnectionIsClosed() {
    policy = SHORT;
    Gate closed = new Gate();
    try (RawBackend backend = answering("")) {
      backend.health(
          connection -> {
            connection.isClosedByPeer();
            closed.open();
          });

      assertThat(result(backend)).isEqualTo(ProbeResult.failed(Cause.TIMEOUT));
      closed.pass();
    }
  }

  /** Was: "timeout", as if it had accepted the connection, and so it was used in a panic. */
  @Test
  void noAnswerToTheConnectIsAConnectTimeout() throws IOException {
    policy = SHORT;
    List<Socket> queued = new ArrayList<>();
    try (ServerSocket full = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      fill(full, queued);

      order(
          () -> prober.probeAfter(POOL, new BackendId("127.0.0.1", full.getLocalPort()), 0, false));

      assertThat(firstResult()).isEqualTo(ProbeResult.failed(Cause.CONNECT_TIMEOUT));
    } finally {
      for (Socket socket : queued) {
        socket.close();
      }
    }
  }

  private static void fill(ServerSocket full, List<Socket> queued) throws IOException {
    while (queued.size() < 64) {
      Socket socket = new Socket();
      queued.add(socket);
      try {
        socket.connect(new InetSocketAddress(full.getInetAddress(), full.getLocalPort()), 300);
      } catch (SocketTimeoutException e) {
        return;
      }
    }
    throw new AssertionError("the queue doesn't fill up");
  }

  @Test
  void hurryWhileAProbeIsUnderWayIsNotForgotten() {
    Gate answer = new Gate();
    try (RawBackend backend =
        RawBackend.scripted(
            connection -> {
              connection.readBody();
              answer.pass();
              connection.send(RawBackend.status(200));
            })) {
      probe(backend, 0);
      backend.awaitReceived(1);
      probe(backend, 0); // Something was seen meanwhile.
      probe(backend, 0);
      answer.open();

      Eventually.await().until(() -> events.size() == 2);
      assertThat(backend.received()).hasSize(2);
    }
  }

  @Test
  void orderWithoutHurryWhileAProbeIsUnderWayIsForgotten() {
    Gate answer = new Gate();
    try (RawBackend backend =
            RawBackend.scripted(
                connection -> {
                  connection.readBody();
                  answer.pass();
                  connection.send(RawBackend.status(200));
                });
        RawBackend other = answering(RawBackend.status(200))) {
      probe(backend, 0);
      backend.awaitReceived(1);
      probe(backend, 1); // Its result will bring the next order.
      answer.open();
      Eventually.await().until(() -> events.size() == 1);
      probe(other, 20_000_000);

      Eventually.await().until(() -> events.size() == 2);
      assertThat(backend.received()).hasSize(1);
    }
  }

  @Test
  void laterOrderReplacesTheEarlierOne() {
    try (RawBackend backend = answering(RawBackend.status(200))) {
      probe(backend, 3_600_000_000_000L);
      probe(backend, 1_000_000);

      Eventually.await().until(() -> events.size() == 1);
    }
  }

  @Test
  void stoppedBackendIsNotProbedAndNotReported() {
    Gate answer = new Gate();
    try (RawBackend underWay =
            RawBackend.scripted(
                connection -> {
                  connection.readBody();
                  answer.pass();
                  connection.send(RawBackend.status(200));
                });
        RawBackend scheduled = answering(RawBackend.status(200));
        RawBackend other = answering(RawBackend.status(200))) {
      probe(underWay, 0);
      BackendId stopped = BackendId.parse(scheduled.address());
      order( // In one turn, or its time comes before it is stopped.
          () -> {
            prober.probeAfter(POOL, stopped, 5_000_000, false);
            prober.stop(POOL, stopped);
          });
      underWay.awaitReceived(1);
      order(() -> prober.stop(POOL, BackendId.parse(underWay.address())));
      answer.open();
      probe(other, 50_000_000);

      Eventually.await().until(() -> !events.isEmpty());
      assertThat(events).hasSize(1);
      assertThat(events.get(0).backend().toString()).isEqualTo(other.address());
      assertThat(scheduled.received()).isEmpty();
    }
  }

  @Test
  void backendOfAPoolThatIsGoneIsNotProbed() {
    try (RawBackend backend = answering(RawBackend.status(200));
        RawBackend other = answering(RawBackend.status(200))) {
      order(
          () ->
              prober.probeAfter(
                  new PoolName("gone"), BackendId.parse(backend.address()), 0, false));
      probe(other, 20_000_000);

      Eventually.await().until(() -> !events.isEmpty());
      assertThat(backend.received()).isEmpty();
    }
  }

  /** Loopback addresses where nobody listens: a probe there fails at once. */
  private static BackendId nobody(int number) {
    return new BackendId("127.1.%d.%d".formatted(number / 200, number % 200 + 1), 1);
  }

  @Test
  void fiveHundredASecondAreSentAndAHundredAtOnce() {
    int probes = 600;
    order(
        () -> {
          for (int i = 0; i < probes; i++) {
            prober.probeAfter(POOL, nobody(i), 0, false);
          }
        });
    Eventually.await().until(() -> events.size() == probes);

    List<Long> starts = events.stream().map(Event.ProbeFinished::startNanos).sorted().toList();
    for (int i = 100; i < probes; i++) {
      long leastNanos = (i - 99) * 2_000_000L;
      assertThat(starts.get(i) - starts.get(0)).as("probe %d", i).isGreaterThan(leastNanos - MILLI);
    }
  }

  @Test
  void urgentOneGoesBeforeThoseThatWait() {
    BackendId suspect = nobody(1_000);
    order(
        () -> {
          frozen = true; // Or more might be sent while the others are still ordered.
          for (int i = 0; i < 300; i++) {
            prober.probeAfter(POOL, nobody(i), 0, false);
          }
          prober.probeAfter(POOL, suspect, 0, true);
          frozen = false;
        });
    Eventually.await().until(() -> events.size() == 301);

    List<BackendId> inOrder =
        events.stream()
            .sorted(Comparator.comparingLong(Event.ProbeFinished::startNanos))
            .map(Event.ProbeFinished::backend)
            .toList();
    assertThat(inOrder.indexOf(suspect)).isEqualTo(100);
  }
}
