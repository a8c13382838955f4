package dev.backline.balancer.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class RequestRulesTest {
  private static @Nullable String violation(String method, String target) {
    return RequestRules.violation(method, target, List.of(), List.of("a"), List.of(), false);
  }

  private static @Nullable String ofHosts(boolean http10, String... hosts) {
    return RequestRules.violation("GET", "/", List.of(), List.of(hosts), List.of(), http10);
  }

  private static @Nullable String ofCodings(String... codings) {
    return RequestRules.violation("POST", "/", List.of(), List.of("a"), List.of(codings), false);
  }

  private static @Nullable String ofHeader(String name, String value) {
    return RequestRules.violation(
        "GET", "/", Map.of(name, value).entrySet(), List.of("a"), List.of(), false);
  }

  @Test
  void ordinaryRequestsAreAllowed() {
    assertThat(violation("GET", "/a?b=%20'\"{}|")).isNull();
    assertThat(violation("BREW", "/")).isNull();
    assertThat(violation("OPTIONS", "*")).isNull();
    assertThat(ofHosts(true)).isNull();
    assertThat(ofCodings("Chunked")).isNull();
    assertThat(ofHeader("X-Any", "tab\there, \u00e9")).isNull();
  }

  @ParameterizedTest
  @ValueSource(strings = {"http://a/", "a", "*", "", "/a b", "/a#b", "/\u007f", "/\u00e9", "/\t"})
  void targetsThatTwoReadersReadDifferentlyAreRefused(String target) {
    assertThat(violation("GET", target)).startsWith("request target: ");
  }

  @Test
  void tunnelsAreRefused() {
    assertThat(violation("CONNECT", "a:443")).contains("CONNECT");
  }

  @Test
  void oneHostIsNeededAndMustBeOne() {
    assertThat(ofHosts(false)).isEqualTo("Host: 0 of them (expected: exactly one)");
    assertThat(ofHosts(true, "a", "a")).isEqualTo("Host: 2 of them (expected: exactly one)");
    assertThat(ofHosts(false, "a b")).isEqualTo("Host: not a host name or address");
  }

  @Test
  void onlyChunkedIsUnderstood() {
    assertThat(ofCodings("gzip")).startsWith("Transfer-Encoding: ");
    assertThat(ofCodings("chunked", "chunked")).startsWith("Transfer-Encoding: ");
    assertThat(ofCodings("chunked, identity")).startsWith("Transfer-Encoding: ");
    assertThat(ofCodings("xchunked")).startsWith("Transfer-Encoding: ");
  }

  @Test
  void headersThatCouldEndEarlyAreRefused() {
    assertThat(ofHeader("X Y", "z")).startsWith("header: ");
    assertThat(ofHeader("", "z")).startsWith("header: ");
    for (String value : List.of("a\rb", "a\nb", "a\0b", "a\u007fb", "\u0100")) {
      assertThat(ofHeader("X", value)).as(value).startsWith("header: ");
    }
  }

  @ParameterizedTest
  @CsvSource({
    "Music.Example, music.example",
    "music.example:8080, music.example",
    "music.example:, music.example",
    "music.example.:80, music.example",
    "[::1]:80, ::1",
    "[::ffff:192.0.2.1], ::ffff:192.0.2.1",
    "192.0.2.1:65535, 192.0.2.1",
  })
  void hostIsLowerCaseAndWithoutItsPort(String authority, String host) {
    assertThat(RequestRules.hostOf(authority)).isEqualTo(host);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        ":80",
        "a:b",
        "a:123456",
        "[::1",
        "[::1]80",
        "[]",
        "a@b",
        "a/b",
        "[g]",
        "a:99999",
        "a:0",
        "[1]",
        "[1.2.3.4]",
        "%00",
        "a%2eb",
        "a..b",
        ".",
        ".a",
        "a,b"
      })
  void whatIsNoAuthorityHasNoHost(String authority) {
    assertThat(RequestRules.hostOf(authority)).isNull();
  }
}
