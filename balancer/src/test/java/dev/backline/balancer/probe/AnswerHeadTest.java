package dev.backline.balancer.probe;

import static org.assertj.core.api.Assertions.assertThat;

import dev.backline.balancer.health.ProbeResult;
import dev.backline.balancer.model.Cause;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What the first bytes of an answer to a probe mean. */
class AnswerHeadTest {
  private static final long NANOS = 5;
  private static final ProbeResult BAD = ProbeResult.failed(Cause.BAD_ANSWER);

  private static @Nullable ProbeResult read(String bytes) {
    return AnswerHead.read(bytes, /* registered= */ null, NANOS);
  }

  @ParameterizedTest
  @ValueSource(ints = {200, 204, 301, 399, 401, 403, 404, 429})
  void answersThatPass(int status) {
    assertThat(read("HTTP/1.1 " + status + " Some\r\nA: b\r\n\r\nbody"))
        .isEqualTo(new ProbeResult.Passed(status, NANOS));
  }

  @ParameterizedTest
  @ValueSource(ints = {400, 402, 405, 418, 500, 502, 503, 999})
  void answersThatFail(int status) {
    assertThat(read("HTTP/1.1 " + status + " Some\r\n\r\n"))
        .isEqualTo(new ProbeResult.Failed("answers " + status, null));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "HTTP/1.0 200 OK\r\n\r\n",
        "HTTP/1.1 200\r\n\r\n",
        "HTTP/1.1 200 \r\nDate: x\r\n\r\n",
        "HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 200 OK\r\n\r\n",
        "HTTP/1.1 103 Hints\r\nLink: x\r\n\r\nHTTP/1.1 102 P\r\n\r\nHTTP/1.1 200 OK\r\n\r\n"
      })
  void oddButWholeAnswersPass(String bytes) {
    assertThat(read(bytes)).isEqualTo(new ProbeResult.Passed(200, NANOS));
  }

  @Test
  void wholeHeadIsAwaitedByteByByte() {
    String answer = "HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 200 OK\r\nA: b\r\n\r\n";
    for (int length = 0; length < answer.length(); length++) {
      assertThat(read(answer.substring(0, length))).as(answer.substring(0, length)).isNull();
    }
    assertThat(read(answer)).isEqualTo(new ProbeResult.Passed(200, NANOS));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "\r\n",
        "x",
        "HTTP/2.0 200 OK\r\n\r\n",
        "http/1.1 200 OK\r\n\r\n",
        "HTTP/1.1  200 OK\r\n\r\n",
        "HTTP/1.1 20\r\n\r\n",
        "HTTP/1.1 abc\r\n\r\n",
        "HTTP/1.1 099 x\r\n\r\n",
        "HTTP/1.1\r\n\r\n",
        "SSH-2.0-OpenSSH_9.2\r\n",
        "220 mail.example ESMTP\r\n"
      })
  void whatIsNoHttpIsABadAnswer(String bytes) {
    assertThat(read(bytes)).isEqualTo(BAD);
  }

  @ParameterizedTest
  @ValueSource(strings = {"\u0015\u0003\u0001", "\u0016\u0003\u0003\0", "\u0015"})
  void tlsIsNamed(String bytes) {
    assertThat(read(bytes)).isEqualTo(ProbeResult.failed(Cause.ANSWERS_TLS));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "Backline-State: draining",
        "backline-state:draining",
        "A: b\r\nBACKLINE-STATE:  Draining  \r\nC: d"
      })
  void drainIsReadFromItsHeader(String header) {
    assertThat(read("HTTP/1.1 503 Stopping\r\n" + header + "\r\n\r\n"))
        .isEqualTo(new ProbeResult.Draining());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "HTTP/1.1 503 Backline-State: draining\r\n\r\n",
        "HTTP/1.1 503 x\r\n\r\nBackline-State: draining\r\n",
        "HTTP/1.1 503 x\r\nX-Backline-State: draining\r\n\r\n",
        "HTTP/1.1 503 x\r\nBackline-State: drained\r\n\r\n"
      })
  void drainIsReadFromNowhereElse(String bytes) {
    assertThat(read(bytes)).isEqualTo(new ProbeResult.Failed("answers 503", null));
  }

  @Test
  void endlessHeadIsABadAnswer() {
    String head = "HTTP/1.1 200 OK\r\nA: " + "x".repeat(AnswerHead.MAX_BYTES);

    assertThat(read(head)).isEqualTo(BAD);
  }

  /** Was: each interim answer went one call deeper, and a flood of them broke the control loop. */
  @Test
  void endlessInterimAnswersAreABadAnswer() {
    assertThat(read("HTTP/1.1 100 Continue\r\n\r\n".repeat(100_000))).isEqualTo(BAD);
  }

  @Test
  void largeBodyBehindTheHeadDoesNotMatter() {
    assertThat(read("HTTP/1.1 200 OK\r\n\r\n" + "x".repeat(1 << 20)))
        .isEqualTo(new ProbeResult.Passed(200, NANOS));
  }

  @Test
  void anotherInstanceThanTheRegisteredOneFails() {
    String answer = "HTTP/1.1 200 OK\r\nBackline-Instance: b\r\n\r\n";
    assertThat(AnswerHead.read(answer, "a", NANOS))
        .isEqualTo(new ProbeResult.Failed("answers as b, but a is registered there", null));
    assertThat(AnswerHead.read(answer, "b", NANOS)).isEqualTo(new ProbeResult.Passed(200, NANOS));
    assertThat(AnswerHead.read(answer, null, NANOS)).isEqualTo(new ProbeResult.Passed(200, NANOS));
    assertThat(AnswerHead.read("HTTP/1.1 200 OK\r\n\r\n", "a", NANOS))
        .as("who doesn't say who it is")
        .isEqualTo(new ProbeResult.Passed(200, NANOS));
  }
}
