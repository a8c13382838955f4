package dev.backline.testbed.driver;

import static org.assertj.core.api.Assertions.assertThat;

import dev.backline.testbed.driver.AddressPlan.BalancerAddresses;
import dev.backline.testbed.http.Address;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class BalancerFileTest {
  private static final BalancerAddresses FIRST = addresses("127.0.0.1");
  private static final BalancerAddresses SECOND = addresses("127.0.0.2");

  @Test
  void configurationNamesEachBackend() {
    assertThat(new BalancerFile("balancer-1", FIRST, backends(), List.of(), null).text())
        .isEqualTo(
            """
            # Written by the testbed; `./backline add` and `remove` write it again.
            member: balancer-1
            listeners:
              - 127.0.0.1:8080
            pools:
              dumbsound:
                backends:
                  - {name: backend-1, address: "127.0.0.11:3000"}
                  - {name: backend-2, address: "127.0.0.12:3000"}
            admin: {address: "127.0.0.1:7070", token_file: backline-admin.token}
            access_log: {to: access.log}
            """);
  }

  @Test
  void severalBalancersAreACluster() {
    List<Address> members = List.of(FIRST.member(), SECOND.member());

    assertThat(
            new BalancerFile("balancer-2", SECOND, backends(), members, Duration.ofSeconds(60))
                .text())
        .contains(
            """
                health: {interval: 60000ms}
            cluster:
              address: "127.0.0.2:5701"
              members: ["127.0.0.1:5701", "127.0.0.2:5701"]
              secret_file: ../cluster.secret
            admin: {address: "127.0.0.2:7070", token_file: backline-admin.token}
            """);
  }

  private static BalancerAddresses addresses(String host) {
    return new BalancerAddresses(
        new Address(host, 8080), new Address(host, 7070), new Address(host, 5701));
  }

  private static Map<String, Address> backends() {
    Map<String, Address> backends = new LinkedHashMap<>();
    backends.put("backend-1", new Address("127.0.0.11", 3000));
    backends.put("backend-2", new Address("127.0.0.12", 3000));
    return backends;
  }
}
