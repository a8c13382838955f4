package dev.backline.testbed.docker;

import static org.assertj.core.api.Assertions.assertThat;

import dev.backline.testbed.driver.TestbedException;
import dev.backline.testbed.http.Address;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import org.junit.jupiter.api.Test;

class FrontPortTest {
  @Test
  void portIsFreeAndNoneThatTheSystemGivesAway() throws TestbedException, IOException {
    Address front = FrontPort.free();

    assertThat(front.port()).isBetween(20_000, 32_767);
    try (ServerSocket socket =
        new ServerSocket(front.port(), 1, InetAddress.getByName(front.host()))) {
      assertThat(socket.isBound()).isTrue();
    }
  }
}
