package dev.backline.balancer.config;

import java.util.List;

/**
 * With whom a member shares what it sees.
 *
 * @param name of the cluster; members of another name never join
 * @param host where the other members reach this one; {@code 0.0.0.0}: at this machine's address
 * @param port there
 * @param members addresses of the members; a name stands for all its addresses
 * @param secretFile the file that holds what all members have in common
 */
public record ClusterConfig(
    String name, String host, int port, List<Address> members, String secretFile) {
  /**
   * Where members may be.
   *
   * @param host a name or an IP address, IPv6 without brackets
   */
  public record Address(String host, int port) {}

  /** Copies the list. */
  public ClusterConfig {
    members = List.copyOf(members);
  }
}
