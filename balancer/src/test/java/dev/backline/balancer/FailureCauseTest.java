package dev.backline.balancer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.backline.balancer.health.Evidence;
import dev.backline.balancer.model.Cause;
import dev.backline.balancer.model.FailureCause;
import dev.backline.balancer.model.Outcome;
import io.netty.bootstrap.Bootstrap;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ConnectTimeoutException;
import io.netty.channel.epoll.Epoll;
import io.netty.channel.unix.Errors;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.dns.AddressResolverOptions;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpClientRequest;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.internal.VertxInternal;
import io.vertx.core.transport.Transport;
import java.io.IOException;
import java.net.BindException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.NoRouteToHostException;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketException;
import java.net.UnknownHostException;
import java.nio.channels.ClosedChannelException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Whose fault a failure is, told from what each transport really throws. */
class FailureCauseTest {
  private static final int ANY_PORT = 0;

  /** The same failures, provoked on one transport. */
  abstract static class OnTransport {
    private final Transport transport;
    private Vertx vertx;

    OnTransport(Transport transport) {
      this.transport = transport;
      this.vertx = Vertx.vertx(); // Replaced in the set-up; NullAway wants one.
    }

    @BeforeEach
    void start() {
      QuietLogs.install();
      vertx.close();
      assumeTrue(
          transport != null && transport.available(),
          () -> "this transport isn't available here: " + getClass().getSimpleName());
      vertx =
          Vertx.builder()
              .with(
                  new VertxOptions()
                      .setEventLoopPoolSize(1)
                      .setAddressResolverOptions(
                          new AddressResolverOptions().setQueryTimeout(300).setMaxQueries(1)))
              .withTransport(transport)
              .build();
    }

    @AfterEach
    void stop() {
      vertx.close();
    }

    @Test
    void nobodyListensIsRefused() throws Exception {
      int port;
      try (ServerSocket socket = new ServerSocket(ANY_PORT)) {
        port = socket.getLocalPort();
      }

      assertThat(FailureCause.of(failureOf("127.0.0.1", port, options()))).isEqualTo(Cause.REFUSED);
    }

    @Test
    void resetIsReset() throws Exception {
      try (RawBackend backend =
          RawBackend.scripted(
              connection -> {
                connection.readBody();
                connection.reset();
              })) {
        assertThat(FailureCause.of(failureOf(backend))).isEqualTo(Cause.RESET);
      }
    }

    @Test
    void endWithoutAnAnswerIsClosed() throws Exception {
      try (RawBackend backend =
          RawBackend.scripted(
              connection -> {
                connection.readBody();
                connection.close();
              })) {
        assertThat(FailureCause.of(failureOf(backend))).isEqualTo(Cause.CLOSED);
      }
    }

    @ParameterizedTest
    @ValueSource(
        strings = {
          "garbage",
          "HTTP/9.9 200 OK",
          "HTTP/1.1 x",
          "HTTP/1.1 200 OK\r\nContent-Length: x",
          "HTTP/1.1 200 OK\nContent-Length: 0",
        })
    void whatIsNoHttpIsABadAnswer(String answer) throws Exception {
      try (RawBackend backend = RawBackend.answering(answer + "\r\n\r\n")) {
        Throwable failure = failureOf(backend);
        assertThat(FailureCause.of(failure)).as("%s", failure).isEqualTo(Cause.BAD_ANSWER);
      }
    }

    @Test
    void noAnswerToTheConnectIsAConnectTimeout() throws Exception {
      List<Socket> queued = new ArrayList<>();
      try (ServerSocket full = new ServerSocket(ANY_PORT, 1, InetAddress.getLoopbackAddress())) {
        fill(full, queued);

        Throwable failure =
            failureOf("127.0.0.1", full.getLocalPort(), options().setConnectTimeout(200));

        assertThat(FailureCause.of(failure)).isEqualTo(Cause.CONNECT_TIMEOUT);
      } finally {
        for (Socket socket : queued) {
          socket.close();
        }
      }
    }

