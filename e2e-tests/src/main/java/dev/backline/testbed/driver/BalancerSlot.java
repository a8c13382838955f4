package dev.backline.testbed.driver;

import dev.backline.testbed.driver.AddressPlan.BalancerAddresses;
import dev.backline.testbed.http.Address;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A balancer's place: a directory with its configuration, token and access log, and its addresses.
 */
final class BalancerSlot extends Slot {
  final int number;
  final Path directory;
  final AdminClient client;

  /** All members when it was made; those that come later find it. Empty if it is alone. */
  private final List<Address> members;

  private final @Nullable Duration probeInterval;

  /** As in the file that it read when it started: port 0 stays 0, or a reload would move it. */
  private volatile BalancerAddresses written;

  private volatile Address admin;

  BalancerSlot(
      int number,
      Path directory,
      BalancerAddresses addresses,
      List<Address> members,
      @Nullable Duration probeInterval) {
    super(name(number), addresses.listener());
    this.number = number;
    this.directory = directory;
    this.members = members;
    this.probeInterval = probeInterval;
    client = new AdminClient(directory.resolve(BalancerFile.TOKEN_FILE));
    written = addresses;
    admin = addresses.admin();
  }

  static String name(int number) {
    return "balancer-" + number;
  }

  @Override
  Node.Role role() {
    return Node.Role.BALANCER;
  }

  Path configuration() {
    return directory.resolve(BalancerFile.NAME);
  }

  Path accessLog() {
    return directory.resolve(BalancerFile.ACCESS_LOG);
  }

  Address admin() {
    return admin;
  }

  Address member() {
    return written.member();
  }

  boolean inCluster() {
    return !members.isEmpty();
  }

  void adminListensOn(Address real) {
    admin = real;
  }

  /** Writes the configuration for a start, on the addresses that it had before. */
  void writeToStart(Map<String, Address> backends) throws TestbedException {
    written = new BalancerAddresses(address(), admin, written.member());
    write(backends);
  }

  /** Writes the configuration with these backends, otherwise as the running balancer knows it. */
  void write(Map<String, Address> backends) throws TestbedException {
    new BalancerFile(name, written, backends, members, probeInterval).write(configuration());
  }
}
