package dev.backline.balancer;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What of a head goes through, what is stripped and what is added, in both directions. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS) // One member for all.
@SuppressWarnings("StringConcatToTextBlock") // Line ends are CR LF here.
class ProxyHeadersTest {
  private final RawBackend backend = RawBackend.saying("hello");
  private final Member member = Member.of(backend).start();
  private RawClient client = member.connect();

  @BeforeEach
  void connect() {
    backend.reset();
    client = member.connect();
  }

  @AfterEach
  void disconnect() {
    client.close();
  }

  @AfterAll
  void stop() {
    member.close();
    backend.close();
  }

  private RawBackend.Received forwarded(String headerLines) {
    client.send("GET /x HTTP/1.1\r\nHost: music.example\r\n" + headerLines + "\r\n");
    assertThat(client.answer().status()).isEqualTo(200);
    List<RawBackend.Received> received = backend.received();
    return received.get(received.size() - 1);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "/",
        "/a%2Fb",
        "/a%00b",
        "/a/../b/./c",
        "//a//b",
        "/?",
        "/a?b=c&d=%20?/../",
        "/%e2%82%ac",
        "/a;b=c,d:@!$&'()*+~[]|\\^`{}\"<>"
      })
  void targetReachesBackendByteForByte(String target) {
    client.get(target);

    assertThat(client.answer().status()).isEqualTo(200);
    assertThat(backend.received().get(0).head().startLine())
        .isEqualTo("GET " + target + " HTTP/1.1");
  }

  @Test
  void asteriskOfOptionsReachesBackend() {
    client.send("OPTIONS * HTTP/1.1\r\nHost: a\r\n\r\n");

    assertThat(client.answer().status()).isEqualTo(200);
    assertThat(backend.received().get(0).head().startLine()).isEqualTo("OPTIONS * HTTP/1.1");
  }

  @Test
  void unknownMethodsReachBackend() {
    client.send("PROPFIND / HTTP/1.1\r\nHost: a\r\n\r\n");

    assertThat(client.answer().status()).isEqualTo(200);
    assertThat(backend.received().get(0).head().startLine()).isEqualTo("PROPFIND / HTTP/1.1");
  }

  @Test
  void hostIsKept() {
    client.send("GET / HTTP/1.1\r\nhOst: Music.Example:8080\r\n\r\n");

    assertThat(client.answer().status()).isEqualTo(200);
    assertThat(backend.received().get(0).headers("host")).containsExactly("Music.Example:8080");
  }

  @Test
  void endToEndHeadersKeepTheirOrderAndBytes() {
    RawBackend.Received request =
        forwarded("Accept: a\r\nX-A: 1\r\nCookie: k=v; l=w\r\nX-A: 2\r\nX-High: caf\u00e9\r\n");

    assertThat(request.headers("x-a")).containsExactly("1", "2");
    assertThat(request.header("cookie")).isEqualTo("k=v; l=w");
    assertThat(request.header("x-high")).isEqualTo("caf\u00e9");
  }

  @Test
  void hopByHopHeadersOfRequestEndHere() {
    RawBackend.Received request =
        forwarded(
            "Connection: keep-alive, X-Hop ,, Cookie\r\nKeep-Alive: timeout=9\r\nTE: trailers\r\n"
                + "Trailer: X-T\r\nUpgrade: websocket\r\nProxy-Connection: close\r\n"
                + "Proxy-Authorization: Basic x\r\nHTTP2-Settings: AAA\r\nX-Hop: 1\r\n"
                + "Cookie: kept=1\r\n");

    for (String name :
        List.of(
            "connection",
            "keep-alive",
            "te",
            "trailer",
            "upgrade",
            "proxy-connection",
            "proxy-authorization",
            "http2-settings",
            "x-hop")) {
      assertThat(request.headers(name)).as(name).isEmpty();
    }
    assertThat(request.header("cookie")).as("Connection can't name Cookie").isEqualTo("kept=1");
  }

  @ParameterizedTest
  @ValueSource(strings = {"Host", "X-Forwarded-For", "Authorization", "X-Request-Id", "Via"})
  void connectionCannotNameWhatTrustAndRoutingDependOn(String name) {
    RawBackend.Received request =
        forwarded("Connection: close, " + name + "\r\nAuthorization: Basic x\r\n");

    assertThat(request.headers(name)).isNotEmpty();
  }

  @Test
  void hopByHopHeadersOfAnswerEndHere() {
    backend.does(
        connection ->
            connection.answer(
                "HTTP/1.1 200 OK\r\nConnection: X-Hop, Content-Type, Set-Cookie\r\nX-Hop: 1\r\n"
                    + "Keep-Alive: timeout=5\r\nProxy-Authenticate: Basic\r\nTrailer: X\r\n"
                    + "Content-Type: text/plain\r\nSet-Cookie: a=b\r\nSet-Cookie: c=d\r\n"
                    + "Content-Length: 2\r\n\r\nhi"));

    RawClient.Answer answer = client.get("/").answer();

    for (String name :
        List.of("connection", "keep-alive", "proxy-authenticate", "trailer", "x-hop")) {
      assertThat(answer.headers(name)).as(name).isEmpty();
    }
    assertThat(answer.header("content-type")).isEqualTo("text/plain");
    assertThat(answer.headers("set-cookie")).containsExactly("a=b", "c=d");
  }

  @Test
  void statusReasonAndBytesOfAnswerAreKept() {
    backend.does(
        connection ->
            connection.answer(
                "HTTP/1.1 299 Odd one\r\nX-High: caf\u00e9\r\nContent-Length: 3\r\n\r\n\0\u00ffx"));

    RawClient.Answer answer = client.get("/").answer();

    assertThat(answer.head().startLine()).isEqualTo("HTTP/1.1 299 Odd one");
    assertThat(answer.header("x-high")).isEqualTo("caf\u00e9");
    assertThat(answer.text()).isEqualTo("\0\u00ffx");
  }

  @Test
  void viaIsAddedToWhatIsThere() {
    backend.does(
        connection ->
            connection.answer("HTTP/1.1 200 OK\r\nVia: 1.1 inner\r\nContent-Length: 0\r\n\r\n"));

    client.send("GET / HTTP/1.1\r\nHost: a\r\nVia: 1.0 outer\r\n\r\n");

    assertThat(client.answer().headers("via")).containsExactly("1.1 inner", "1.1 backline");
    assertThat(backend.received().get(0).headers("via"))
        .containsExactly("1.0 outer", "1.1 backline");
  }

  @Test
  void backendIsToldWhoTheClientIs() {
    RawBackend.Received request = forwarded("");

    assertThat(request.headers("x-forwarded-for")).containsExactly("127.0.0.1");
    assertThat(request.headers("x-forwarded-proto")).containsExactly("http");
    assertThat(request.headers("x-forwarded-host")).containsExactly("music.example");
    assertThat(request.headers("x-forwarded-port")).containsExactly(String.valueOf(member.port()));
  }

  @Test
  void whatClientSaysOfItselfIsNotPassedOnHoweverItIsSpelled() {
    RawBackend.Received request =
        forwarded(
            "X-Forwarded-For: 6.6.6.6\r\nX_Forwarded_For: 6.6.6.6\r\nx-Forwarded_PROTO: https\r\n"
                + "X-Forwarded-Host: evil\r\nX-Forwarded-Port: 1\r\nForwarded: for=6.6.6.6\r\n"
                + "X-Real-IP: 6.6.6.6\r\nX_REAL_IP: 6.6.6.6\r\nX-Forwarded-Prefix: /evil\r\n"
                + "X-Forwarded-Ssl: on\r\nX-Forwarded-Server: evil\r\n");

    assertThat(request.head().lines())
        .noneMatch(line -> line.contains("6.6.6.6") || line.contains("evil"))
        .noneMatch(line -> line.contains("_"));
    assertThat(request.headers("x-forwarded-for")).containsExactly("127.0.0.1");
    assertThat(request.headers("x-forwarded-proto")).containsExactly("http");
  }

  @Test
  void requestIdOfClientIsKept() {
    client.send("GET /x HTTP/1.1\r\nHost: a\r\nX-Request-Id: a.B_c-9\r\n\r\n");
    RawClient.Answer answer = client.answer();

    assertThat(backend.received().get(0).headers("x-request-id")).containsExactly("a.B_c-9");
    assertThat(answer.headers("x-request-id")).containsExactly("a.B_c-9");
    assertThat(member.logged(line -> line.getString("id").equals("a.B_c-9"))).isNotNull();
  }

  @Test
  void requestIdIsMadeWhereThereIsNone() {
    RawBackend.Received request = forwarded("");

    assertThat(request.header("x-request-id")).matches("[0-9a-f]{32}");
    String id = request.header("x-request-id");
    assertThat(member.logged(line -> line.getString("id").equals(id))).isNotNull();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "X-Request-Id: with space",
        "X-Request-Id: \"quoted\"",
        "X-Request-Id:",
        "X_Request_Id: underscored",
        "X-Request-Id: 12345678901234567890123456789012345678901234567890123456789012345"
      })
  void requestIdThatCouldDoHarmIsReplaced(String line) {
    RawBackend.Received request = forwarded(line + "\r\n");

    assertThat(request.headers("x-request-id")).hasSize(1);
    assertThat(request.header("x-request-id")).matches("[0-9a-f]{32}");
    assertThat(request.headers("x_request_id")).isEmpty();
  }

  @Test
  void requestIdOfBackendIsNotDoubled() {
    backend.does(
        connection ->
            connection.answer("HTTP/1.1 200 OK\r\nX-Request-Id: own\r\nContent-Length: 0\r\n\r\n"));

    assertThat(client.get("/").answer().headers("x-request-id")).containsExactly("own");
  }

  @Test
  void upgradeIsNotOfferedToBackend() {
    RawBackend.Received request =
        forwarded("Connection: Upgrade, HTTP2-Settings\r\nUpgrade: h2c\r\nHTTP2-Settings: AA\r\n");

    assertThat(request.headers("upgrade")).isEmpty();
    assertThat(request.headers("connection")).isEmpty();
  }
}
