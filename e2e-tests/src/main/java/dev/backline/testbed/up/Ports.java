package dev.backline.testbed.up;

import dev.backline.testbed.driver.AddressPlan;
import dev.backline.testbed.driver.TestbedException;
import dev.backline.testbed.driver.Topology;
import dev.backline.testbed.http.Address;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.ServerSocket;

/** Looks whether addresses are free before anything is started. */
final class Ports {
  private static final String ALL_FREE = "free ports for all: --port 0";

  private Ports() {}

  static void checkFree(AddressPlan plan, Topology topology) throws TestbedException {
    for (int n = 1; n <= topology.balancers(); n++) {
      AddressPlan.BalancerAddresses balancer = plan.balancer(n);
      checkFree(balancer.listener(), "another port for the balancer: --port 8081");
      checkFree(balancer.admin(), ALL_FREE);
      if (topology.balancers() > 1) {
        checkFree(balancer.member(), ALL_FREE);
      }
    }
    for (int n = 1; n <= topology.backends(); n++) {
      checkFree(plan.backend(n), ALL_FREE);
    }
  }

  private static void checkFree(Address address, String hint) throws TestbedException {
    try (ServerSocket socket = new ServerSocket()) {
      socket.setReuseAddress(true);
      socket.bind(new InetSocketAddress(address.host(), address.port()));
    } catch (IOException e) {
      throw new TestbedException(
          TestbedException.Cause.CANNOT_LISTEN,
          "cannot listen on %s: %s (another process has it? see: ss -ltnp; %s)"
              .formatted(address, e.getMessage(), hint));
    }
  }
}
