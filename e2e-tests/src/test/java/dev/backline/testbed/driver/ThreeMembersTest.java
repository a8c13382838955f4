package dev.backline.testbed.driver;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.backline.testbed.Build;
import dev.backline.testbed.history.Moment;
import dev.backline.testbed.history.Request;
import dev.backline.testbed.load.Clock;
import dev.backline.testbed.load.Load;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Isolated;

/** Three members that start in the same moment, on as few cores as there are. */
@Tag(Build.PROCESSES)
@Isolated("it judges times")
@EnabledOnOs(OS.LINUX)
class ThreeMembersTest {
  private static final long READY_LIMIT_MICROS = 10_000_000;
  private static final long CLUSTER_LIMIT_MICROS = 25_000_000;
  private static final long MEMBER_LIMIT_MB = 200;
  private static final int REQUESTS = 2_000;
  private static final List<String> MEMBERS = List.of("balancer-1", "balancer-2", "balancer-3");

  @TempDir private Path directory;

  @Test
  void areSoonReadyAndOneClusterAndStaySmall() throws Exception {
    Clock clock = new Clock();
    Setup setup =
        new Setup(
            directory,
            Build.programs(),
            new AddressPlan.Ephemeral(),
            new Topology(MEMBERS.size(), 3),
            Setup.ServiceTime.NONE,
            clock,
            line -> {});
    try (ProcessTestbed testbed = ProcessTestbed.start(setup)) {
      // Members are started when the last backend is ready.
      long startMicros = lastReadyMicros(testbed, "backend-");
      long readyMicros = lastReadyMicros(testbed, "balancer-") - startMicros;
      await().atMost(Duration.ofMinutes(2)).until(() -> isOneCluster(testbed));
      long clusterMicros = clock.micros() - startMicros;
      System.out.printf(
          "three members: ready after %d ms, one cluster after %d ms%n",
          readyMicros / 1_000, clusterMicros / 1_000);
      assertThat(readyMicros).isLessThanOrEqualTo(READY_LIMIT_MICROS);
      assertThat(clusterMicros).isLessThanOrEqualTo(CLUSTER_LIMIT_MICROS);

      try (Load load = new Load(Load.Plan.ofDrills(testbed.listeners(), 200, "three"), clock)) {
        load.start();
        await().atMost(Duration.ofMinutes(1)).until(() -> load.sent() >= REQUESTS);
        assertThat(load.finish()).allMatch(Request::succeeded);
      }
      for (String member : MEMBERS) {
        long megabytes = ResidentMemory.peakMegabytes(pid(testbed, member));
        System.out.println(member + " of three: peak resident memory " + megabytes + " MB");
        assertThat(megabytes).as(member).isLessThanOrEqualTo(MEMBER_LIMIT_MB);
      }
    }
  }

  private static long lastReadyMicros(ProcessTestbed testbed, String prefix) {
    return testbed.moments().stream()
        .filter(moment -> moment.kind() == Moment.Kind.READY)
        .filter(moment -> moment.subject().startsWith(prefix))
        .mapToLong(Moment::toMicros)
        .max()
        .orElseThrow();
  }

  private static boolean isOneCluster(ProcessTestbed testbed) throws TestbedException {
    for (String member : MEMBERS) {
      if (!testbed.status(member).unheard(MEMBERS).isEmpty()) {
        return false;
      }
    }
    return true;
  }

  private static long pid(ProcessTestbed testbed, String name) {
    return testbed.nodes().stream()
        .filter(node -> node.name().equals(name))
        .mapToLong(Node::pid)
        .findFirst()
        .orElseThrow();
  }
}
