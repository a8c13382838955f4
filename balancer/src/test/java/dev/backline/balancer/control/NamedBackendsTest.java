package dev.backline.balancer.control;

import static org.assertj.core.api.Assertions.assertThat;

import dev.backline.balancer.model.Backend;
import dev.backline.balancer.model.BackendId;
import dev.backline.balancer.model.IpAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Which backends the addresses of a name are. */
final class NamedBackendsTest {
  private static final int PORT = 3000;

  @Test
  void orderAndDoublesOfAnAnswerDoNotMatter() {
    NamedBackends one = of("10.0.0.10", "fd00::1", "10.0.0.9", "10.0.0.10");
    NamedBackends other = of("10.0.0.9", "10.0.0.10", "FD00:0::1", "::ffff:10.0.0.9");

    assertThat(one).isEqualTo(other);
    assertThat(one.warnings()).isEmpty();
    assertThat(one.answer())
        .isEqualTo(
            new NameAnswer.Listed(
                List.of(backend("10.0.0.9"), backend("10.0.0.10"), backend("fd00::1"))));
    assertThat(one.answer().words()).isEqualTo("3 backends");
  }

  @Test
  void noAddressIsNothing() {
    assertThat(of().answer()).isEqualTo(new NameAnswer.Nothing("the name has no addresses"));
  }

  @ParameterizedTest
  @CsvSource({
    "0.0.0.0, an unspecified address",
    "::, an unspecified address",
    "169.254.169.254, a link-local address",
    "::ffff:169.254.169.254, a link-local address",
    "fe80::1, a link-local address",
    "224.0.0.1, a multicast or broadcast address",
    "255.255.255.255, a multicast or broadcast address",
    "ff02::1, a multicast or broadcast address"
  })
  void addressesThatAreNoBackendsAreLeftOutWithAWarning(String address, String kind) {
    NamedBackends named = of(address, "10.0.0.1");

    assertThat(named.answer()).isEqualTo(new NameAnswer.Listed(List.of(backend("10.0.0.1"))));
    assertThat(named.warnings())
        .containsExactly(
            address(address) + ": " + kind + " (expected: the address of one backend)");
    assertThat(of(address).answer())
        .as("refused addresses alone are nothing, not an empty list")
        .isEqualTo(
            new NameAnswer.Nothing(
                "the name has no address that may be used: " + named.warnings().get(0)));
  }

  @ParameterizedTest
  @CsvSource({
    // listens on, port, the name has, refused
    "127.0.0.1, 3000, 127.0.0.1, true",
    "127.0.0.1, 3000, ::ffff:127.0.0.1, true",
    "127.0.0.1, 3000, 127.0.0.2, false",
    "127.0.0.1, 8080, 127.0.0.1, false",
    "localhost, 3000, 127.0.0.1, true",
    "0.0.0.0, 3000, 127.0.0.9, true",
    "0.0.0.0, 3000, 192.0.2.7, true",
    "0.0.0.0, 3000, 192.0.2.8, false",
    "0.0.0.0, 3000, ::1, false",
    "::, 3000, ::1, true",
    "::, 3000, 192.0.2.7, true",
    "::, 3000, 2001:db8::7, true",
    "::, 8080, 192.0.2.7, false",
    "name.example, 3000, 192.0.2.7, false"
  })
  void thisMemberItselfIsNoBackend(String host, int port, String address, boolean refused) {
    OwnAddresses own =
        new OwnAddresses(
            List.of(OwnAddresses.Socket.of("listener", host, port)),
            List.of(address("192.0.2.7"), address("2001:db8::7")));
    NamedBackends named = NamedBackends.of(List.of(address(address)), PORT, own);

    assertThat(named.answer() instanceof NameAnswer.Nothing).isEqualTo(refused);
    if (refused) {
      assertThat(named.warnings())
          .containsExactly(
              address(address)
                  + ": this member's own listener (expected: the address of one backend)");
    }
  }

  @Test
  void moreAddressesThanAPoolBearsAreLeftOutWithAWarning() {
    List<IpAddress> many = new ArrayList<>();
    for (int i = 0; i < 1_500; i++) {
      many.add(address("10.0." + i / 250 + "." + i % 250));
    }
    NamedBackends named = NamedBackends.of(many, PORT, OwnAddresses.NONE);

    assertThat(((NameAnswer.Listed) named.answer()).backends())
        .hasSize(1_024)
        .startsWith(backend("10.0.0.0"));
    assertThat(named.warnings())
        .containsExactly("more than 1024 addresses: the others are left out");
  }

  private static NamedBackends of(String... addresses) {
    List<IpAddress> all = Stream.of(addresses).map(NamedBackendsTest::address).toList();
    return NamedBackends.of(all, PORT, OwnAddresses.NONE);
  }

  private static IpAddress address(String text) {
    return Objects.requireNonNull(IpAddress.parse(text));
  }

  private static Backend backend(String address) {
    return new Backend(new BackendId(address, PORT), address, 1);
  }
}
