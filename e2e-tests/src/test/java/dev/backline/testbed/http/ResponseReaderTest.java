package dev.backline.testbed.http;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import dev.backline.testbed.http.ResponseReader.Stage;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ResponseReaderTest {
  private static final String CRLF = "\r\n";

  @Test
  void wholeAnswersAreCompleteWhereverTheBytesAreCut() {
    String fixed = String.join(CRLF, "HTTP/1.1 200 OK", "Content-Length: 5", "X: y", "", "hello");
    String head = String.join(CRLF, "HTTP/1.1 201 ", "Transfer-Encoding: chunked", "", "");
    String chunks = String.join(CRLF, "5;ext=1", "hello", "B", "hello world", "0", "T: t", "", "");
    String chunked = head + chunks;
    String interim = "HTTP/1.1 103 Early Hints\r\nLink: x\r\n\r\n" + fixed;
    for (String answer : new String[] {fixed, chunked, interim}) {
      for (int cut = 0; cut <= answer.length(); cut++) {
        ResponseReader reader = new ResponseReader(false);
        reader.feed(answer.substring(0, cut).getBytes(ISO_8859_1));
        assertThat(reader.stage() == Stage.COMPLETE).isEqualTo(cut == answer.length());
        reader.feed(answer.substring(cut).getBytes(ISO_8859_1));
        assertThat(reader.stage()).as("cut at %d of %s", cut, answer).isEqualTo(Stage.COMPLETE);
        assertThat(reader.keepAlive()).isTrue();
      }
    }
  }

  @Test
  void bodyBytesHeadersAndStatusAreTold() {
    ResponseReader reader =
        read("HTTP/1.1 502 Bad\r\nA: 1\r\na: 2\r\nContent-Length: 3\r\n\r\nabc");

    assertThat(reader.status()).isEqualTo(502);
    assertThat(reader.header("a")).isEqualTo("1, 2");
    assertThat(reader.bodyBytes()).isEqualTo(3);
  }

  @Test
  void answerWithoutLengthIsCompleteAtTheEndOnly() {
    ResponseReader reader = read("HTTP/1.1 200 OK\r\n\r\nhello");

    assertThat(reader.stage()).isEqualTo(Stage.BODY_UNTIL_CLOSE);
    reader.end();
    assertThat(reader.stage()).isEqualTo(Stage.COMPLETE);
    assertThat(reader.keepAlive()).isFalse();
  }

  @Test
  void shortBodyStaysIncompleteAtTheEnd() {
    for (String answer :
        new String[] {
          "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhell",
          "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n",
          "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n0\r\n"
        }) {
      ResponseReader reader = read(answer);
      reader.end();
      assertThat(reader.headSeen()).isTrue();
      assertThat(reader.stage()).as(answer).isNotEqualTo(Stage.COMPLETE);
    }
  }

  @Test
  void answersThatHaveNoBodyWhateverTheySay() {
    assertThat(read("HTTP/1.1 304 Not\r\nContent-Length: 5\r\n\r\n").stage())
        .isEqualTo(Stage.COMPLETE);
    assertThat(read("HTTP/1.1 204 No\r\n\r\n").stage()).isEqualTo(Stage.COMPLETE);
    ResponseReader head = new ResponseReader(true);
    head.feed("HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\n".getBytes(ISO_8859_1));
    assertThat(head.stage()).isEqualTo(Stage.COMPLETE);
  }

  @Test
  void announcedCloseAndHttp10AreNotKept() {
    assertThat(read("HTTP/1.1 204 No\r\nConnection: x, Close\r\n\r\n").keepAlive()).isFalse();
    assertThat(read("HTTP/1.0 204 No\r\n\r\n").keepAlive()).isFalse();
    assertThat(read("HTTP/1.1 204 No\r\nConnection: keep-alive\r\n\r\n").keepAlive()).isTrue();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "HTTP/2 200 OK\r\n",
        "HTTP/1.1 999 OK\r\n",
        "HTTP/1.1 200 OK\nContent-Length: 0\n\n",
        "HTTP/1.1 200 OK\r\nno colon\r\n",
        "HTTP/1.1 200 OK\r\nContent-Length: 5, 5\r\n\r\n",
        "HTTP/1.1 200 OK\r\nContent-Length: -1\r\n\r\n",
        "HTTP/1.1 200 OK\r\nContent-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n",
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: gzip\r\n\r\n",
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nxyz\r\n",
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n1\r\nab\r\n",
        "HTTP/1.1 200 OK\r\nContent-Length: 1\r\n\r\nab",
        "HTTP/1.1 101 Switching\r\n\r\n",
        "garbage\r\n"
      })
  void whatIsNotHttpIsMalformed(String answer) {
    ResponseReader reader = read(answer);

    assertThat(reader.stage()).isEqualTo(Stage.MALFORMED);
    assertThat(reader.problem()).isNotEmpty();
    assertThat(reader.keepAlive()).isFalse();
  }

  @Test
  void nineInterimAnswersAreTooMany() {
    String interim = "HTTP/1.1 100 Continue\r\n\r\n";
    assertThat(read(interim.repeat(8) + "HTTP/1.1 204 No\r\n\r\n").stage())
        .isEqualTo(Stage.COMPLETE);
    assertThat(read(interim.repeat(9)).stage()).isEqualTo(Stage.MALFORMED);
  }

  @Test
  void endlessLineIsMalformed() {
    byte[] line = new byte[20_000];
    Arrays.fill(line, (byte) 'x');
    ResponseReader reader = new ResponseReader(false);
    reader.feed(line);
    assertThat(reader.stage()).isEqualTo(Stage.MALFORMED);
  }

  private static ResponseReader read(String answer) {
    ResponseReader reader = new ResponseReader(false);
    reader.feed(answer.getBytes(ISO_8859_1));
    return reader;
  }
}
