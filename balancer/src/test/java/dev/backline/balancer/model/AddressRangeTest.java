package dev.backline.balancer.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class AddressRangeTest {
  @ParameterizedTest
  @CsvSource({
    "10.0.0.0/8, 10.255.0.1, true",
    "10.0.0.0/8, 11.0.0.0, false",
    "172.16.0.0/12, 172.31.255.255, true",
    "172.16.0.0/12, 172.32.0.0, false",
    "192.168.1.4/32, 192.168.1.4, true",
    "192.168.1.4/32, 192.168.1.5, false",
    "0.0.0.0/0, 203.0.113.1, true",
    "0.0.0.0/0, ::1, false",
    "fd00::/8, fdff::1, true",
    "fd00::/8, fe00::1, false",
    "2001:db8::/33, 2001:db8:7fff::1, true",
    "2001:db8::/33, 2001:db8:8000::1, false",
    "::/0, 10.0.0.1, false",
    "10.0.0.0/8, ::ffff:10.1.2.3, true",
  })
  void rangeHoldsWhatBeginsAlike(String range, String address, boolean contained) {
    AddressRange parsed = Objects.requireNonNull(AddressRange.parse(range));
    assertThat(parsed.contains(Objects.requireNonNull(IpAddress.parse(address))))
        .isEqualTo(contained);
    assertThat(parsed).hasToString(range);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "/",
        "10.0.0.0",
        "10.0.0.0/",
        "10.0.0.0/33",
        "10.0.0.1/8",
        "10.0.0.0/08",
        "10.0.0.0/-1",
        "fd00::/129",
        "fd00::1/8",
        "web/8",
        "10.0.0.0/8/8",
      })
  void allElseIsNone(String text) {
    assertThat(AddressRange.parse(text)).isNull();
  }

  @Test
  void rangeWithABitBehindItsPrefixIsNone() {
    IpAddress first = Objects.requireNonNull(IpAddress.parse("10.0.0.1"));
    assertThatThrownBy(() -> new AddressRange(first, 8))
        .hasMessage("first: 10.0.0.1 (expected: no bit set behind the first 8)");
    assertThatThrownBy(() -> new AddressRange(first, 33))
        .hasMessage("prefix: 33 (expected: 0 to 32)");
  }
}
