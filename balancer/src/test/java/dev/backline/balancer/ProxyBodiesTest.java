package dev.backline.balancer;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Bodies in both directions: framing, streaming, back-pressure, and what breaks in the middle. */
@SuppressWarnings("StringConcatToTextBlock") // Line ends are CR LF here.
class ProxyBodiesTest {
  private static final String CHUNK = "x".repeat(64 * 1024);
  private static final int MANY_CHUNKS = 64;

  private final RawBackend backend = RawBackend.saying("hello");
  private final Member member = Member.of(backend).start();
  private final RawClient client = member.connect();

  @AfterEach
  void stop() {
    client.close();
    member.close();
    backend.close();
  }

  @Test
  void bodyWithLengthKeepsItsLength() {
    client.send("POST", "/", "some music");

    assertThat(client.answer().text()).isEqualTo("hello");
    RawBackend.Received request = backend.received().get(0);
    assertThat(request.headers("content-length")).containsExactly("10");
    assertThat(request.headers("transfer-encoding")).isEmpty();
    assertThat(request.body().text()).isEqualTo("some music");
  }

  @Test
  void emptyBodyWithLengthKeepsItsLength() {
    client.send("POST", "/", "");

    assertThat(client.answer().status()).isEqualTo(200);
    assertThat(backend.received().get(0).headers("content-length")).containsExactly("0");
  }

  @Test
  void chunkedBodyStaysChunkedAndWhole() {
    client.send(
        "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n"
            + "5;ext=1\r\nsome \r\n5\r\nmusic\r\n0\r\nX-Trailer: dropped\r\n\r\n");

    assertThat(client.answer().status()).isEqualTo(200);
    RawBackend.Received request = backend.received().get(0);
    assertThat(request.headers("transfer-encoding")).containsExactly("chunked");
    assertThat(request.headers("content-length")).isEmpty();
    assertThat(request.body().text()).isEqualTo("some music");
    assertThat(request.body().whole()).isTrue();
  }

  @Test
  void getMayHaveABody() {
    client.send("GET", "/", "odd");

    assertThat(client.answer().status()).isEqualTo(200);
    assertThat(backend.received().get(0).body().text()).isEqualTo("odd");
  }

  @Test
  void answerWithoutLengthComesInChunks() {
    backend.does(
        connection -> {
          connection.answer("HTTP/1.1 200 OK\r\n\r\nuntil the end");
          connection.close();
        });

    RawClient.Answer answer = client.get("/").answer();

    assertThat(answer.headers("transfer-encoding")).containsExactly("chunked");
    assertThat(answer.text()).isEqualTo("until the end");
    assertThat(answer.body().whole()).isTrue();
    assertThat(client.get("/again").answer().status()).as("the connection is kept").isEqualTo(200);
  }

  @Test
  void answerOfOldBackendIsRelayed() {
    backend.does(
        connection -> {
          connection.answer("HTTP/1.0 200 OK\r\nContent-Type: text/plain\r\n\r\nold");
          connection.close();
        });

    RawClient.Answer answer = client.get("/").answer();

    assertThat(answer.head().startLine()).isEqualTo("HTTP/1.1 200 OK");
    assertThat(answer.text()).isEqualTo("old");
  }

