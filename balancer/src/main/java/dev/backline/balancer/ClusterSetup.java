package dev.backline.balancer;

import dev.backline.balancer.admin.SecretFile;
import dev.backline.balancer.cluster.ClusterLink;
import dev.backline.balancer.cluster.ClusterOptions;
import dev.backline.balancer.cluster.HazelcastLink;
import dev.backline.balancer.config.BalancerConfig;
import dev.backline.balancer.config.ClusterConfig;
import dev.backline.balancer.control.Events;
import dev.backline.balancer.model.HostAndPort;
import dev.backline.balancer.model.IpAddress;
import dev.backline.balancer.model.MemberId;
import dev.backline.balancer.proxy.CannotListen;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.NetworkInterface;
import java.net.ServerSocket;
import java.net.SocketException;
import java.net.UnknownHostException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/** Makes a member's link to the others from its configuration. */
final class ClusterSetup {
  private static final String UNSPECIFIED = "0.0.0.0";

  private ClusterSetup() {}

  /** Returns what the member is called. */
  static String memberName(BalancerConfig config) throws IOException {
    return config.member().equals(BalancerConfig.HOST_NAME)
        ? InetAddress.getLocalHost().getHostName()
        : config.member();
  }

  /**
   * Returns the link, not yet started, or {@code null} if none is configured: then nothing of it is
   * loaded.
   *
   * @throws IOException if the secret or the own address can't be had; the message says why
   */
  static @Nullable ClusterLink link(
      Path configFile, BalancerConfig config, String member, Events events, LongSupplier clock)
      throws IOException {
    ClusterConfig cluster = config.cluster();
    if (cluster == null) {
      return null;
    }
    String secret =
        SecretFile.read(
            "cluster.secret_file: ",
            ConfigFile.resolve(configFile, cluster.secretFile()),
            "make one for all members: openssl rand -hex 32 > FILE; chmod 600 FILE");
    ClusterOptions options =
        new ClusterOptions(
            cluster.name(),
            new MemberId(member),
            address(cluster).getHostAddress(),
            cluster.port(),
            cluster.members().stream().map(ClusterSetup::unresolved).toList(),
            secret);
    return new HazelcastLink(options, events, clock, System.currentTimeMillis());
  }

  /**
   * Checks, before anything of the cluster is loaded, that its address is free.
   *
   * @throws CannotListen if it can't be had
   */
  static void checkFree(ClusterConfig cluster) throws CannotListen {
    try (ServerSocket socket = new ServerSocket()) {
      socket.setReuseAddress(true);
      socket.bind(new InetSocketAddress(address(cluster), cluster.port()));
    } catch (IOException e) {
      String configured = HostAndPort.text(cluster.host(), cluster.port());
      throw new CannotListen("cluster.address: " + configured, e);
    }
  }

  private static InetSocketAddress unresolved(ClusterConfig.Address member) {
    return InetSocketAddress.createUnresolved(member.host(), member.port());
  }

  private static InetAddress address(ClusterConfig cluster) throws IOException {
    if (!cluster.host().equals(UNSPECIFIED)) {
      try {
        return InetAddress.getByName(cluster.host());
      } catch (UnknownHostException e) {
        throw new IOException("cluster.address: " + cluster.host() + ": no such name", e);
      }
    }
    List<InetAddress> members = new ArrayList<>();
    for (ClusterConfig.Address member : cluster.members()) {
      members.addAll(addresses(member.host()));
    }
    return MemberAddress.choose(members, ClusterSetup::isHere, InetAddress.getLocalHost());
  }

  private static List<InetAddress> addresses(String host) {
    try {
      return List.of(InetAddress.getAllByName(host));
    } catch (UnknownHostException e) {
      return List.of(); // Its machine may come later; it is looked up again then.
    }
  }

  /** Returns whether the address is one of this machine's own; asks it, and no name server. */
  static boolean isHere(IpAddress address) {
    try {
      return isHere(InetAddress.getByName(address.toString()));
    } catch (UnknownHostException e) {
      throw new AssertionError(e); // It is no name.
    }
  }

  private static boolean isHere(InetAddress address) {
    try {
      return address.isLoopbackAddress() || NetworkInterface.getByInetAddress(address) != null;
    } catch (SocketException e) {
      return false;
    }
  }
}
