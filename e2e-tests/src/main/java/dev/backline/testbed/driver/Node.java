package dev.backline.testbed.driver;

import dev.backline.testbed.http.Address;

/**
 * A balancer or backend of the testbed, as it is now.
 *
 * @param address where it serves; a balancer's listener
 * @param pid of its latest process
 */
public record Node(String name, Role role, Address address, State state, long pid) {

  /** What a node is for. */
  public enum Role {
    BALANCER,
    BACKEND
  }

  /** What its process does. */
  public enum State {
    RUNNING,
    PAUSED,
    ENDED
  }
}