  @Test
  void chunkedAnswerKeepsItsTrailersButNoFraming() {
    backend.does(
        connection ->
            connection.answer(
                "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\nTrailer: X-Sum\r\n\r\n"
                    + "3\r\nabc\r\n0\r\nX-Sum: 9\r\nContent-Length: 7\r\nSet-Cookie: a=b\r\n"
                    + "Transfer-Encoding: x\r\n\r\n"));

    RawClient.Answer answer = client.get("/").answer();

    assertThat(answer.text()).isEqualTo("abc");
    assertThat(answer.body().trailers()).containsExactly("X-Sum: 9");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\n",
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n",
        "HTTP/1.1 404 Not Found\r\n\r\n"
      })
  void answerToHeadHasNoBodyWhateverItsHeadSays(String head) {
    backend.does(
        connection -> {
          connection.answer(head);
          if (!head.contains(":")) {
            connection.close();
          }
        });
    client.send("HEAD / HTTP/1.1\r\nHost: a\r\n\r\n");
    RawClient.Answer answer = client.answerToHead();
    backend.does(connection -> connection.answer(RawBackend.ok("next")));

    assertThat(answer.header("content-length")).isEqualTo(head.contains("Length") ? "5" : "");
    assertThat(client.get("/next").answer().text()).isEqualTo("next");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "HTTP/1.1 204 No Content\r\n\r\n",
        "HTTP/1.1 204 No Content\r\nContent-Length: 0\r\n\r\n",
        "HTTP/1.1 304 Not Modified\r\nContent-Length: 5\r\nETag: W/\"a\"\r\n\r\n",
        "HTTP/1.1 304 Not Modified\r\nTransfer-Encoding: chunked\r\n\r\n"
      })
  void answerThatHasNoBodyByItsStatusEndsWithItsHead(String head) {
    backend.does(connection -> connection.answer(head));
    RawClient.Answer answer = client.get("/").answer();
    backend.does(connection -> connection.answer(RawBackend.ok("next")));

    assertThat(answer.headers("transfer-encoding")).isEmpty();
    if (answer.status() == 204) {
      assertThat(answer.headers("content-length")).isEmpty();
    }
    assertThat(client.get("/next").answer().text()).isEqualTo("next");
  }

  @Test
  void oldClientThatKeepsItsConnectionGetsLengthAndKeepAlive() {
    client.send("GET / HTTP/1.0\r\nConnection: keep-alive\r\n\r\n");

    RawClient.Answer answer = client.answer();
    assertThat(answer.text()).isEqualTo("hello");
    assertThat(answer.header("connection")).isEqualToIgnoringCase("keep-alive");
    client.send("GET / HTTP/1.0\r\n\r\n");
    assertThat(client.answer().text()).isEqualTo("hello");
    assertThat(client.untilClosed()).isEmpty();
  }

  @Test
  void oldClientGetsBodyOfUnknownLengthUntilTheEnd() {
    backend.does(
        connection ->
            connection.answer(
                "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n3\r\ndef\r\n"
                    + "0\r\n\r\n"));

    client.send("GET / HTTP/1.0\r\nConnection: keep-alive\r\n\r\n");

    RawClient.Answer answer = client.answer();
    assertThat(answer.headers("transfer-encoding")).isEmpty();
    assertThat(answer.header("connection")).isEqualTo("close");
    assertThat(answer.text()).isEqualTo("abcdef");
  }

  @Test
  void oldClientSeesThatBodyOfUnknownLengthIsBroken() {
    backend.does(
        connection -> {
          connection.answer("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n");
          connection.close();
        });

    client.send("GET /broken HTTP/1.0\r\n\r\n");

    // An ordinary end of the stream would be a whole answer.
    assertThat(client.isReset()).isTrue();
    assertThat(member.logged("/broken").getString("outcome")).isEqualTo("broken");
  }

  @Test
  void requestBodyStreamsWhileItIsSent() throws Exception {
    Gate firstChunkSeen = new Gate();
    backend.does(
        connection -> {
          firstChunkSeen.open();
          connection.answer(RawBackend.ok("done"));
        });

    client.send("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 4\r\n\r\nab");

    firstChunkSeen.pass();
    assertThat(client.send("cd").answer().text()).isEqualTo("done");
    assertThat(backend.received().get(0).body().text()).isEqualTo("abcd");
  }

  @Test
  void answerStreamsWhileItIsMade() {
    Gate clientHasFirst = new Gate();
    backend.does(
        connection -> {
          connection.answer("HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\nab");
          clientHasFirst.pass();
          connection.send("cd");
        });

    client.get("/");
    String begin = readUntil(client, "\r\n\r\nab");
    clientHasFirst.open();

    assertThat(begin).startsWith("HTTP/1.1 200");
    assertThat(client.read(2)).isEqualTo("cd");
  }

  @Test
  void slowReaderHoldsTheBackendBackNotTheMembersMemory() throws Exception {
    AtomicLong sent = new AtomicLong();
    int chunks = 1024; // 64 MiB
    backend.does(
        connection -> {
          connection.answer(
              "HTTP/1.1 200 OK\r\nContent-Length: " + (long) chunks * CHUNK.length() + "\r\n\r\n");
          for (int i = 0; i < chunks; i++) {
            connection.send(CHUNK);
            sent.incrementAndGet();
          }
        });
    try (RawClient slow = RawClient.withSmallBuffer(member.port())) {
      slow.get("/large");
      readUntil(slow, "\r\n\r\n");

      awaitStandstill(sent);
      assertThat(sent.get()).isLessThan(chunks / 2);

      assertThat(slow.read(chunks * CHUNK.length())).hasSize(chunks * CHUNK.length());
    }
  }

  @Test
  void slowBackendHoldsTheClientBackNotTheMembersMemory() throws Exception {
    Gate reads = new Gate();
    int chunks = 1024;
    backend.does(
        connection -> {
          reads.pass();
          connection.answer(RawBackend.ok("done"));
        });
    AtomicLong sent = new AtomicLong();
    client.send(
        "PUT / HTTP/1.1\r\nHost: a\r\nContent-Length: "
            + (long) chunks * CHUNK.length()
            + "\r\n\r\n");
    Thread sender =
        new Thread(
            () -> {
              for (int i = 0; i < chunks; i++) {
                client.send(CHUNK);
                sent.incrementAndGet();
              }
            });
    sender.start();

    backend.awaitHeads(1);
    awaitStandstill(sent);
    assertThat(sent.get()).isLessThan(chunks / 2);

    reads.open();
    assertThat(client.answer().text()).isEqualTo("done");
    sender.join();
    assertThat(backend.received().get(0).body().text()).hasSize(chunks * CHUNK.length());
  }

  @Test
  void largeBodiesAreRelayedByteForByte() {
    String body = manyBytes();
    backend.does(
        connection -> {
          String back = connection.readBody().body().text();
          connection.send(
              "HTTP/1.1 200 OK\r\nContent-Length: " + back.length() + "\r\n\r\n" + back);
        });

    client.send("POST", "/", body);

    assertThat(client.answer().text()).isEqualTo(body);
  }

  @Test
  void clientIsAskedToContinueOnceABackendIsThere() {
    client.send("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 4\r\nExpect: 100-continue\r\n\r\n");

    assertThat(client.answerToHead().head().startLine()).isEqualTo("HTTP/1.1 100 Continue");
    assertThat(client.send("body").answer().text()).isEqualTo("hello");
    assertThat(backend.received().get(0).headers("expect")).isEmpty();
    assertThat(backend.received().get(0).body().text()).isEqualTo("body");
  }

  @Test
  void clientThatExpectsButIsRefusedIsNotAskedToContinue() {
    client.send(
        "POST / HTTP/1.1\r\nHost: a\r\nHost: b\r\nContent-Length: 4\r\n"
            + "Expect: 100-continue\r\n\r\n");

    RawClient.Answer answer = client.answer();
    assertThat(answer.status()).isEqualTo(400);
    assertThat(answer.header("connection")).isEqualTo("close");
    assertThat(client.untilClosed()).isEmpty();
  }

  @Test
  void earlyAnswerReachesClientThatStillSends() {
    List<Integer> closed = new java.util.concurrent.CopyOnWriteArrayList<>();
    backend.does(
        connection -> {
          connection.send("HTTP/1.1 413 Too Large\r\nContent-Length: 3\r\n\r\nbig");
          connection.isClosedByPeer();
          closed.add(connection.number());
        });

    client.send("POST /big HTTP/1.1\r\nHost: a\r\nContent-Length: 1000000\r\n\r\nbegin");

    RawClient.Answer answer = client.answer();
    assertThat(answer.status()).isEqualTo(413);
    assertThat(answer.text()).isEqualTo("big");
    // Nobody else may get the rest of this body on that connection.
    Eventually.await().until(() -> !closed.isEmpty());
    assertThat(member.logged("/big").getInteger("status")).isEqualTo(413);

    backend.does(connection -> connection.answer(RawBackend.ok("next")));
    client.send("x".repeat(1_000_000 - "begin".length())).get("/next");
    assertThat(client.answer().text()).isEqualTo("next");
  }

  @Test
  void brokenBodyWithLengthIsSeenAsBroken() {
    backend.does(
        connection -> {
          connection.answer("HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nhalf");
          connection.close();
        });

    RawClient.Answer answer = client.send("POST", "/broken", "").answer();

    assertThat(answer.text()).isEqualTo("half");
    assertThat(answer.body().whole()).isFalse();
    assertThat(member.fates("/broken")).containsExactly("closed in mid-body");
    assertThat(member.logged("/broken").getString("outcome")).isEqualTo("broken");
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "zz\r\nbad", "3\r\nabc", "3\r\nabcdef\r\n0\r\n\r\n"})
  void brokenChunkedBodyIsSeenAsBroken(String chunks) {
    backend.does(
        connection -> {
          connection.answer(
              "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n4\r\nhalf\r\n" + chunks);
          connection.close();
        });

    RawClient.Answer answer = client.get("/broken").answer();

    assertThat(answer.text()).startsWith("half");
    assertThat(answer.body().whole()).isFalse();
    assertThat(member.logged("/broken").getString("outcome")).isEqualTo("broken");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "garbage\r\n\r\n",
        "SSH-2.0-OpenSSH_9.2\r\n",
        "HTTP/1.1 abc\r\n\r\n",
        "HTTP/9.9 200 OK\r\nContent-Length: 0\r\n\r\n",
        "HTTP/1.1 200 OK\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\nab",
        "HTTP/1.1 200 OK\r\nContent-Length: 1, 2\r\n\r\nab",
        "HTTP/1.1 200 OK\r\nContent-Length: -1\r\n\r\n",
        "HTTP/1.1 200 OK\r\nContent-Length: x\r\n\r\n",
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: gzip, chunked\r\n\r\n0\r\n\r\n",
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: gzip\r\n\r\nx",
        "HTTP/1.1 200 OK\r\n: 1\r\nContent-Length: 0\r\n\r\n",
        "HTTP/1.1 200 OK\r\nX: a\0b\r\nContent-Length: 0\r\n\r\n",
        "HTTP/1.1 101 Switching Protocols\r\nUpgrade: x\r\nConnection: upgrade\r\n\r\n",
        "HTTP/1.1 102 Processing\r\n\r\nHTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n",
        "\u0015\u0003\u0001\0\u0002\u0002\n"
      })
  void answerThatIsNoHttpOrCanBeReadInTwoWaysIsAnswered502(String bytes) {
    backend.does(
        connection -> {
          connection.answer(bytes);
          connection.close();
        });

    client.send("POST", "/odd", "");

    RawClient.Answer answer = client.answer();
    assertThat(answer.status()).isEqualTo(502);
    assertThat(answer.header("backline-outcome")).isEqualTo("maybe-executed");
    assertThat(member.logged("/odd").getString("outcome")).isEqualTo("maybe-executed");
  }

  @Test
  void interimAnswersAreNoAnswer() {
    backend.does(
        connection ->
            connection.answer(
                "HTTP/1.1 103 Early Hints\r\nLink: <x>\r\n\r\nHTTP/1.1 100 Continue\r\n\r\n"
                    + RawBackend.ok("final")));

    assertThat(client.get("/").answer().text()).isEqualTo("final");
  }

  @Test
  void bytesAfterAnAnswerNeverReachAnotherClient() {
    backend.does(
        connection -> connection.answer(RawBackend.ok("first") + RawBackend.ok("smuggled")));
    assertThat(client.get("/").answer().text()).isEqualTo("first");
    backend.does(connection -> connection.answer(RawBackend.ok("second")));

    try (RawClient other = member.connect()) {
      assertThat(other.get("/").answer().text()).isEqualTo("second");
    }
    assertThat(client.get("/").answer().text()).isEqualTo("second");
  }

  private static String manyBytes() {
    StringBuilder bytes = new StringBuilder();
    for (int i = 0; i < MANY_CHUNKS; i++) {
      bytes.append(CHUNK).append((char) i);
    }
    return bytes.toString();
  }

  /** Waits until a counter stands still: the sender is blocked. */
  private static void awaitStandstill(AtomicLong counter) {
    AtomicLong seen = new AtomicLong(-1);
    Eventually.await()
        .pollInterval(java.time.Duration.ofMillis(300))
        .until(() -> counter.get() > 0 && counter.get() == seen.getAndSet(counter.get()));
  }

  private static String readUntil(RawClient client, String end) {
    StringBuilder read = new StringBuilder();
    while (read.indexOf(end) < 0) {
      String next = client.read(1);
      if (next.isEmpty()) {
        throw new AssertionError("ended after: " + read);
      }
      read.append(next);
    }
    return read.toString();
  }
}
