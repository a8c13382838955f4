package dev.backline.balancer.cluster;

import com.hazelcast.config.ClassFilter;
import com.hazelcast.config.Config;
import com.hazelcast.config.DiscoveryConfig;
import com.hazelcast.config.JavaSerializationFilterConfig;
import com.hazelcast.config.JoinConfig;
import com.hazelcast.config.MapConfig;
import com.hazelcast.config.ServerSocketEndpointConfig;

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
    network(config, options);
    config
        .getSerializationConfig()
        .getCompactSerializationConfig()
        .addSerializer(new SharedRecordSerializer());
    config.getSerializationConfig().setJavaSerializationFilterConfig(onlyExceptions());
    config.addMapConfig(new MapConfig(SharedObservations.OBSERVATIONS).setBackupCount(1));
    config.addMapConfig(new MapConfig(SharedRegistrations.KIND).setBackupCount(1));
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
    config.setProperty("hazelcast.merge.next.run.delay.seconds", "2");
    config.setProperty("hazelcast.operation.call.timeout.millis", "5000");
    config.setProperty("hazelcast.max.join.seconds", "10");
    config.setProperty("hazelcast.wait.seconds.before.join", "0");
    config.setProperty("hazelcast.max.wait.seconds.before.join", "0");
    config.setProperty("hazelcast.graceful.shutdown.max.wait", "2");
  }

  /** Nothing is open but the port for members, on the one address. */
  private static void network(Config config, ClusterOptions options) {
    config.setProperty("hazelcast.socket.bind.any", "false");
    // Not as an interface: of 127.0.0.0/8 the machine's list of interfaces has only 127.0.0.1.
    config.setProperty("hazelcast.local.localAddress", options.host());
    config.setProperty("hazelcast.discovery.enabled", "true");
    ServerSocketEndpointConfig endpoint = new ServerSocketEndpointConfig();
    endpoint.setPort(options.port()).setPortAutoIncrement(false);
    // One that began in a split would else wait for the kernel's next try, 15 s or 31 s after.
    endpoint.setSocketConnectTimeoutSeconds(2);
    config.getAdvancedNetworkConfig().setEnabled(true).setMemberEndpointConfig(endpoint);
    JoinConfig join = config.getAdvancedNetworkConfig().getJoin();
    join.getAutoDetectionConfig().setEnabled(false);
    join.getMulticastConfig().setEnabled(false);
    join.setDiscoveryConfig(
        new DiscoveryConfig()
            .setDiscoveryServiceProvider(unused -> new MemberLookup(options.members())));
  }

  /**
   * Java objects are not read, but for what failed elsewhere: an exception that is refused is an
   * answer that never comes, and a member that waits for one stays out of the cluster.
   */
  private static JavaSerializationFilterConfig onlyExceptions() {
    ClassFilter allowed = new ClassFilter();
    allowed.addPrefixes(
        "com.hazelcast.",
        "java.lang.",
        "[Ljava.lang.",
        "java.util.Collections$",
        "java.util.concurrent.");
    allowed.addClasses(
        "java.util.ArrayList",
        "java.util.ConcurrentModificationException",
        "java.util.NoSuchElementException",
        "java.io.IOException",
        "java.io.EOFException");
    return new JavaSerializationFilterConfig().setDefaultsDisabled(true).setWhitelist(allowed);
  }
}
