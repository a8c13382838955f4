package dev.backline.balancer.cluster;

import com.hazelcast.cluster.Address;
import com.hazelcast.spi.discovery.DiscoveryNode;
import com.hazelcast.spi.discovery.SimpleDiscoveryNode;
import com.hazelcast.spi.discovery.integration.DiscoveryService;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Tells Hazelcast where the members may be, at the start and every 5 s while there may be others to
 * merge with. Names are resolved here: one that has several addresses Hazelcast takes for a single
 * member, and each forms a cluster of one.
 *
 * @param members unresolved
 */
record MemberLookup(List<InetSocketAddress> members) implements DiscoveryService {
  private static final System.Logger LOG = System.getLogger(MemberLookup.class.getName());

  @Override
  public Iterable<DiscoveryNode> discoverNodes() {
    List<DiscoveryNode> nodes = new ArrayList<>();
    for (InetSocketAddress address : addresses()) {
      nodes.add(new SimpleDiscoveryNode(new Address(address)));
    }
    return nodes;
  }

  /** Returns all addresses that the members have now; a name that is unknown now has none. */
  Set<InetSocketAddress> addresses() {
    Set<InetSocketAddress> addresses = new LinkedHashSet<>();
    for (InetSocketAddress member : members) {
      try {
        for (InetAddress address : InetAddress.getAllByName(member.getHostString())) {
          // Without its name: members must know each other by the address alone.
          InetAddress bare = InetAddress.getByAddress(address.getAddress());
          addresses.add(new InetSocketAddress(bare, member.getPort()));
        }
      } catch (UnknownHostException e) {
        LOG.log(
            System.Logger.Level.DEBUG, "cluster member={0} is no name yet", member.getHostString());
      }
    }
    return addresses;
  }

  @Override
  public Map<String, String> discoverLocalMetadata() {
    return Map.of();
  }

  @Override
  public void start() {
    // Nothing to prepare.
  }

  @Override
  public void destroy() {
    // Nothing is held.
  }
}
