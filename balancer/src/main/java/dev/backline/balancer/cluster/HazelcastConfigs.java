package dev.backline.balancer.cluster;

import com.hazelcast.config.Config;
import com.hazelcast.config.JavaSerializationFilterConfig;
import com.hazelcast.config.MapConfig;
import com.hazelcast.config.NetworkConfig;
import dev.backline.balancer.model.HostAndPort;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.ArrayList;
import java.util.List;

/** How Hazelcast is set up: small, quiet, bound to one address, and with nothing that runs code. */
final class HazelcastConfigs {
  /** The attribute of a Hazelcast member that holds its name here. */
  static final String MEMBER = "backline.member";

  private HazelcastConfigs() {}

  static Config of(ClusterOptions options) {
    Config config = new Config();
    config.setClusterName(options.cluster());
    config.setInstanceName(options.self() + "-" + options.port());
    config.getMemberAttributeConfig().setAttribute(MEMBER, options.self().value());
    quiet(config);
    small(config);
    timely(config);
    network(config.getNetworkConfig(), options);
    config
        .getSerializationConfig()
        .getCompactSerializationConfig()
        .addSerializer(new SharedRecordSerializer());
    config
        .getSerializationConfig()
        .setJavaSerializationFilterConfig(
            new JavaSerializationFilterConfig().setDefaultsDisabled(true));
    config.addMapConfig(new MapConfig(HazelcastLink.OBSERVATIONS).setBackupCount(1));
    return config;
  }

  private static void quiet(Config config) {
    config.setProperty("hazelcast.logging.type", "jdk");
    config.setProperty("hazelcast.phone.home.enabled", "false");
    config.setProperty("hazelcast.shutdownhook.enabled", "false");
    config.setProperty("hazelcast.health.monitoring.level", "OFF");
    config.getMetricsConfig().setEnabled(false);
  }

  private static void small(Config config) {
    config.setProperty("hazelcast.partition.count", "31");
    config.setProperty("hazelcast.operation.thread.count", "2");
    config.setProperty("hazelcast.operation.generic.thread.count", "2");
    config.setProperty("hazelcast.io.thread.count", "1");
    config.setProperty("hazelcast.event.thread.count", "1");
  }

  /** Paused members and splits are noticed within seconds; the standard is a minute, and five. */
  private static void timely(Config config) {
    config.setProperty("hazelcast.heartbeat.interval.seconds", "1");
    config.setProperty("hazelcast.max.no.heartbeat.seconds", "5");
    config.setProperty("hazelcast.merge.first.run.delay.seconds", "5");
    config.setProperty("hazelcast.merge.next.run.delay.seconds", "5");
    config.setProperty("hazelcast.operation.call.timeout.millis", "5000");
    config.setProperty("hazelcast.max.join.seconds", "10");
  }

  private static void network(NetworkConfig network, ClusterOptions options) {
    network.setPort(options.port()).setPortAutoIncrement(false);
    network.getInterfaces().setEnabled(true).addInterface(options.host());
    network.getJoin().getAutoDetectionConfig().setEnabled(false);
    network.getJoin().getMulticastConfig().setEnabled(false);
    network.getJoin().getTcpIpConfig().setEnabled(true).setConnectionTimeoutSeconds(1);
    addresses(options.members()).forEach(network.getJoin().getTcpIpConfig()::addMember);
  }

  /**
   * Returns all addresses of the members. A name must not reach Hazelcast: where it has several
   * addresses, each member takes it for its own, and is a cluster of one.
   */
  static List<String> addresses(List<String> members) {
    List<String> addresses = new ArrayList<>();
    for (String member : members) {
      int colon = member.lastIndexOf(':');
      int port = Integer.parseInt(member.substring(colon + 1));
      String host = member.substring(0, colon).replaceAll("^\\[|]$", "");
      try {
        for (InetAddress address : InetAddress.getAllByName(host)) {
          addresses.add(HostAndPort.text(address.getHostAddress(), port));
        }
      } catch (UnknownHostException e) {
        // It may come later: that member then joins this one.
        System.getLogger(HazelcastConfigs.class.getName())
            .log(System.Logger.Level.INFO, "cluster member={0} why=\"no such name yet\"", member);
      }
    }
    return addresses;
  }
}
