package dev.backline.balancer.control;

import dev.backline.balancer.model.IpAddress;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Where this member itself can be reached. Immutable.
 *
 * @param sockets its listeners and its admin interface
 * @param machine the addresses of its machine, those of loopback apart
 */
public record OwnAddresses(List<Socket> sockets, List<IpAddress> machine) {
  /** Before anything is known. */
  public static final OwnAddresses NONE = new OwnAddresses(List.of(), List.of());

  /**
   * One of them.
   *
   * @param what for people: "listener"
   * @param address {@code null}: a name, whose address nobody asked for
   */
  public record Socket(String what, @Nullable IpAddress address, int port) {
    /** Reads the host: an address, or localhost. */
    public static Socket of(String what, String host, int port) {
      return new Socket(what, IpAddress.ofHost(host), port);
    }
  }

  /** Copies the lists. */
  public OwnAddresses {
    sockets = List.copyOf(sockets);
    machine = List.copyOf(machine);
  }

  /** Returns what of this member a connection would reach; {@code null}: nothing. */
  public @Nullable String reachedBy(IpAddress address, int port) {
    for (Socket socket : sockets) {
      if (socket.port() == port && isReached(socket.address(), address)) {
        return socket.what();
      }
    }
    return null;
  }

  /** Returns why this is never the address of a backend, in words; {@code null}: it may be. */
  public @Nullable String refusal(IpAddress address, int port) {
    if (address.isUnspecified()) {
      return "an unspecified address";
    } else if (address.isMulticast()) {
      return "a multicast or broadcast address";
    } else if (address.isLinkLocal()) {
      return "a link-local address";
    }
    String mine = reachedBy(address, port);
    return mine == null ? null : "this member's own " + mine;
  }

  private boolean isReached(@Nullable IpAddress listening, IpAddress address) {
    if (listening == null || !listening.isUnspecified()) {
      return address.equals(listening);
    }
    boolean here = address.isLoopback() || machine.contains(address);
    return here && (address.isV4() || !listening.isV4());
  }
}
