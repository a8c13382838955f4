package dev.backline.testbed.docker;

import dev.backline.testbed.driver.Node;
import dev.backline.testbed.driver.Node.Role;
import dev.backline.testbed.driver.Node.State;
import dev.backline.testbed.http.Address;
import org.jspecify.annotations.Nullable;

/**
 * A node's place in the testbed: a container of compose, over all its starts. Written by one method
 * of the testbed at a time, read by any thread.
 */
final class Unit {
  private final String name;
  private final Role role;
  private final Container container;
  private volatile @Nullable Life life;

  /**
   * What is known since its latest start.
   *
   * @param serves where this machine reaches what it serves
   * @param control where this machine reaches its admin API, or its faults
   */
  private record Life(Container.Info info, Address serves, Address control, State state) {}

  Unit(String name, Role role, Container container) {
    this.name = name;
    this.role = role;
    this.container = container;
  }

  String name() {
    return name;
  }

  Role role() {
    return role;
  }

  Container container() {
    return container;
  }

  /** It runs, for the first time or again. */
  void runs(Container.Info info, Address serves, Address control) {
    life = new Life(info, serves, control, State.RUNNING);
  }

  void is(State state) {
    Life now = life();
    life = new Life(now.info(), now.serves(), now.control(), state);
  }

  Node node() {
    Life now = life();
    return new Node(name, role, now.serves(), now.state(), now.info().pid());
  }

  Address control() {
    return life().control();
  }

  Container.Info info() {
    return life().info();
  }

  private Life life() {
    Life now = life;
    if (now == null) {
      throw new IllegalStateException(name + " was never seen running");
    }
    return now;
  }
}
