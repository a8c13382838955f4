package dev.backline.balancer;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.json.JsonObject;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** WebSockets: the upgrade is agreed end to end, then bytes go both ways until either side ends. */
@SuppressWarnings("StringConcatToTextBlock") // Line ends are CR LF here.
class ProxyUpgradeTest extends ClosesWhatItOpened {
  static final String ASKED =
      "GET /live HTTP/1.1\r\nHost: a\r\nConnection: keep-alive, Upgrade\r\nUpgrade: WebSocket\r\n"
          + "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n\r\n";
  static final String AGREED =
      "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
          + "Sec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=\r\n\r\n";

  private RawBackend doing(RawBackend.Script script) {
    return opened(RawBackend.scripted(script));
  }

  private Member started(RawBackend... backends) {
    return opened(
        Member.of(backends).with("balance: {policy: round_robin, slow_start: 0s}").start());
  }

  private RawClient asking(Member member) {
    return opened(member.connect()).send(ASKED);
  }

  @Test
  void bytesGoBothWaysAfterTheUpgrade() {
    RawBackend echoing =
        doing(
            connection -> {
              connection.answer(AGREED + "first"); // In one write with the head.
              connection.send(connection.read(5));
              connection.close();
            });
    Member member = started(echoing);

    RawClient client = asking(member);

    RawClient.Answer answer = client.answer();
    assertThat(answer.status()).isEqualTo(101);
    assertThat(answer.headers("connection")).containsExactly("Upgrade");
    assertThat(answer.headers("upgrade")).containsExactly("websocket");
    assertThat(answer.header("sec-websocket-accept")).isEqualTo("s3pPLMBiTxaQ9kYGzzhZRbK+xOo=");
    assertThat(client.read(5)).isEqualTo("first");
    client.send("hello");
    assertThat(client.untilClosed()).isEqualTo("hello");
    RawBackend.Received request = echoing.awaitReceived(1).get(0);
    assertThat(request.headers("connection")).containsExactly("Upgrade");
    assertThat(request.headers("upgrade")).containsExactly("websocket");
    assertThat(request.header("sec-websocket-key")).isEqualTo("dGhlIHNhbXBsZSBub25jZQ==");
    JsonObject line = member.logged("/live");
    assertThat(line.getInteger("status")).isEqualTo(101);
    assertThat(line.getString("outcome")).isEqualTo("upgraded");
    assertThat(line.getLong("bytesOut")).isGreaterThanOrEqualTo(10);
    assertThat(line.getLong("bytesIn")).isGreaterThanOrEqualTo(5);
    assertThat(member.fates("/live")).containsExactly("upgraded");
  }

  @Test
  void tunnelTakesASlotUntilTheClientLeaves() {
    Gate closed = new Gate();
    RawBackend waiting =
        doing(
            connection -> {
              connection.answer(AGREED);
              connection.isClosedByPeer();
              closed.open();
            });
    Member member = started(waiting);
    RawClient client = asking(member);
    assertThat(client.answer().status()).isEqualTo(101);
    assertThat(member.backend("backend-1").getInteger("inFlight")).isEqualTo(1);
    assertThat(member.status().getLong("exchangesInFlight")).isEqualTo(1);

    client.reset();

    closed.pass();
    assertThat(member.logged("/live").getString("outcome")).isEqualTo("upgraded");
    assertThat(member.backend("backend-1").getInteger("inFlight")).isZero();
    assertThat(member.backend("backend-1").getLong("failures")).isZero();
    assertThat(member.status().getLong("exchangesInFlight")).isZero();
  }

  @Test
  void tunnelEndsWithItsBackend() {
    Gate kill = new Gate();
    RawBackend dying =
        doing(
            connection -> {
              connection.answer(AGREED);
              kill.pass();
              connection.reset();
            });
    RawClient client = asking(started(dying));
    assertThat(client.answer().status()).isEqualTo(101);

    kill.open();

    assertThat(client.untilClosed()).isEmpty();
  }

