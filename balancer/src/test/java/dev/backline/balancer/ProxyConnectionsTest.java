package dev.backline.balancer;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Connections on both sides: kept, pipelined, retired, and ended when nothing comes. */
@SuppressWarnings("StringConcatToTextBlock") // Line ends are CR LF here.
class ProxyConnectionsTest extends ClosesWhatItOpened {

  @Test
  void connectionsAreKeptOnBothSides() {
    RawBackend backend = opened(RawBackend.saying("hello"));
    Member member = opened(Member.of(backend).start());
    RawClient client = opened(member.connect());

    for (int i = 0; i < 5; i++) {
      assertThat(client.get("/" + i).answer().text()).isEqualTo("hello");
    }

    assertThat(backend.received()).hasSize(5);
    assertThat(connectionsOf(backend)).hasSize(1);
  }

  /** Its end would wait for it to read what it was sent, and it never does. */
  @Test
  void clientThatDoesNotReadIsCutOff() {
    int clients = 10;
    String answer =
        "HTTP/1.1 200 OK\r\nContent-Length: " + (32 << 20) + "\r\n\r\n" + "x".repeat(32 << 20);
    Member member =
        opened(
            Member.of(opened(RawBackend.answering(answer))) // More than all buffers hold.
                .listener("idle_timeout: 1s")
                .with("timeouts: {connect: 5s, head: 5s, idle: 1s}")
                .start());

    for (int i = 0; i < clients; i++) {
      opened(RawClient.withSmallBuffer(member.port())).get("/" + i);
    }

    for (int i = 0; i < clients; i++) {
      assertThat(member.logged("/" + i).getString("outcome")).isEqualTo("broken");
    }
    // Connections of members that other tests have closed may be among them, but not so many.
    Eventually.await().until(() -> Heap.clientConnections() < clients / 2);
  }

