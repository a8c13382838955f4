package dev.backline.balancer;

import java.io.IOException;
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
  private final List<Integer> ports = FreePorts.several(2);

  TwoMembers(Path folder) throws IOException {
    HAZELCAST.setLevel(Level.SEVERE);
    secret = folder.resolve("secret");
    Files.writeString(secret, "0123456789abcdef0123456789abcdef");
    Files.setPosixFilePermissions(secret, PosixFilePermissions.fromString("rw-------"));
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
    return ports.get(number - 1);
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
        .formatted(number, port(number), port(1), port(2), secret);
  }
}
