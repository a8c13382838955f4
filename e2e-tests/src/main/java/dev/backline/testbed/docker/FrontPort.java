package dev.backline.testbed.docker;

import dev.backline.testbed.driver.TestbedException;
import dev.backline.testbed.http.Address;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.concurrent.ThreadLocalRandom;

/**
 * A port of this machine that stays free until the front has it: Docker gives the other containers
 * ports of the range from which the system gives clients theirs, and this one is below.
 */
final class FrontPort {
  private static final String HOST = "127.0.0.1";
  private static final int LOWEST = 20_000;
  private static final int LOWEST_OF_THE_SYSTEM = 32_768;
  private static final int TRIES = 100;

  private FrontPort() {}

  static Address free() throws TestbedException {
    for (int tries = 0; tries < TRIES; tries++) {
      int port = ThreadLocalRandom.current().nextInt(LOWEST, LOWEST_OF_THE_SYSTEM);
      try (ServerSocket socket = new ServerSocket(port, 1, InetAddress.getLoopbackAddress())) {
        return new Address(HOST, socket.getLocalPort());
      } catch (IOException e) {
        // Taken: the next one.
      }
    }
    throw new TestbedException(
        "no free port for the front (expected: one of %d to %d)"
            .formatted(LOWEST, LOWEST_OF_THE_SYSTEM - 1));
  }
}