    @Test
    void nameWithoutAddressIsUnresolved() throws Exception {
      Throwable failure = failureOf("no-such-name.invalid", 80, options());

      assertThat(FailureCause.of(failure)).isEqualTo(Cause.UNRESOLVED);
    }

    /** Vert.x never completes such a connect, so this asks the transport itself. */
    @Test
    void missingLocalAddressIsLocal() throws Exception {
      try (ServerSocket socket = new ServerSocket(ANY_PORT)) {
        Throwable failure =
            new Bootstrap()
                .group(((VertxInternal) vertx).nettyEventLoopGroup())
                .channelFactory(((VertxInternal) vertx).transport().channelFactory(false))
                .handler(new ChannelInboundHandlerAdapter())
                .localAddress(new InetSocketAddress("192.0.2.1", ANY_PORT))
                .connect("127.0.0.1", socket.getLocalPort())
                .await()
                .cause();

        assertThat(failure).isNotNull();
        assertThat(FailureCause.of(failure)).isEqualTo(Cause.NO_LOCAL_ADDRESS);
      }
    }

    @Test
    void broadcastAddressIsNeverBlamedOnABackendAsRefused() throws Exception {
      Throwable failure = failureOf("255.255.255.255", 80, options());

      assertThat(FailureCause.of(failure)).isIn(Cause.UNREACHABLE, Cause.FORBIDDEN);
    }

    private static HttpClientOptions options() {
      return new HttpClientOptions().setConnectTimeout(10_000);
    }

    private Throwable failureOf(RawBackend backend) throws Exception {
      String address = backend.address();
      int port = Integer.parseInt(address.substring(address.indexOf(':') + 1));
      return failureOf("127.0.0.1", port, options());
    }

    private Throwable failureOf(String host, int port, HttpClientOptions options) throws Exception {
      // Held until the end: Vert.x closes a client that the garbage collector finds unreachable.
      HttpClient client = vertx.createHttpClient(options);
      try {
        Future<?> answer =
            client.request(HttpMethod.GET, port, host, "/").compose(HttpClientRequest::send);
        answer.toCompletionStage().toCompletableFuture().get(30, TimeUnit.SECONDS);
        throw new AssertionError("answered");
      } catch (ExecutionException e) {
        return e.getCause() == null ? e : e.getCause();
      } finally {
        client.close();
      }
    }

    /** Connects until nothing answers any more: the listener's queue is full. */
    private static void fill(ServerSocket full, List<Socket> queued) throws IOException {
      while (queued.size() < 64) {
        Socket socket = new Socket();
        queued.add(socket);
        try {
          socket.connect(new InetSocketAddress(full.getInetAddress(), full.getLocalPort()), 300);
        } catch (java.net.SocketTimeoutException e) {
          return;
        }
      }
      throw new AssertionError("the queue doesn't fill up");
    }
  }

  @Nested
  class OnNio extends OnTransport {
    OnNio() {
      super(Transport.NIO);
    }
  }

  @Nested
  class OnEpoll extends OnTransport {
    OnEpoll() {
      super(Transport.EPOLL);
    }
  }

  @Nested
  class OnIoUring extends OnTransport {
    OnIoUring() {
      super(Transport.IO_URING);
    }
  }

