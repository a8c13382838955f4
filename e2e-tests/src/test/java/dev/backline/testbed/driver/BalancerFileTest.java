package dev.backline.testbed.driver;

import static org.assertj.core.api.Assertions.assertThat;

import dev.backline.testbed.http.Address;
import java.util.LinkedHashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;

class BalancerFileTest {
  @Test
  void configurationNamesEachBackend() {
    Map<String, Address> backends = new LinkedHashMap<>();
    backends.put("backend-1", new Address("127.0.0.11", 3000));
    backends.put("backend-2", new Address("127.0.0.12", 3000));

    assertThat(
            BalancerFile.text(
                new Address("127.0.0.1", 8080), new Address("127.0.0.1", 7070), backends))
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
}
