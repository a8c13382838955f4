package dev.backline.balancer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class MemberAddressTest {
  @Test
  void itIsWhereTheOthersAreToldToFindIt() throws IOException {
    assertThat(choose("10.0.2.5", "10.0.1.4 10.0.2.5 10.0.2.6", "10.0.1.4 10.0.2.5"))
        .as("the first of those")
        .isEqualTo("10.0.1.4");
    assertThat(choose("10.0.1.4", "10.0.2.6 10.0.2.5", "10.0.1.4 10.0.2.5")).isEqualTo("10.0.2.5");
    assertThat(choose("127.0.1.1", "127.0.1.1 10.0.2.5 10.0.2.6", "127.0.1.1 10.0.2.5"))
        .isEqualTo("10.0.2.5");
  }

  @Test
  void whoIsNotAmongThemHasTheAddressOfItsName() throws IOException {
    assertThat(choose("10.0.1.4", "", "10.0.1.4")).isEqualTo("10.0.1.4");
    assertThat(choose("10.0.1.4", "10.0.2.6", "10.0.1.4")).isEqualTo("10.0.1.4");
  }

  @Test
  void onOneMachineLoopbackWillDo() throws IOException {
    assertThat(choose("127.0.1.1", "127.0.0.1 127.0.0.2", "127.0.0.1 127.0.0.2"))
        .isEqualTo("127.0.0.1");
    assertThat(choose("127.0.1.1", "", "127.0.1.1")).isEqualTo("127.0.1.1");
  }

  /** As on Debian, whose own name is 127.0.1.1. */
  @Test
  void addressThatOthersCannotReachIsRefused() {
    assertThatThrownBy(() -> choose("127.0.1.1", "127.0.1.1 10.0.2.6", "127.0.1.1"))
        .hasMessage(
            "cluster.address: 0.0.0.0: this machine's own address is 127.0.1.1 here"
                + " (expected: an address that the other members can reach)");
    assertThatThrownBy(() -> choose("127.0.1.1", "10.0.2.6", "10.0.9.9"))
        .hasMessageContaining("127.0.1.1");
  }

  private static String choose(String ofName, String members, String here) throws IOException {
    List<InetAddress> own = addresses(here);
    return MemberAddress.choose(addresses(members), own::contains, InetAddress.getByName(ofName))
        .getHostAddress();
  }

  private static List<InetAddress> addresses(String words) throws IOException {
    List<InetAddress> addresses = new ArrayList<>();
    for (String word : words.isEmpty() ? new String[0] : words.split(" ", -1)) {
      addresses.add(InetAddress.getByName(word));
    }
    return addresses;
  }
}
