package dev.backline.balancer.config;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class MatchesTest {

  @ParameterizedTest
  @CsvSource({
    "web.example, web.example",
    "WEB.Example, web.example",
    "localhost, localhost",
    "127.0.0.1, 127.0.0.1",
    "xn--msik-0ra.example, xn--msik-0ra.example",
    "*.example, *.example",
    "*.Web.EXAMPLE, *.web.example"
  })
  void hostsAreNamesOrAllBelowOne(String text, String written) {
    assertThat(Matches.HOST.reader().apply(text)).isEqualTo(new Reading.Right<>(written));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "", " ", "*", "*.", "*example", "*.*.example", "a.*", "a*.example", "**.example",
        "web.example:80", "*.example:80", "[::1]", "::1", "http://a", "a/b", "a b", "a..b", ".a",
        "a.", "ä.example", "a,b", "user@a", "127.0.0.256", "1", "*.127.0.0.1"
      })
  void whatIsNoHostIsRefused(String text) {
    assertThat(Matches.HOST.reader().apply(text)).isInstanceOf(Reading.Wrong.class);
  }

  @ParameterizedTest
  @ValueSource(strings = {"/", "/api", "/api/", "/a//b", "/a.b/..c/d.", "/%20", "/a;b=c", "/*"})
  void pathsBeginWithASlash(String text) {
    assertThat(Matches.PATH_PREFIX.reader().apply(text)).isEqualTo(new Reading.Right<>(text));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "api",
        "http://a/",
        "*",
        "/a b",
        "/a?b",
        "/a#b",
        "/ä",
        "/.",
        "/..",
        "/a/../b",
        "/a/./b",
        "/a/..",
        "/%2e%2E/a",
        "/a/.%2e"
      })
  void whatNoPathBeginsWithIsRefused(String text) {
    assertThat(Matches.PATH_PREFIX.reader().apply(text)).isInstanceOf(Reading.Wrong.class);
  }

  @ParameterizedTest
  @CsvSource({
    "/health, true",
    "/health?a=b, true",
    "/health#a, false",
    "'/a b', false",
    "x, false"
  })
  void probeMayAskWithAQuery(String text, boolean isTarget) {
    assertThat(Matches.PROBE_TARGET.reader().apply(text) instanceof Reading.Right)
        .isEqualTo(isTarget);
  }

  @ParameterizedTest
  @CsvSource({
    "X-User, true",
    "a, true",
    "!#$%&'*+-.^_`|~09AZaz, true",
    "'', false",
    "'a b', false",
    "a:b, false",
    "a=b, false",
    "a;b, false",
    "'a\"b', false",
    "ä, false"
  })
  void headerAndCookieNamesAreTokens(String text, boolean isToken) {
    assertThat(Names.isToken(text)).isEqualTo(isToken);
  }

  @ParameterizedTest
  @CsvSource({
    "web, true",
    "Web-1.a_b, true",
    "1, true",
    "'', false",
    "-a, false",
    ".a, false",
    "'a b', false",
    "a/b, false",
    "ä, false"
  })
  void namesArePlainWords(String text, boolean isName) {
    assertThat(Names.TYPE.reader().apply(text) instanceof Reading.Right).isEqualTo(isName);
    assertThat(Names.TYPE.reader().apply("a".repeat(64))).isInstanceOf(Reading.Wrong.class);
  }
}