  @ParameterizedTest
  @CsvSource({
    "111, REFUSED",
    "101, UNREACHABLE",
    "112, UNREACHABLE",
    "113, UNREACHABLE",
    "110, CONNECT_TIMEOUT",
    "104, RESET",
    "32, RESET",
    "103, RESET",
    "23, NO_DESCRIPTORS",
    "24, NO_DESCRIPTORS",
    "98, NO_LOCAL_ADDRESS",
    "99, NO_LOCAL_ADDRESS",
    "11, NO_BUFFERS",
    "12, NO_BUFFERS",
    "105, NO_BUFFERS",
    "1, FORBIDDEN",
    "13, FORBIDDEN",
    "22, UNKNOWN_LOCAL",
    "5, UNKNOWN_LOCAL",
  })
  @SuppressWarnings("deprecation") // The only public way to what the transport throws.
  void errorNumbersOfNativeTransportsAreTold(int errno, Cause expected) {
    assumeTrue(Epoll.isAvailable(), "Netty's native errors need their library");
    Throwable connect = catchThrowable(() -> Errors.throwConnectException("connect(..)", -errno));
    Throwable io = Errors.newIOException("read(..)", -errno);

    assertThat(FailureCause.of(connect)).as(connect.toString()).isEqualTo(expected);
    assertThat(FailureCause.of(io)).as(io.toString()).isEqualTo(expected);
  }

  @Test
  void classesAndWordsOfTheNioTransportAreTold() {
    check(new ConnectException("Connection refused"), Cause.REFUSED);
    check(new ConnectException("Verbindungsaufbau abgelehnt"), Cause.REFUSED);
    check(new ConnectException("Connection timed out"), Cause.CONNECT_TIMEOUT);
    check(new ConnectException("Cannot assign requested address"), Cause.NO_LOCAL_ADDRESS);
    check(new ConnectTimeoutException("connection timed out: /10.0.0.1:80"), Cause.CONNECT_TIMEOUT);
    check(new NoRouteToHostException("No route to host"), Cause.UNREACHABLE);
    check(new SocketException("Network is unreachable"), Cause.UNREACHABLE);
    check(new SocketException("Host is down"), Cause.UNREACHABLE);
    check(new SocketException("Connection reset"), Cause.RESET);
    check(new IOException("Connection reset by peer"), Cause.RESET);
    check(new IOException("Broken pipe"), Cause.RESET);
    check(new SocketException("Software caused connection abort: aborted"), Cause.RESET);
    check(new SocketException("Too many open files"), Cause.NO_DESCRIPTORS);
    check(new SocketException("Permission denied"), Cause.FORBIDDEN);
    check(new SocketException("Operation not permitted"), Cause.FORBIDDEN);
    check(new SocketException("No buffer space available"), Cause.NO_BUFFERS);
    check(new BindException("Address already in use"), Cause.NO_LOCAL_ADDRESS);
    check(new UnknownHostException("nowhere"), Cause.UNRESOLVED);
    check(new ClosedChannelException(), Cause.CLOSED);
    check(new TimeoutException("late"), Cause.TIMEOUT);
    check(new IOException("Protocol family unavailable"), Cause.UNKNOWN_LOCAL);
    check(new SocketException("Invalid argument"), Cause.UNKNOWN_LOCAL);
  }

  @Test
  void whatIsUnknownIsLocal() {
    check(new RuntimeException("anything"), Cause.UNKNOWN_LOCAL);
    check(new IllegalStateException("Client is closed"), Cause.UNKNOWN_LOCAL);
    check(new OutOfMemoryError(), Cause.UNKNOWN_LOCAL);
    check(new IOException(), Cause.UNKNOWN_LOCAL);
    check(new RuntimeException(new IOException("Connection reset by peer")), Cause.RESET);
  }

  @Test
  void localFailuresAreEvidenceAgainstNobody() {
    for (Cause cause : Cause.values()) {
      List<Outcome> outcomes =
          List.of(
              new Outcome.ConnectFailed(cause),
              new Outcome.BrokenBeforeHead(cause, false),
              new Outcome.BrokenAfterHead(cause, true));
      for (Outcome outcome : outcomes) {
        assertThat(Evidence.of(outcome, 0) instanceof Evidence.Local)
            .as(outcome.toString())
            .isEqualTo(cause.isLocal());
      }
    }
  }

  private static void check(Throwable failure, Cause expected) {
    assertThat(FailureCause.of(failure)).as(failure.toString()).isEqualTo(expected);
  }
}
