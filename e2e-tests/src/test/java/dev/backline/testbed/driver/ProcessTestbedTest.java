package dev.backline.testbed.driver;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.backline.testbed.Build;
import dev.backline.testbed.driver.Node.State;
import dev.backline.testbed.history.Moment;
import dev.backline.testbed.http.Address;
import dev.backline.testbed.http.ControlCall;
import dev.backline.testbed.load.Clock;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The process driver with real processes: the sample backend and a stand-in for the balancer. */
@Tag(Build.PROCESSES)
class ProcessTestbedTest {
  private final List<String> progress = new ArrayList<>();
  @TempDir private Path directory;

  @Test
  void nodesDoAsTheyAreTold() throws TestbedException, IOException {
    try (ProcessTestbed testbed = start(Build.programs().backend())) {
      assertThat(testbed.nodes())
          .extracting(Node::name)
          .containsExactly("balancer-1", "backend-1", "backend-2");
      Address first = node(testbed, "backend-1").address();
      assertThat(whoami(first)).contains("backend-1");

      testbed.kill("backend-1");
      assertThat(node(testbed, "backend-1").state()).isEqualTo(State.ENDED);
      assertWrong(() -> testbed.kill("backend-1"), "backend-1 is not running");

      testbed.start("backend-1");
      assertThat(node(testbed, "backend-1").address()).isEqualTo(first);
      assertThat(whoami(first)).contains("backend-1");
      assertWrong(() -> testbed.start("backend-1"), "running already");

      testbed.pause("backend-2");
      assertThat(node(testbed, "backend-2").state()).isEqualTo(State.PAUSED);
      assertWrong(() -> testbed.pause("backend-2"), "./backline resume backend-2");
      testbed.resume("backend-2");
      assertThat(whoami(node(testbed, "backend-2").address())).contains("backend-2");
      assertWrong(() -> testbed.resume("backend-2"), "not paused");

      testbed.pause("backend-2");
      testbed.stop("backend-2");
      assertThat(node(testbed, "backend-2").state()).isEqualTo(State.ENDED);

      assertThat(testbed.moments())
          .extracting(m -> m.kind() + " " + m.subject() + " " + m.text())
          .contains(
              "SIGNAL backend-1 SIGKILL",
              "EXIT backend-1 exit code 137",
              "SIGNAL backend-2 SIGSTOP",
              "SIGNAL backend-2 SIGCONT",
              "SIGNAL backend-2 SIGTERM",
              "EXIT backend-2 exit code 0");
    }
  }

  @Test
  void unknownNodeIsAnsweredWithTheCandidates() throws TestbedException {
    try (ProcessTestbed testbed = start(Build.programs().backend())) {
      assertWrong(
          () -> testbed.kill("backend-9"),
          "backend-9: no such node (expected: one of balancer-1, backend-1, backend-2)");
    }
  }

  @Test
  void addAndRemoveChangeTheConfigurationThatTheBalancerReads()
      throws TestbedException, IOException {
    try (ProcessTestbed testbed = start(Build.programs().backend())) {
      assertThat(testbed.addBackend()).isEqualTo("backend-3");
      assertThat(testbed.status("balancer-1").lists("backend-3")).isTrue();
      assertThat(directory.resolve("balancer-1/backline.yml")).content().contains("backend-3");

      testbed.remove("backend-1");
      assertThat(testbed.status("balancer-1").lists("backend-1")).isFalse();
      assertThat(directory.resolve("balancer-1/backline.yml"))
          .content()
          .doesNotContain("backend-1");
      assertThat(testbed.moments())
          .extracting(Moment::kind)
          .contains(Moment.Kind.LISTED, Moment.Kind.UNLISTED);

      testbed.remove("backend-2");
      assertWrong(() -> testbed.remove("backend-3"), "the last of its kind");
      assertWrong(() -> testbed.remove("balancer-1"), "the last of its kind");
      assertWrong(testbed::addBalancer, "balancer-1 is alone");
      assertThat(testbed.addBackend()).isEqualTo("backend-4");
    }
  }

  @Test
  void backendThatCannotStartIsToldWithTheEndOfItsLog() {
    List<String> broken = List.of("sh", "-c", "echo 'no such luck' >&2; exit 4", "sh");

    assertThatThrownBy(() -> start(broken))
        .isInstanceOfSatisfying(TestbedException.class, e -> assertThat(e.exitCode()).isEqualTo(4))
        .hasMessageContaining("backend-1 ended before it was ready with exit code 4")
        .hasMessageContaining("no such luck");
  }

  @Test
  void allEndInOrderBalancerFirst() throws TestbedException {
    try (ProcessTestbed testbed = start(Build.programs().backend())) {
      testbed.stopAll();

      assertThat(testbed.nodes()).extracting(Node::state).containsOnly(State.ENDED);
      assertThat(testbed.moments())
          .filteredOn(m -> m.kind() == Moment.Kind.EXIT)
          .extracting(m -> m.subject() + " " + m.text())
          .startsWith("balancer-1 exit code 0")
          .contains("backend-1 exit code 0", "backend-2 exit code 0");
    }
  }

  @Test
  void nothingOutlivesAKilledTestbedNotEvenAPausedChild() throws IOException {
    Process host =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Dbackline.root=" + Build.root(),
                "-cp",
                System.getProperty("java.class.path"),
                TestbedHost.class.getName(),
                directory.toString())
            .redirectError(ProcessBuilder.Redirect.INHERIT)
            .start();
    List<Long> children;
    try (BufferedReader lines =
        new BufferedReader(new InputStreamReader(host.getInputStream(), StandardCharsets.UTF_8))) {
      String pids = lines.readLine();
      assertThat(pids).isNotNull();
      children = Arrays.stream(String.valueOf(pids).split(" ", -1)).map(Long::valueOf).toList();
      // Balancer, two backends, and the guardian.
      assertThat(children).hasSize(4).allMatch(ProcessTestbedTest::alive);
      host.toHandle().destroyForcibly();
    }
    await()
        .atMost(Duration.ofSeconds(5))
        .untilAsserted(() -> assertThat(children).noneMatch(ProcessTestbedTest::alive));
  }

  private ProcessTestbed start(List<String> backend) throws TestbedException {
    Programs programs = new Programs(StandIns.programs("GOOD").balancer(), backend);
    return ProcessTestbed.start(
        new Setup(
            directory,
            programs,
            new AddressPlan.Ephemeral(),
            new Topology(1, 2),
            Setup.ServiceTime.NONE,
            new Clock(),
            progress::add));
  }

  private static Node node(Testbed testbed, String name) {
    return testbed.nodes().stream().filter(n -> n.name().equals(name)).findFirst().orElseThrow();
  }

  private static String whoami(Address backend) throws IOException {
    return new ControlCall()
        .send("GET", backend, "/whoami", "", "", Duration.ofSeconds(10))
        .body()
        .getString("instance");
  }

  private static boolean alive(long pid) {
    Optional<ProcessHandle> process = ProcessHandle.of(pid);
    return process.isPresent() && process.get().isAlive();
  }

  private static void assertWrong(Deed deed, String message) {
    assertThatThrownBy(deed::perform)
        .isInstanceOfSatisfying(TestbedException.class, e -> assertThat(e.exitCode()).isEqualTo(2))
        .hasMessageContaining(message);
  }

  private interface Deed {
    void perform() throws TestbedException;
  }
}
