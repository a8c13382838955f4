package dev.backline.balancer;

import java.io.IOException;
import java.net.InetAddress;
import java.util.List;
import java.util.function.Predicate;

/**
 * Which of a machine's addresses its member has where none is configured: the one under which the
 * others are told to find it.
 */
final class MemberAddress {
  private MemberAddress() {}

  /**
   * Chooses it.
   *
   * @param members the addresses of all members, as far as their names are known here
   * @param isHere whether this machine has an address
   * @param ofName the address that this machine's name has
   * @throws IOException if the others could not reach it
   */
  static InetAddress choose(
      List<InetAddress> members, Predicate<InetAddress> isHere, InetAddress ofName)
      throws IOException {
    List<InetAddress> here = members.stream().filter(isHere).toList();
    InetAddress chosen =
        here.stream()
            .filter(address -> !address.isLoopbackAddress())
            .findFirst()
            .orElse(here.isEmpty() ? ofName : here.get(0));
    if (chosen.isLoopbackAddress() && here.size() < members.size()) {
      throw new IOException(
          "cluster.address: 0.0.0.0: this machine's own address is "
              + chosen.getHostAddress()
              + " here (expected: an address that the other members can reach)");
    }
    return chosen;
  }
}
