package dev.backline.testbed.driver;

import dev.backline.testbed.http.Address;
import org.jspecify.annotations.Nullable;

/**
 * A node's place in the testbed, over all its starts. Written by one method of the testbed at a
 * time, read by any thread.
 */
abstract sealed class Slot permits BalancerSlot, BackendSlot {
  final String name;
  private volatile Address address;
  private volatile @Nullable Child child;
  private volatile boolean paused;

  Slot(String name, Address address) {
    this.name = name;
    this.address = address;
  }

  abstract Node.Role role();

  /** A process was started for it. */
  void started(Child next) {
    child = next;
    paused = false;
  }

  /** The address that its ready line told: the plan's may leave the port to the system. */
  void listensOn(Address real) {
    address = real;
  }

  void paused(boolean now) {
    paused = now;
  }

  Address address() {
    return address;
  }

  Node.State state() {
    Child current = child;
    if (current == null || !current.alive()) {
      return Node.State.ENDED;
    }
    return paused ? Node.State.PAUSED : Node.State.RUNNING;
  }

  Child child() throws TestbedException {
    Child current = child;
    if (current == null) {
      throw new TestbedException(name + " was never started");
    }
    return current;
  }

  Node node() {
    Child current = child;
    return new Node(name, role(), address, state(), current == null ? 0 : current.pid());
  }
}
