package dev.backline.testbed.driver;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.backline.testbed.Build;
import dev.backline.testbed.history.Request;
import dev.backline.testbed.load.Clock;
import dev.backline.testbed.load.Load;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Isolated;

/** What the processes take of the machine's memory under load, with the launcher's flags. */
@Tag(Build.PROCESSES)
@Isolated("it judges times")
@EnabledOnOs(OS.LINUX)
class MemoryTest {
  private static final int REQUESTS = 2_000;
  private static final long BALANCER_LIMIT_MB = 150;
  private static final long BACKEND_LIMIT_MB = 110;
  @TempDir private Path directory;

  @Test
  void residentMemoryStaysInItsBounds() throws TestbedException, IOException {
    Setup setup =
        new Setup(
            directory,
            Build.programs(),
            new AddressPlan.Ephemeral(),
            new Topology(1, 3),
            Setup.ServiceTime.NONE,
            new Clock(),
            line -> {});
    try (ProcessTestbed testbed = ProcessTestbed.start(setup);
        Load load = new Load(Load.Plan.ofDrills(testbed.listeners(), 200, "memory"), new Clock())) {
      await().until(() -> testbed.ready("balancer-1"));
      load.start();
      await().atMost(Duration.ofMinutes(1)).until(() -> load.sent() >= REQUESTS);
      List<Request> requests = load.finish();
      assertThat(requests).filteredOn(Request::succeeded).hasSizeGreaterThan(REQUESTS / 2);
      for (Node node : testbed.nodes()) {
        long megabytes = ResidentMemory.peakMegabytes(node.pid());
        System.out.println(node.name() + ": peak resident memory " + megabytes + " MB");
        assertThat(megabytes)
            .as(node.name())
            .isLessThanOrEqualTo(
                node.role() == Node.Role.BALANCER ? BALANCER_LIMIT_MB : BACKEND_LIMIT_MB);
      }
    }
  }
}
