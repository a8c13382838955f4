package dev.backline.balancer.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class BackendIdTest {
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          127.0.0.11:3000        | 127.0.0.11    | 3000  | 127.0.0.11:3000
          Backend-1.Example:80   | backend-1.example | 80 | backend-1.example:80
          sample_backend:1       | sample_backend | 1    | sample_backend:1
          [::1]:65535            | ::1           | 65535 | [::1]:65535
          [FE80::A]:3000         | fe80::a       | 3000  | [fe80::a]:3000
          [2001:DB8:0:0::1]:3000 | 2001:db8::1   | 3000  | [2001:db8::1]:3000
          [0:0:0:0:0:0:0:1]:80   | ::1           | 80    | [::1]:80
          [::ffff:10.0.0.1]:80   | 10.0.0.1      | 80    | 10.0.0.1:80
          [::FFFF:A00:1]:80      | ::ffff:a00:1  | 80    | 10.0.0.1:80
          a:00080                | a             | 80    | a:80
          """)
  void hostAndPortAreRead(String text, String host, int port, String canonical) {
    BackendId id = BackendId.parse(text);
    assertThat(id).isEqualTo(new BackendId(host, port));
    assertThat(id).hasToString(canonical);
    assertThat(BackendId.parse(canonical)).isEqualTo(id);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        ":",
        ":80",
        "a:",
        "a",
        "a:0",
        "a:65536",
        "a:99999",
        "a:123456",
        "a:-1",
        "a:+1",
        "a: 1",
        " a:1",
        "a:1 ",
        "a:1\n",
        "\na:1",
        "a:1\r\nb:2",
        "a:1:2",
        "::1:80",
        "::1",
        "[::1]",
        "[::1]:",
        "[]:80",
        "[::1:80",
        "::1]:80",
        "[fe80::1%eth0]:80",
        "[a.example]:80",
        "a b:1",
        "a/b:1",
        "user@a:1",
        "http://a:1",
        "a:1/x",
        "ä:1",
        "a:١",
        "a:0x50",
        "*:80",
        "a,b:1",
        "a:1e2"
      })
  void anythingElseIsRefused(String text) {
    assertThatIllegalArgumentException().isThrownBy(() -> BackendId.parse(text));
  }

  @Test
  void messageGivesValueAndExpectation() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> BackendId.parse("backend"))
        .withMessage("backend (expected: host:port, like 127.0.0.11:3000)");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> BackendId.parse("backend:70000"))
        .withMessage("port: 70000 (expected: 1 to 65535)");
  }

  @Test
  void orderIsByHostThenByPortAsNumber() {
    assertThat(BackendId.parse("a:9")).isLessThan(BackendId.parse("a:10"));
    assertThat(BackendId.parse("a:10")).isLessThan(BackendId.parse("b:9"));
  }
}
