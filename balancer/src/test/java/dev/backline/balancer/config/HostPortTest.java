package dev.backline.balancer.config;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class HostPortTest {

  @ParameterizedTest
  @CsvSource({
    "127.0.0.1:80, 127.0.0.1:80",
    "Web.Example:80, web.example:80",
    "web_1:80, web_1:80",
    "a:1, a:1",
    "1a.2b:1, 1a.2b:1",
    "[::1]:80, [::1]:80",
    "[::]:80, [::]:80",
    "[0:0:0:0:0:0:0:1]:80, [::1]:80",
    "[2001:DB8:0:0:1:0:0:1]:80, [2001:db8::1:0:0:1]:80",
    "[2001:db8:0:1:1:1:1:1]:80, [2001:db8:0:1:1:1:1:1]:80",
    "[2001:db8::]:80, [2001:db8::]:80",
    "[1:2:3:4:5:6:7:8]:80, [1:2:3:4:5:6:7:8]:80",
    "[64:ff9b::192.0.2.33]:80, [64:ff9b::c000:221]:80",
    "[::ffff:192.0.2.33]:80, 192.0.2.33:80",
    "[::FFFF:C000:0221]:80, 192.0.2.33:80"
  })
  void oneMachineHasOneForm(String text, String canonical) {
    Reading<HostPort> reading = HostPort.CONNECTED.reader().apply(text);

    assertThat(reading).isInstanceOf(Reading.Right.class);
    assertThat(((Reading.Right<HostPort>) reading).value()).hasToString(canonical);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        ":",
        ":80",
        "80",
        "a",
        "a:",
        "a:b",
        "a:0",
        "a:65536",
        "a:99999999999999999999",
        "a:080",
        "a:-1",
        "a:+1",
        "a b:1",
        "a..b:1",
        ".a:1",
        "a.:1",
        "ä:1",
        "a/b:1",
        "a:1/",
        "http://a:1",
        "1:1",
        "22:22",
        "a.1:1",
        "0x7f000001:1",
        "0x7f.1:1",
        "127.1:1",
        "127.0.0.01:1",
        "127.0.0.256:1",
        "127.0.0.1.1:1",
        "1.2.3:1",
        "::1:80",
        "[::1]",
        "::1",
        "[:::]:1",
        "[1::2::3]:1",
        "[1:2:3:4:5:6:7]:1",
        "[1:2:3:4:5:6:7:8:9]:1",
        "[1:2:3:4:5:6:7::8]:1",
        "[12345::]:1",
        "[g::]:1",
        "[fe80::1%eth0]:1",
        "[127.0.0.1]:1",
        "[a]:1",
        "[]:1",
        "[1.2.3.4::]:1",
        "[::1.2.3.4:5]:1",
        "user@a:1",
        "*:1",
        "a:1,b:1"
      })
  void whatIsNoAddressIsRefused(String text) {
    assertThat(HostPort.CONNECTED.reader().apply(text)).isInstanceOf(Reading.Wrong.class);
  }

  @ParameterizedTest
  @CsvSource({
    "127.0.0.1:80, 127.0.0.1:80, true",
    "127.0.0.1:80, 127.0.0.1:81, false",
    "127.0.0.1:80, 127.0.0.2:80, false",
    "127.0.0.1:0, 127.0.0.1:0, false",
    "0.0.0.0:80, 127.0.0.1:80, true",
    "0.0.0.0:80, [::1]:80, false",
    "0.0.0.0:80, [::]:80, true",
    "[::]:80, 127.0.0.1:80, true",
    "[::]:80, [::1]:80, true",
    "localhost:80, 127.0.0.1:80, true",
    "localhost:80, 0.0.0.0:80, true",
    "a.example:80, A.example:80, true",
    "a.example:80, b.example:80, false",
    "a.example:80, 0.0.0.0:80, false"
  })
  void twoSocketsCollideWhereTheSystemWouldRefuseTheSecond(
      String one, String other, boolean collide) {
    assertThat(listened(one).collidesWith(listened(other))).isEqualTo(collide);
    assertThat(listened(other).collidesWith(listened(one))).isEqualTo(collide);
  }

  @ParameterizedTest
  @CsvSource({
    "127.0.0.1:80, 127.0.0.1:80, true",
    "127.0.0.1:80, 127.0.0.1:81, false",
    "127.0.0.1:80, 127.0.0.11:80, false",
    "0.0.0.0:80, 127.0.0.11:80, true",
    "0.0.0.0:80, localhost:80, true",
    "0.0.0.0:80, [::ffff:127.0.0.1]:80, true",
    "0.0.0.0:80, [::1]:80, false",
    "[::]:80, [::1]:80, true",
    "[::]:80, 127.0.0.1:80, true",
    "0.0.0.0:80, 192.0.2.1:80, false",
    "192.0.2.1:80, 192.0.2.1:80, true",
    "0.0.0.0:80, web.example:80, false",
    "web.example:80, web.example:80, true",
    "127.0.0.1:80, localhost:80, true",
    "localhost:80, 127.0.0.1:80, true"
  })
  void backendIsThisMemberWhereItsConnectionsWouldComeBack(
      String listener, String backend, boolean loop) {
    assertThat(listened(listener).isReachedBy(listened(backend), Machine.UNKNOWN)).isEqualTo(loop);
  }

  private static HostPort listened(String text) {
    if (HostPort.LISTENED.reader().apply(text) instanceof Reading.Right<HostPort> right) {
      return right.value();
    }
    throw new AssertionError(text + " (expected: an address)");
  }
}
