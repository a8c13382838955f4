package dev.backline.balancer;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.json.JsonObject;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Requests that two readers could read differently: refused before a backend sees them. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS) // One member for all.
@SuppressWarnings("StringConcatToTextBlock") // Line ends are CR LF here.
class ProxyRefusalsTest {
  private final RawBackend backend = RawBackend.saying("hello");
  private final Member member =
      Member.of(backend).listener("request_line_limit: 1KiB, header_limit: 2KiB").start();

  @BeforeEach
  void reset() {
    backend.reset();
  }

  @AfterAll
  void stop() {
    member.close();
    backend.close();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "GET / HTTP/1.1\r\nHost: a\r\nHost: a\r\n\r\n",
        "GET / HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n",
        "GET / HTTP/1.1\r\nAccept: a\r\n\r\n",
        "GET / HTTP/1.1\r\nHost:\r\n\r\n",
        "GET / HTTP/1.1\r\nHost: a b\r\n\r\n",
        "GET / HTTP/1.1\r\nHost: a/b\r\n\r\n",
        "GET / HTTP/1.1\r\nHost: user@a\r\n\r\n",
        "GET / HTTP/1.1\r\nHost: a:80a\r\n\r\n",
        "GET / HTTP/1.1\r\nHost: a, b\r\n\r\n",
        "GET / HTTP/1.1\r\nHost: [::1\r\n\r\n",
        "GET http://a/ HTTP/1.1\r\nHost: a\r\n\r\n",
        "GET a:80 HTTP/1.1\r\nHost: a\r\n\r\n",
        "GET * HTTP/1.1\r\nHost: a\r\n\r\n",
        "GET /# HTTP/1.1\r\nHost: a\r\n\r\n",
        "GET /caf\u00e9 HTTP/1.1\r\nHost: a\r\n\r\n",
        "GET /\u007f HTTP/1.1\r\nHost: a\r\n\r\n",
        "CONNECT a:80 HTTP/1.1\r\nHost: a\r\n\r\n",
        "CONNECT / HTTP/1.1\r\nHost: a\r\n\r\n",
        "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: gzip, chunked\r\n\r\n0\r\n\r\n",
        "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: gzip\r\n\r\n0\r\n\r\n",
        "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: identity\r\n\r\n",
        "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked, chunked\r\n\r\n0\r\n\r\n",
        "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\nTransfer-Encoding: x\r\n\r\n"
            + "0\r\n\r\n",
        "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: \"chunked\"\r\n\r\n0\r\n\r\n",
        "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\nContent-Length: 3\r\n\r\n"
            + "0\r\n\r\n",
        "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\nab",
        "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 1, 2\r\n\r\nab",
        "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: +1\r\n\r\na",
        "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: -1\r\n\r\n",
        "POST / HTTP/1.1\r\nHost: a\r\nContent-Length : 1\r\n\r\na",
        "POST / HTTP/1.0\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
        "GET / HTTP/1.1\r\nHost: a\r\n: empty\r\n\r\n",
        "GET / HTTP/1.1\r\nHost: a\r\nX Y: 1\r\n\r\n",
        "GET / HTTP/1.1\r\nHost: a\r\nX(Y: 1\r\n\r\n",
        "GET / HTTP/1.1\r\nHost: a\r\nX-\u00e9: 1\r\n\r\n",
        "GET / HTTP/1.1\r\nHost: a\r\nX-Y: a\0b\r\n\r\n",
        "GET / HTTP/1.1\r\nHost: a\r\nX-Y: a\rb\r\n\r\n",
        "GET / HTTP/1.1\r\nHost: a\r\nno colon\r\n\r\n",
        "GET / /x HTTP/1.1\r\nHost: a\r\n\r\n",
        "GE\u0001T / HTTP/1.1\r\nHost: a\r\n\r\n",
        "hello\r\n\r\n",
      })
  void ambiguousRequestIsAnswered400AndTheConnectionEnds(String request) {
    try (RawClient client = member.connect()) {
      client.send(request);

      RawClient.Answer answer = client.answer();
      assertThat(answer.status()).isEqualTo(400);
      assertThat(answer.header("connection")).isEqualTo("close");
      assertThat(client.untilClosed()).isEmpty();
      assertThat(backend.heads()).isZero();
      checkLogged(answer);
    }
  }

  private void checkLogged(RawClient.Answer answer) {
    String id = answer.header("x-request-id");
    JsonObject line = member.logged(l -> l.getString("id").equals(id));
    assertThat(line.getInteger("status")).isEqualTo(answer.status());
    assertThat(line.getString("outcome")).isEqualTo("rejected");
    assertThat(line.getInteger("bytesOut")).isEqualTo(answer.text().length());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "GET / HTTP/2.0\r\nHost: a\r\n\r\n",
        "GET / HTTP/3.7\r\nHost: a\r\n\r\n",
        "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n",
      })
  void otherVersionsOfHttpAreRefused(String request) {
    try (RawClient client = member.connect()) {
      assertThat(client.send(request).untilClosed()).startsWith("HTTP/").contains(" 50");
    }
    assertThat(backend.heads()).isZero();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "GET / HTTP/1.1\r\nHost: a.example:8080\r\n\r\n",
        "GET / HTTP/1.1\r\nHost: 10.0.0.1\r\n\r\n",
        "GET / HTTP/1.1\r\nHost: [::1]:80\r\n\r\n",
        "GET / HTTP/1.1\r\nHost: a:\r\n\r\n",
        "GET / HTTP/1.1\r\nHost: under_score.example.\r\n\r\n",
        "GET / HTTP/1.1\r\nHost: a\r\nX!#$%&'*+-.^_`|~9: odd but a token\r\n\r\n",
        "GET / HTTP/1.1\r\nHost: a\r\nX-Y: a\tb \u00e9\r\n\r\n",
        "GET / HTTP/1.1\r\nHost: a\r\nX-Empty:\r\n\r\n",
        "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: CHUNKED\r\n\r\n0\r\n\r\n",
        "GET / HTTP/1.0\r\n\r\n",
        "\r\nGET / HTTP/1.1\r\nHost: a\r\n\r\n",
      })
  void unusualButClearRequestIsServed(String request) {
    try (RawClient client = member.connect()) {
      assertThat(client.send(request).answer().status()).isEqualTo(200);
    }
  }

  @Test
  void refusedRequestsTellWhatIsWrongInJson() {
    try (RawClient client = member.connect()) {
      RawClient.Answer answer =
          client.send("GET / HTTP/1.1\r\nHost: a\r\nHost: b\r\nX-Request-Id: i\r\n\r\n").answer();

      assertThat(answer.header("content-type")).isEqualTo("application/json");
      assertThat(new JsonObject(answer.text()))
          .isEqualTo(
              new JsonObject()
                  .put("error", "Host: 2 of them (expected: exactly one)")
                  .put("id", "i"));
    }
  }

  @Test
  void tooLongRequestLineIsAnswered414() {
    try (RawClient client = member.connect()) {
      client.get("/" + "x".repeat(1024));

      RawClient.Answer answer = client.answer();
      assertThat(answer.status()).isEqualTo(414);
      assertThat(client.untilClosed()).isEmpty();
      checkLogged(answer);
    }
  }

  @Test
  void tooLargeHeadIsAnswered431() {
    try (RawClient client = member.connect()) {
      client.send("GET / HTTP/1.1\r\nHost: a\r\nX: " + "x".repeat(2048) + "\r\n\r\n");

      RawClient.Answer answer = client.answer();
      assertThat(answer.status()).isEqualTo(431);
      assertThat(client.untilClosed()).isEmpty();
      checkLogged(answer);
    }
  }

  @Test
  void requestBehindARefusedOneIsNotServed() {
    try (RawClient client = member.connect()) {
      client.send("GET /a HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n").get("/smuggled");

      assertThat(client.answer().status()).isEqualTo(400);
      assertThat(client.untilClosed()).isEmpty();
    }
    assertThat(backend.heads()).isZero();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"zz\r\nabc\r\n0\r\n\r\n", "3\r\nabcdef\r\n0\r\n\r\n", "-1\r\n\r\n", "3;\0\r\nabc"})
  void requestWithBrokenChunksIsNeverWhole(String chunks) {
    try (RawClient client = member.connect()) {
      client.send(
          "POST /chunks HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nok\r\n"
              + chunks);

      client.untilClosed();
    }
    assertThat(backend.received()).allMatch(request -> !request.body().whole());
    assertThat(member.logged("/chunks").getString("outcome")).isIn("client-gone", "rejected");
  }

  @Test
  void refusedHeadRequestIsAnsweredWithoutBody() {
    try (RawClient client = member.connect()) {
      client.send("HEAD / HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n");

      assertThat(client.answerToHead().status()).isEqualTo(400);
      assertThat(client.untilClosed()).isEmpty();
    }
  }
}
