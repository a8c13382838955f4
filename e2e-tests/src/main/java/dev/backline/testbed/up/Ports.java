package dev.backline.testbed.up;

import dev.backline.testbed.driver.AddressPlan;
import dev.backline.testbed.driver.TestbedException;
import dev.backline.testbed.http.Address;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.util.ArrayList;
import java.util.List;

/** Looks whether addresses are free before anything is started. */
final class Ports {
  private Ports() {}

  static void checkFree(AddressPlan plan, int backends) throws TestbedException {
    List<Address> wanted = new ArrayList<>(List.of(plan.listener(), plan.admin()));
    for (int n = 1; n <= backends; n++) {
      wanted.add(plan.backend(n));
    }
    for (Address address : wanted) {
      checkFree(address);
    }
  }

  private static void checkFree(Address address) throws TestbedException {
    try (ServerSocket socket = new ServerSocket()) {
      socket.setReuseAddress(true);
      socket.bind(new InetSocketAddress(address.host(), address.port()));
    } catch (IOException e) {
      throw new TestbedException(
          TestbedException.Cause.CANNOT_LISTEN,
          "cannot listen on %s: %s (another process has it? see: ss -ltnp; another port for the balancer: --port 8081; free ports for all: --port 0)"
              .formatted(address, e.getMessage()));
    }
  }
}
