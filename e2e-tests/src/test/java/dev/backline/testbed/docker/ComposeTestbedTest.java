package dev.backline.testbed.docker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.backline.testbed.Build;
import dev.backline.testbed.Requirement;
import dev.backline.testbed.driver.AddressPlan;
import dev.backline.testbed.driver.Node;
import dev.backline.testbed.driver.Node.State;
import dev.backline.testbed.driver.Programs;
import dev.backline.testbed.driver.Setup;
import dev.backline.testbed.driver.TestbedException;
import dev.backline.testbed.driver.Topology;
import dev.backline.testbed.history.Exchange;
import dev.backline.testbed.history.Ledger;
import dev.backline.testbed.http.Address;
import dev.backline.testbed.load.Clock;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.ResourceLock;

/** The container driver, on the images of now. */
@Tag(Build.PROCESSES)
@ResourceLock(Build.NETWORK)
class ComposeTestbedTest {
  private static final Path DIRECTORY = Build.root().resolve("target/compose-testbed");
  private static final Duration LIMIT = Duration.ofSeconds(60);

  @BeforeAll
  static void buildImages() {
    try {
      ComposeDriver.ready(Build.root());
    } catch (TestbedException e) {
      Requirement.DOCKER.missing(String.valueOf(e.getMessage()));
    }
  }

  @Test
  void nodesDoAsTheyAreTold() throws TestbedException, IOException {
    try (ComposeTestbed testbed = ComposeTestbed.start(Build.root(), setup(DIRECTORY))) {
      assertThat(testbed.nodes())
          .extracting(Node::name)
          .containsExactly("balancer-1", "backend-1", "backend-2");
      assertThatThrownBy(() -> testbed.kill("backend-9"))
          .hasMessage(
              "backend-9: no such node (expected: one of balancer-1, backend-1, backend-2)");

      ask(node(testbed, "backend-1").address(), "before-the-kill");
      testbed.kill("backend-1");
      assertThat(node(testbed, "backend-1").state()).isEqualTo(State.ENDED);
      assertThat(ledger(testbed, "backend-1").begun()).containsKey("before-the-kill");
      assertThatThrownBy(() -> testbed.kill("backend-1")).hasMessageContaining("not running");

      testbed.start("backend-1");
      ask(node(testbed, "backend-1").address(), "after-it");
      assertThat(ledger(testbed, "backend-1").begun()).containsKeys("before-the-kill", "after-it");

      testbed.pause("backend-2");
      assertThat(node(testbed, "backend-2").state()).isEqualTo(State.PAUSED);
      testbed.stop("backend-2");
      assertThat(node(testbed, "backend-2").state()).isEqualTo(State.ENDED);

      testbed.remove("backend-1");
      assertThat(testbed.status("balancer-1").lists("backend-1")).isFalse();
      assertThat(ledger(testbed, "backend-1").begun()).containsKey("after-it");

      assertThat(testbed.moments())
          .extracting(m -> m.kind() + " " + m.subject() + " " + m.text())
          .contains(
              "SIGNAL backend-1 SIGKILL",
              "EXIT backend-1 exit code 137",
              "SIGNAL backend-2 docker pause",
              "SIGNAL backend-2 docker unpause",
              "SIGNAL backend-2 SIGTERM",
              "EXIT backend-2 exit code 0",
              "EXIT backend-1 exit code 0");
    }
  }

  @Test
  void whatIsAddedIsServedAndNothingIsLeftAtTheEnd() throws TestbedException {
    String project;
    try (ComposeTestbed testbed = ComposeTestbed.start(Build.root(), setup(DIRECTORY))) {
      project = testbed.project();
      assertThat(containers(project)).isNotEmpty();

      assertThat(testbed.addBackend()).isEqualTo("backend-3");

      assertThat(testbed.status("balancer-1").lists("backend-3")).isTrue();
      assertThat(testbed.nodes()).extracting(Node::name).last().isEqualTo("backend-3");
    }
    assertThat(left(project)).isEmpty();
  }

  @Test
  void whatWasKilledStaysAwayWhenAnotherIsAdded() throws TestbedException {
    try (ComposeTestbed testbed = ComposeTestbed.start(Build.root(), setup(DIRECTORY))) {
      testbed.kill("backend-1");

      assertThat(testbed.addBackend()).isEqualTo("backend-3");

      assertThat(docker("ps", "--format", "{{.Names}}"))
          .contains(testbed.project() + "-sample-backend-3")
          .doesNotContain(testbed.project() + "-sample-backend-1");
    }
  }

  @Test
  void linksOfOneBalancerBreakAndNobodyElses() throws TestbedException {
    Setup setup = setup(DIRECTORY, new Topology(2, 2));
    try (ComposeTestbed testbed = ComposeTestbed.start(Build.root(), setup)) {
      testbed.whyNoLinkFaults().ifPresent(Assumptions::abort);
      awaitHears(testbed, "balancer-1", "balancer-2");
      awaitEligible(testbed, "balancer-1", true);
      awaitEligible(testbed, "balancer-2", true);

      testbed.cut("balancer-1", "backend-1");

      awaitEligible(testbed, "balancer-1", false);
      assertThat(testbed.status("balancer-1").eligible("backend-2")).isTrue();
      assertThat(testbed.status("balancer-2").eligible("backend-1")).isTrue();

      testbed.mend("balancer-1", "backend-1");

      awaitEligible(testbed, "balancer-1", true);

      testbed.isolate("balancer-2");

      await()
          .atMost(LIMIT)
          .until(() -> !testbed.status("balancer-1").live().contains("balancer-2"));
      assertThat(testbed.status("balancer-2").eligible("backend-1")).isTrue();

      testbed.rejoin("balancer-2");

      awaitHears(testbed, "balancer-1", "balancer-2");
    }
  }

