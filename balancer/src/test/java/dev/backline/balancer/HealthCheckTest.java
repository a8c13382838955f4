package dev.backline.balancer;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The health check of the images, against answers of every kind. */
class HealthCheckTest {
  private record Result(int code, String out) {}

  private static Result check(String... arguments) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    int code = HealthCheck.run(arguments, new PrintStream(out, true, StandardCharsets.ISO_8859_1));
    return new Result(code, out.toString(StandardCharsets.ISO_8859_1).strip());
  }

  private static String port(RawBackend backend) {
    return backend.address().split(":", 2)[1];
  }

  @ParameterizedTest
  @CsvSource({
    "HTTP/1.1 200 OK, 0",
    "HTTP/1.1 200 , 0",
    "HTTP/1.1 503 Service Unavailable, 1",
    "HTTP/1.1 204 No Content, 1",
    "HTTP/1.1 2000 OK, 1",
    "SSH-2.0-something, 1",
  })
  void onlyTwoHundredIsHealthy(String statusLine, int code) {
    try (RawBackend backend =
        RawBackend.scripted(c -> c.answer(statusLine + " \r\nContent-Length: 0\r\n\r\n"))) {
      Result result = check(port(backend), "/readyz");

      assertThat(result).isEqualTo(new Result(code, statusLine));
      assertThat(backend.awaitReceived(1).get(0).target()).isEqualTo("/readyz");
    }
  }

  @Test
  void whatAnswersNothingIsNotHealthy() {
    try (RawBackend backend = RawBackend.scripted(RawBackend.Connection::close)) {
      assertThat(check(port(backend), "/readyz")).isEqualTo(new Result(1, ""));
    }
  }

  @Test
  void whatNeverEndsItsFirstLineIsNotHealthy() {
    try (RawBackend backend = RawBackend.scripted(c -> c.answer("x".repeat(1_000)))) {
      Result result = check(port(backend), "/readyz");

      assertThat(result.code()).isOne();
      assertThat(result.out()).contains("no status line in 256 bytes");
    }
  }

  @Test
  void closedPortIsNotHealthy() throws IOException {
    int port;
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      port = socket.getLocalPort();
    }

    Result result = check(String.valueOf(port), "/readyz");

    assertThat(result.code()).isOne();
    assertThat(result.out()).contains("ConnectException");
  }

  @Test
  void wrongArgumentsAreTold() {
    assertThat(check("7070").code()).isEqualTo(2);
    assertThat(check("seven", "/readyz").code()).isOne();
    assertThat(check("70700", "/readyz").code()).isOne();
  }
}