  @Test
  void muchDataArrivesWholeBothWays() {
    int size = 24 << 20;
    RawBackend backend =
        doing(
            connection -> {
              connection.answer(AGREED);
              String got = connection.read(size);
              connection.send(got); // More than all buffers hold.
              connection.close();
            });
    RawClient client = asking(started(backend));
    assertThat(client.answer().status()).isEqualTo(101);
    String sent = "0123456789abcdef".repeat(size / 16);

    client.send(sent);

    assertThat(client.read(size).equals(sent)).isTrue();
    assertThat(client.untilClosed()).isEmpty();
  }

  @Test
  void tunnelWhoseClientDoesNotReadEnds() {
    RawBackend talking =
        doing(
            connection -> {
              connection.answer(AGREED);
              connection.send("x".repeat(32 << 20)); // More than all buffers hold.
            });
    Member member =
        opened(Member.of(talking).with("timeouts: {connect: 5s, head: 5s, idle: 1s}").start());
    RawClient deaf = opened(RawClient.withSmallBuffer(member.port())).send(ASKED);
    assertThat(deaf.answer().status()).isEqualTo(101);

    assertThat(member.logged("/live").getString("outcome")).isEqualTo("upgraded");
    Eventually.await().until(() -> member.backend("backend-1").getInteger("inFlight") == 0);
    assertThat(member.status().getLong("exchangesInFlight")).isZero();
    assertThat(deaf.untilClosed()).hasSizeLessThan(32 << 20);
  }

  /** A connection that was upgraded tells nobody of its end but its tunnel. */
  @Test
  void nothingIsKeptOfATunnelThatIsOver() {
    int tunnels = 200;
    Member member =
        started(
            doing(
                connection -> {
                  connection.answer(AGREED);
                  connection.close();
                }));

    for (int i = 0; i < tunnels; i++) {
      try (RawClient client = member.connect()) {
        assertThat(client.send(ASKED).answer().status()).isEqualTo(101);
        assertThat(client.untilClosed()).isEmpty();
      }
    }

    // Connections of members that other tests have closed may be among them, but not so many.
    Eventually.await().until(() -> Heap.clientConnections() < tunnels / 2);
  }

  @Test
  void answerWithoutTheUpgradeIsRelayedAndTheConnectionGoesOn() {
    RawBackend plain = opened(RawBackend.saying("no websockets here"));
    Member member = started(plain);

    RawClient client = asking(member);

    assertThat(client.answer().text()).isEqualTo("no websockets here");
    assertThat(client.get("/next").answer().text()).isEqualTo("no websockets here");
    assertThat(member.logged("/live").getString("outcome")).isEqualTo("answered");
    Eventually.await().until(() -> member.backend("backend-1").getInteger("inFlight") == 0);
  }

  @Test
  void upgradeThatWasNotSentIsSentElsewhere() {
    RawBackend dead = opened(RawBackend.saying("dead"));
    RawBackend alive = doing(connection -> connection.answer(AGREED));
    Member member = started(dead, alive);
    Eventually.await().until(() -> member.health("backend-1").equals("up"));
    dead.kill();

    assertThat(asking(member).answer().status()).isEqualTo(101);
  }

  @Test
  void upgradeThatNobodyAskedForIsABadAnswer() {
    Member member = started(doing(connection -> connection.answer(AGREED)));
    assertThat(member.get("/plain").status()).isEqualTo(502);
  }

  @Test
  void upgradeToAnotherProtocolThanAskedForIsABadAnswer() {
    Member member =
        started(doing(connection -> connection.answer(AGREED.replace("websocket", "h2c"))));
    assertThat(asking(member).answer().status()).isEqualTo(502);
  }

  /** Through another protocol a client could speak past every route. */
  @ParameterizedTest
  @ValueSource(strings = {"Upgrade: h2c\r\nConnection: Upgrade", "Upgrade: websocket"})
  void otherUpgradesAreNotPassedOn(String headers) {
    RawBackend backend = opened(RawBackend.saying("plain"));
    Member member = started(backend);
    RawClient client = opened(member.connect());

    client.send("GET / HTTP/1.1\r\nHost: a\r\n" + headers + "\r\n\r\n");

    assertThat(client.answer().text()).isEqualTo("plain");
    assertThat(backend.awaitReceived(1).get(0).headers("upgrade")).isEmpty();
  }
}
