package dev.backline.balancer.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class IpAddressTest {
  @Test
  void bytesOfAnAnswerAreTheSameAddressAsItsText() {
    assertThat(IpAddress.of(new byte[] {10, 0, (byte) 200, 1})).hasToString("10.0.200.1");
    byte[] six = new byte[16];
    six[0] = 0x20;
    six[1] = 0x01;
    six[15] = (byte) 0xff;
    assertThat(IpAddress.of(six)).hasToString("2001::ff").isEqualTo(parse("2001:0:0::ff"));
  }

  @Test
  void mappedBytesAreTheIpv4AddressTheyMean() {
    byte[] mapped = new byte[16];
    mapped[10] = (byte) 0xff;
    mapped[11] = (byte) 0xff;
    mapped[12] = 10;
    mapped[15] = 7;
    assertThat(IpAddress.of(mapped)).isEqualTo(parse("10.0.0.7"));
  }

  @Test
  void otherNumbersOfBytesAreNoAddress() {
    assertThatIllegalArgumentException().isThrownBy(() -> IpAddress.of(new byte[5]));
    assertThatIllegalArgumentException().isThrownBy(() -> IpAddress.of(new byte[0]));
  }

  @Test
  void orderIsByFamilyThenByNumber() {
    List<String> sorted = List.of("9.0.0.1", "10.0.0.2", "10.0.0.10", "::1", "fd00::2", "fd00::10");
    assertThat(Stream.of("fd00::10", "10.0.0.10", "::1", "9.0.0.1", "fd00::2", "10.0.0.2"))
        .extracting(IpAddressTest::parse)
        .satisfies(
            all ->
                assertThat(all.stream().sorted().map(IpAddress::toString).toList())
                    .isEqualTo(sorted));
  }

  @ParameterizedTest
  @CsvSource({
    "0.0.0.0, unspecified",
    "::, unspecified",
    "::ffff:0.0.0.0, unspecified",
    "127.8.0.1, loopback",
    "::1, loopback",
    "169.254.169.254, link-local",
    "fe80::1, link-local",
    "febf::1, link-local",
    "224.0.0.1, multicast",
    "ff02::1, multicast",
    "255.255.255.255, multicast",
    "10.0.0.1, none",
    "fd00::1, none",
    "fec0::1, none"
  })
  void kindIsRecognized(String text, String kind) {
    IpAddress address = parse(text);
    assertThat(address.isUnspecified()).isEqualTo(kind.equals("unspecified"));
    assertThat(address.isLoopback()).isEqualTo(kind.equals("loopback"));
    assertThat(address.isLinkLocal()).isEqualTo(kind.equals("link-local"));
    assertThat(address.isMulticast()).isEqualTo(kind.equals("multicast"));
  }

  private static IpAddress parse(String text) {
    return Objects.requireNonNull(IpAddress.parse(text));
  }
}
