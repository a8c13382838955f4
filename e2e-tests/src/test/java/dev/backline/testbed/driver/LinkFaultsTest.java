package dev.backline.testbed.driver;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.backline.testbed.Build;
import dev.backline.testbed.http.Address;
import dev.backline.testbed.http.ControlCall;
import dev.backline.testbed.load.Clock;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Links broken with real rules of the firewall, where this machine lets us. */
class LinkFaultsTest {
  private static final Address BACKEND = new Address("127.0.0.11", 3000);
  private static final Duration LIMIT = Duration.ofSeconds(60);
  @TempDir private Path directory;

  @Test
  void rulesNameTheGroupTheAddressAndTheWayBack() {
    assertThat(LinkFaults.between(47_002, BACKEND))
        .extracting(rule -> String.join(" ", rule))
        .containsExactly(
            "-p tcp -d 127.0.0.11 --dport 3000 -m owner --gid-owner 47002"
                + " -j CONNMARK --set-mark 47002",
            "-p tcp -d 127.0.0.11 --dport 3000 -m connmark --mark 47002 -j DROP",
            "-p tcp -s 127.0.0.11 --sport 3000 -m connmark --mark 47002 -j DROP");
  }

  @Test
  void whereLinksCannotBeBrokenTheReasonIsTold() throws TestbedException {
    try (Guardian guardian = Guardian.start()) {
      LinkFaults links = new LinkFaults(Optional.of("no root here"), guardian);

      assertThat(links.ofBalancer(1, List.of("balancer"))).containsExactly("balancer");
      assertThatThrownBy(() -> links.cut(1, BACKEND))
          .isInstanceOf(TestbedException.class)
          .hasMessage("no root here");
    }
  }

  @Test
  @Tag(Build.PROCESSES)
  void onlyTheCutLinkIsCutAndOnlyUntilItIsMended() throws TestbedException, IOException {
    assumeLinksCanBeBroken();
    try (ProcessTestbed testbed = twoBalancers()) {
      await().atMost(LIMIT).until(() -> seen(testbed, "balancer-1") && seen(testbed, "balancer-2"));

      testbed.cut("balancer-2", "backend-1");

      await().atMost(LIMIT).until(() -> !seen(testbed, "balancer-2"));
      assertThat(seen(testbed, "balancer-1")).isTrue();
      assertThat(whoami(testbed)).isEqualTo("backend-1");
      assertThatThrownBy(() -> testbed.cut("balancer-2", "backend-1"))
          .hasMessageContaining("cut off already");

      testbed.mend("balancer-2", "backend-1");

      await().atMost(LIMIT).until(() -> seen(testbed, "balancer-2"));
      assertThatThrownBy(() -> testbed.mend("balancer-2", "backend-1"))
          .hasMessageContaining("not cut off");
      assertThatThrownBy(() -> testbed.cut("backend-1", "backend-2"))
          .hasMessageContaining("backend-1 is no balancer");
    }
  }

  @Test
  @Tag(Build.PROCESSES)
  void rulesGoWithTheTestbed() throws TestbedException, IOException {
    assumeLinksCanBeBroken();
    Set<String> before = chains();
    Set<String> ours = new TreeSet<>();
    try (ProcessTestbed testbed = twoBalancers()) {
      testbed.isolate("balancer-1");
      ours.addAll(chains());
      ours.removeAll(before);
      assertThat(ours).isNotEmpty();
    }
    await()
        .atMost(LIMIT)
        .untilAsserted(() -> assertThat(chains()).doesNotContainAnyElementsOf(ours));
  }

  private ProcessTestbed twoBalancers() throws TestbedException {
    return ProcessTestbed.start(
        new Setup(
            directory,
            Build.programs(),
            new AddressPlan.Ephemeral(),
            new Topology(2, 2),
            Setup.ServiceTime.NONE,
            new Clock(),
            line -> {}));
  }

  private static boolean seen(Testbed testbed, String balancer) throws TestbedException {
    return testbed.status(balancer).eligible("backend-1");
  }

  private static String whoami(Testbed testbed) throws IOException {
    Address backend =
        testbed.nodes().stream()
            .filter(node -> node.name().equals("backend-1"))
            .map(Node::address)
            .findFirst()
            .orElseThrow();
    return new ControlCall()
        .send("GET", backend, "/whoami", "", "", Duration.ofSeconds(10))
        .body()
        .getString("instance");
  }

  /** What is said of testbeds' chains; another testbed may have one too. */
  private static Set<String> chains() throws IOException {
    Process list = new ProcessBuilder("iptables", "-w", "5", "-S").start();
    String rules = new String(list.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    return rules
        .lines()
        .filter(rule -> rule.contains("backline-"))
        .collect(Collectors.toCollection(TreeSet::new));
  }

  private static void assumeLinksCanBeBroken() {
    Optional<String> whyNot = LinkFaults.tryOut();
    assumeTrue(whyNot.isEmpty(), () -> whyNot.orElse(""));
  }
}
