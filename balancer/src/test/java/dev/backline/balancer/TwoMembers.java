package dev.backline.balancer;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.awaitility.Awaitility;
import org.awaitility.core.ConditionFactory;

/** What two members on loopback need to form a cluster: ports that are free now, and a secret. */
final class TwoMembers {
  private static final Logger HAZELCAST = Logger.getLogger("com.hazelcast"); // Kept: it is weak.

  private final Path secret;
  private final int[] ports = new int[2];

  TwoMembers(Path folder) throws IOException {
    HAZELCAST.setLevel(Level.SEVERE);
    secret = folder.resolve("secret");
    Files.writeString(secret, "0123456789abcdef0123456789abcdef");
    Files.setPosixFilePermissions(secret, PosixFilePermissions.fromString("rw-------"));
    try (ServerSocket one = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
        ServerSocket two = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      ports[0] = one.getLocalPort();
      ports[1] = two.getLocalPort();
    }
  }

  /** Joins, merges and elections take their time. */
  static ConditionFactory await() {
    return Awaitility.await().atMost(Duration.ofSeconds(90)).pollInterval(Duration.ofMillis(20));
  }

  /** Returns the names of the others that a member hears. */
  static List<?> live(Member member) {
    return member.status().getJsonObject("cluster").getJsonArray("live").getList();
  }

  Path secret() {
    return secret;
  }

  int port(int number) {
    return ports[number - 1];
  }

  /**
   * Returns the head of a configuration: the member's name, {@code balancer-N}, and its cluster.
   */
  String configuration(int number) {
    return """
        member: balancer-%d
        cluster:
          address: 127.0.0.1:%d
          members: [127.0.0.1:%d, 127.0.0.1:%d]
          secret_file: %s
        """
        .formatted(number, port(number), ports[0], ports[1], secret);
  }
}
