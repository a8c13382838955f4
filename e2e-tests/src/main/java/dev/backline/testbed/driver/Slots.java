package dev.backline.testbed.driver;

import dev.backline.testbed.driver.AddressPlan.BalancerAddresses;
import dev.backline.testbed.driver.TestbedException.Cause;
import dev.backline.testbed.http.Address;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The places of a testbed's nodes: gives them names and addresses, and finds them by name. Changed
 * by one method of the testbed at a time, read by any thread.
 */
final class Slots {
  private final Setup setup;
  private final List<Slot> slots = new CopyOnWriteArrayList<>();
  private final List<Slot> removed = new CopyOnWriteArrayList<>();
  private int highestBackend;
  private int highestBalancer;

  Slots(Setup setup) {
    this.setup = setup;
  }

  /** Adds the balancers of the topology; several are one cluster. */
  void addBalancers() throws TestbedException {
    List<BalancerAddresses> plan = new ArrayList<>();
    for (int n = 1; n <= setup.topology().balancers(); n++) {
      plan.add(setup.addresses().balancer(n));
    }
    List<Address> members =
        plan.size() == 1 ? List.of() : plan.stream().map(BalancerAddresses::member).toList();
    for (BalancerAddresses addresses : plan) {
      slots.add(newBalancer(addresses, members));
    }
  }

  /** One more balancer, a member of the others' cluster; to be added when it runs. */
  BalancerSlot newBalancer() throws TestbedException {
    if (balancers().noneMatch(BalancerSlot::inCluster)) {
      throw wrong("balancer-1 is alone (expected: a testbed that began with two balancers)");
    }
    if (highestBalancer >= AddressPlan.MOST_BALANCERS) {
      throw wrong("there were " + highestBalancer + " balancers already (expected: fewer)");
    }
    BalancerAddresses addresses = setup.addresses().balancer(highestBalancer + 1);
    List<Address> members = new ArrayList<>(members());
    members.add(addresses.member());
    return newBalancer(addresses, members);
  }

  /** One more backend; to be added when it runs. */
  BackendSlot newBackend() throws TestbedException {
    if (highestBackend >= AddressPlan.MOST_BACKENDS) {
      throw wrong("there were " + highestBackend + " backends already (expected: fewer)");
    }
    highestBackend++;
    return new BackendSlot("backend-" + highestBackend, setup.addresses().backend(highestBackend));
  }

  void add(Slot slot) {
    slots.add(slot);
  }

  /** Its files are still read. */
  void takeOut(Slot slot) {
    slots.remove(slot);
    removed.add(slot);
  }

  /** Those that are there, in the order in which they were added. */
  Stream<Slot> all() {
    return slots.stream();
  }

  /** Those that were taken out too. */
  Stream<Slot> ever() {
    return Stream.concat(slots.stream(), removed.stream());
  }

  Stream<BalancerSlot> balancers() {
    return all().filter(BalancerSlot.class::isInstance).map(BalancerSlot.class::cast);
  }

  Stream<BackendSlot> backends() {
    return all().filter(BackendSlot.class::isInstance).map(BackendSlot.class::cast);
  }

  /** The backends' addresses by name. */
  Map<String, Address> listed() {
    Map<String, Address> listed = new LinkedHashMap<>();
    backends().forEach(slot -> listed.put(slot.name, slot.address()));
    return listed;
  }

  /** Where the balancers reach each other. */
  List<Address> members() {
    return balancers().map(BalancerSlot::member).toList();
  }

  /** Fails with the candidates if there is no such node. */
  Slot named(String name) throws TestbedException {
    for (Slot slot : slots) {
      if (slot.name.equals(name)) {
        return slot;
      }
    }
    String candidates = all().map(slot -> slot.name).collect(Collectors.joining(", "));
    throw wrong(name + ": no such node (expected: one of " + candidates + ")");
  }

  BalancerSlot balancer(String name) throws TestbedException {
    if (named(name) instanceof BalancerSlot balancer) {
      return balancer;
    }
    throw wrong(name + " is no balancer");
  }

  Slot alive(String name) throws TestbedException {
    Slot slot = named(name);
    if (slot.state() == Node.State.ENDED) {
      throw wrong(name + " is not running; start it with: ./backline start " + name);
    }
    return slot;
  }

  private BalancerSlot newBalancer(BalancerAddresses addresses, List<Address> members)
      throws TestbedException {
    highestBalancer++;
    String name = BalancerSlot.name(highestBalancer);
    Path directory = setup.directory().resolve(name);
    Directory.makeEmpty(directory);
    return new BalancerSlot(
        highestBalancer,
        directory,
        addresses,
        members,
        setup.topology().probeIntervals().get(name));
  }

  private static TestbedException wrong(String message) {
    return new TestbedException(Cause.WRONG_COMMAND, message);
  }
}