  @Test
  void pipelinedRequestsAreAnsweredInTheirOrder() {
    RawBackend backend =
        opened(
            RawBackend.scripted(
                connection -> {
                  RawBackend.Received request = connection.readBody();
                  connection.send(RawBackend.ok(request.target() + request.body().text()));
                }));
    Member member = opened(Member.of(backend).start());
    RawClient client = opened(member.connect());

    client.send(
        "POST /1 HTTP/1.1\r\nHost: a\r\nContent-Length: 3\r\n\r\nabc"
            + "GET /2 HTTP/1.1\r\nHost: a\r\n\r\n"
            + "POST /3 HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nxy\r\n0\r\n\r\n"
            + "GET /4 HTTP/1.1\r\nHost: a\r\n\r\n");

    assertThat(client.answer().text()).isEqualTo("/1abc");
    assertThat(client.answer().text()).isEqualTo("/2");
    assertThat(client.answer().text()).isEqualTo("/3xy");
    assertThat(client.answer().text()).isEqualTo("/4");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"close", "keep-alive, close", "Close, X-Secret", "X-A\r\nConnection: close"})
  void connectionEndsWhereTheClientSaysSo(String options) {
    Member member = opened(Member.of(opened(RawBackend.saying("hello"))).start());
    RawClient client = opened(member.connect());

    client.send("GET / HTTP/1.1\r\nHost: a\r\nConnection: " + options + "\r\n\r\n");

    RawClient.Answer answer = client.answer();
    assertThat(answer.text()).isEqualTo("hello");
    assertThat(answer.header("connection")).isEqualTo("close");
    assertThat(client.untilClosed()).isEmpty();
  }

  @Test
  void connectionOfABackendThatSaysCloseIsNotUsedAgain() {
    RawBackend backend =
        opened(
            RawBackend.answering(
                "HTTP/1.1 200 OK\r\nConnection: X-Foo, Close\r\nContent-Length: 2\r\n\r\nhi"));
    Member member = opened(Member.of(backend).start());
    RawClient client = opened(member.connect());

    // POST: were the connection used again, nothing could be sent twice.
    for (int i = 0; i < 3; i++) {
      client.send("POST", "/" + i, "");
      assertThat(client.answer().status()).isEqualTo(200);
    }

    assertThat(connectionsOf(backend)).hasSize(3);
  }

  @Test
  void keptConnectionIsRetiredBeforeTheBackendsLimit() {
    AtomicBoolean announcedEnded = new AtomicBoolean();
    AtomicBoolean silentEnded = new AtomicBoolean();
    RawBackend announces =
        opened(keepsUntilPeerCloses("Keep-Alive: timeout=2\r\n", announcedEnded));
    RawBackend silent = opened(keepsUntilPeerCloses("", silentEnded));
    Member announcing = opened(Member.of(announces).start());
    Member unannounced = opened(Member.of(silent).start());

    assertThat(unannounced.get("/").status()).isEqualTo(200);
    assertThat(announcing.get("/").status()).isEqualTo(200);

    Eventually.await().untilTrue(announcedEnded);
    assertThat(silentEnded).as("the one without a limit outlives it").isFalse();
  }

  private static RawBackend keepsUntilPeerCloses(String header, AtomicBoolean ended) {
    return RawBackend.scripted(
        connection -> {
          connection.answer("HTTP/1.1 200 OK\r\n" + header + "Content-Length: 0\r\n\r\n");
          ended.set(connection.isClosedByPeer());
        });
  }

  @Test
  void newConnectionThatSendsNoWholeHeadIsClosed() {
    RawBackend backend = opened(RawBackend.saying("hello"));
    Member member = opened(Member.of(backend).listener("header_timeout: 300ms").start());
    RawClient silent = opened(member.connect());
    RawClient slow = opened(member.connect());
    slow.send("GET / HTTP/1.1\r\nHost: a\r\nX-Unfinished: ");

    assertThat(silent.untilClosed()).isEmpty();
    assertThat(slow.untilClosed()).isEmpty();
    assertThat(backend.heads()).isZero();
  }

  @Test
  void headerTimeoutEndsWithTheFirstHead() {
    Gate finish = new Gate();
    RawBackend backend =
        opened(
            RawBackend.scripted(
                connection -> {
                  connection.readBody();
                  finish.pass();
                  connection.send(RawBackend.ok("late"));
                }));
    Member member = opened(Member.of(backend).listener("header_timeout: 200ms").start());
    RawClient client = opened(member.connect());
    client.get("/1");
    backend.awaitReceived(1);
    RawClient silent = opened(member.connect());

    assertThat(silent.untilClosed()).isEmpty(); // Which came later, and whose time is over now.
    finish.open();

    assertThat(client.answer().text()).isEqualTo("late");
    assertThat(client.get("/2").answer().text()).isEqualTo("late");
  }

  @Test
  void idleConnectionIsClosed() {
    Member member =
        opened(Member.of(opened(RawBackend.saying("hello"))).listener("idle_timeout: 1s").start());
    RawClient client = opened(member.connect());
    assertThat(client.get("/").answer().text()).isEqualTo("hello");

    assertThat(client.untilClosed()).isEmpty();
  }

  /** Was: the listener's timeout also ended exchanges in which no byte moved for that long. */
  @Test
  void exchangeThatTakesLongerThanTheIdleTimeoutIsNotCutOff() {
    Gate finish = new Gate();
    RawBackend backend =
        opened(
            RawBackend.scripted(
                connection -> {
                  connection.readBody();
                  if (connection.head().startLine().contains("/slow")) {
                    connection.send("HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\nso");
                    finish.pass();
                    connection.send("on");
                  } else {
                    connection.send(RawBackend.ok("quick"));
                  }
                }));
    Member member = opened(Member.of(backend).listener("idle_timeout: 1s").start());
    RawClient slow = opened(member.connect());
    slow.get("/slow");
    backend.awaitReceived(1);
    RawClient idle = opened(member.connect());
    assertThat(idle.get("/quick").answer().text()).isEqualTo("quick");
    assertThat(idle.untilClosed()).as("its second without an exchange is over").isEmpty();

    finish.open();

    assertThat(slow.answer().text()).isEqualTo("soon");
  }

  @Test
  void freePortsOfSeveralListenersDiffer() {
    RawBackend backend = opened(RawBackend.saying("hello"));
    Member member =
        opened(
            Member.configured(
                """
                listeners: ["127.0.0.1:0", "127.0.0.1:0"]
                admin: {address: "127.0.0.1:0", token_file: token}
                pools: {music: {backends: ["%s"]}}
                """
                    .formatted(backend.address())));

    assertThat(member.port(0)).isNotEqualTo(member.port(1));
    for (int i = 0; i < 2; i++) {
      try (RawClient client = RawClient.to(member.port(i))) {
        assertThat(client.get("/").answer().text()).isEqualTo("hello");
      }
      assertThat(backend.received().get(i).header("x-forwarded-port"))
          .isEqualTo(String.valueOf(member.port(i)));
    }
  }

  @Test
  void allEventLoopsShareAPort() {
    RawBackend backend = opened(RawBackend.saying("hello"));
    Member member = opened(Member.of(backend).start());
    List<RawClient> clients = new ArrayList<>();
    for (int i = 0; i < 4 * Runtime.getRuntime().availableProcessors(); i++) {
      clients.add(opened(member.connect()));
    }

    clients.forEach(client -> assertThat(client.get("/").answer().text()).isEqualTo("hello"));

    // Each event loop has connections of its own to the backend.
    assertThat(connectionsOf(backend)).hasSize(Runtime.getRuntime().availableProcessors());
  }

  private static Set<Integer> connectionsOf(RawBackend backend) {
    return backend.received().stream()
        .map(RawBackend.Received::connection)
        .collect(Collectors.toSet());
  }
}