  @Test
  void balancersComeAndGoAndTheFrontKeepsItsAddress() throws TestbedException, IOException {
    try (ComposeTestbed testbed = ComposeTestbed.start(Build.root(), setup(DIRECTORY))) {
      Address front = testbed.listeners().get(0);

      assertThat(testbed.addBalancer()).isEqualTo("balancer-2");
      assertThat(testbed.listeners()).hasSize(2);
      awaitEligible(testbed, "balancer-2", true);
      ask(testbed.listeners().get(1), "through-the-second");

      testbed.kill("balancer-1");
      testbed.start("balancer-1");
      assertThat(testbed.listeners().get(0)).isEqualTo(front);

      testbed.remove("balancer-2");
      assertThat(testbed.nodes()).extracting(Node::name).doesNotContain("balancer-2");
      assertThat(testbed.accessLog())
          .filteredOn(exchange -> exchange.id().equals("through-the-second"))
          .allSatisfy(exchange -> assertThat(exchange.member()).isEqualTo("balancer-2"))
          .flatExtracting(Exchange::attempts)
          .extracting(Exchange.Attempt::backend)
          .hasSize(1)
          .isSubsetOf("backend-1", "backend-2");
      assertThatThrownBy(() -> testbed.remove("balancer-1"))
          .hasMessageContaining("last of its kind");
    }
  }

  @Test
  void nothingOutlivesATestbedThatIsToldToEnd() throws TestbedException, IOException {
    Process host = host();
    String project = projectOf(host);
    assertThat(containers(project)).isNotEmpty();

    host.destroy();

    await().atMost(LIMIT).untilAsserted(() -> assertThat(left(project)).isEmpty());
  }

  @Test
  void nothingIsLeftWhenTheProcessIsToldToEndWhileItClosesTheTestbed()
      throws TestbedException, IOException, InterruptedException {
    Process host = host();
    String project = projectOf(host);
    int all = running(project).size();

    host.getOutputStream().close();
    await().atMost(LIMIT).until(() -> running(project).size() < all);
    host.destroy();
    assertThat(host.waitFor(LIMIT.toSeconds(), TimeUnit.SECONDS)).isTrue();

    assertThat(left(project)).isEmpty();
  }

  private static Process host() throws IOException {
    return new ProcessBuilder(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "-Dbackline.root=" + Build.root(),
            "-cp",
            System.getProperty("java.class.path"),
            ComposeHost.class.getName(),
            DIRECTORY.resolve("host").toString())
        .redirectError(ProcessBuilder.Redirect.INHERIT)
        .start();
  }

  /** The first line that it writes. */
  private static String projectOf(Process host) throws IOException {
    return String.valueOf(
        new BufferedReader(new InputStreamReader(host.getInputStream(), StandardCharsets.UTF_8))
            .readLine());
  }

  private static void awaitHears(ComposeTestbed testbed, String balancer, String other) {
    await().atMost(LIMIT).until(() -> testbed.status(balancer).live().contains(other));
  }

  private static void awaitEligible(ComposeTestbed testbed, String balancer, boolean eligible) {
    await().atMost(LIMIT).until(() -> testbed.status(balancer).eligible("backend-1") == eligible);
  }

  static Setup setup(Path directory) {
    return setup(directory, new Topology(1, 2));
  }

  private static Setup setup(Path directory, Topology topology) {
    return new Setup(
        directory,
        new Programs(List.of(), List.of()),
        new AddressPlan.Ephemeral(),
        topology,
        Setup.ServiceTime.NONE,
        new Clock(),
        line -> {});
  }

  private static List<String> containers(String project) throws TestbedException {
    return docker("ps", "-aq", "--filter", label(project));
  }

  private static List<String> running(String project) throws TestbedException {
    return docker("ps", "-q", "--filter", label(project));
  }

  /** Containers, networks and volumes. */
  private static List<String> left(String project) throws TestbedException {
    List<String> left = new ArrayList<>(containers(project));
    left.addAll(docker("network", "ls", "-q", "--filter", label(project)));
    left.addAll(docker("volume", "ls", "-q", "--filter", label(project)));
    return left;
  }

  private static String label(String project) {
    return "label=com.docker.compose.project=" + project;
  }

  private static List<String> docker(String... arguments) throws TestbedException {
    return DockerCommand.in(Build.root()).run(LIMIT, arguments).lines().toList();
  }

  private static Node node(ComposeTestbed testbed, String name) {
    return testbed.nodes().stream().filter(n -> n.name().equals(name)).findFirst().orElseThrow();
  }

  private static Ledger ledger(ComposeTestbed testbed, String backend) throws TestbedException {
    return testbed.ledgers().stream()
        .filter(ledger -> ledger.backend().equals(backend))
        .findFirst()
        .orElseThrow();
  }

  /** A request that the ledger writes down, as it has an id. */
  private static void ask(Address backend, String id) throws IOException {
    try (Socket socket = new Socket(backend.host(), backend.port())) {
      String request =
          "GET /whoami HTTP/1.1\r\nHost: dumbsound.test\r\nX-Request-Id: %s\r\nConnection: close\r\n\r\n";
      socket.getOutputStream().write(request.formatted(id).getBytes(StandardCharsets.US_ASCII));
      assertThat(socket.getInputStream().readAllBytes()).asString().startsWith("HTTP/1.1 200");
    }
  }
}
