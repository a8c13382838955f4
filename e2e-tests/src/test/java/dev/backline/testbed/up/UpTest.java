package dev.backline.testbed.up;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.backline.testbed.Build;
import dev.backline.testbed.http.Address;
import dev.backline.testbed.http.ControlCall;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code ./backline up} and the commands of a second terminal, with real processes. */
@Tag(Build.PROCESSES)
class UpTest {
  private static final Pattern URL = Pattern.compile("http://dumbsound.localhost:(\\d+)");
  @TempDir private Path directory;

  @Test
  void twentyRequestsShowAllInstances() throws IOException {
    try (Terminal up = Terminal.run(directory, "up", "--port", "0")) {
      assertThat(instances(awaitServing(up)))
          .containsExactly("backend-1", "backend-2", "backend-3");
    }
  }

  @Test
  void oneTerminalRunsItAnotherBreaksIt() throws IOException, InterruptedException {
    try (Terminal up = Terminal.run(directory, "up", "--port", "0")) {
      Address balancer = awaitServing(up);
      assertThat(Files.getPosixFilePermissions(directory.resolve("testbed/control.json")))
          .isEqualTo(PosixFilePermissions.fromString("rw-------"));

      assertSays(1, "a testbed is running already: process " + up.pid(), "up");
      assertSays(
          2,
          "backend-9: no such node (expected: one of balancer-1, backend-1, backend-2, backend-3)",
          "kill",
          "backend-9");

      assertSays(0, "backend-1 killed; start it again with", "kill", "backend-1");
      up.awaitLine("backend-1: running");
      up.awaitLine("-> ended, ");
      await()
          .atMost(Duration.ofSeconds(20))
          .untilAsserted(
              () -> assertThat(instances(balancer)).containsExactly("backend-2", "backend-3"));
      assertSays(2, "backend-1 is not running", "pause", "backend-1");
      assertSays(0, "backend-1 started at ", "start", "backend-1");

      assertSays(0, "backend-4 added at ", "add", "backend");
      await()
          .atMost(Duration.ofSeconds(30))
          .untilAsserted(() -> assertThat(instances(balancer)).contains("backend-4"));
      assertSays(0, "backend-4 removed and stopped", "remove", "backend-4");
      up.awaitLine("backend-4: removed");

      assertSays(0, "backend-2 paused", "pause", "backend-2");
      assertSays(0, "backend-2 goes on", "resume", "backend-2");
      assertSays(0, "backend-3 stopped", "stop", "backend-3");
      assertSays(0, "backend-3", "status");
      assertSays(0, "nothing has changed", "reload");
      assertSays(0, "100 requests:", "load", "--seconds", "2", "--rate", "50");
      assertSays(0, "answered 200", "load", "--seconds=1", "--rate=9", "--host=other.test");
      await()
          .untilAsserted(
              () ->
                  assertThat(directory.resolve("testbed/balancer-1/access.log"))
                      .content()
                      .contains("\"host\":\"other.test\""));

      assertEndsInOrder(up, "TERM");
    }
  }

  @Test
  void twoBalancersServeAndOneOfThemMayGo() throws IOException, InterruptedException {
    try (Terminal up = Terminal.run(directory, "up", "--port", "0", "--balancers", "2")) {
      awaitServing(up);
      Address first = address(up, "balancer-1 listens on ");
      Address second = address(up, "balancer-2 listens on ");
      assertThat(instances(first)).hasSize(3);
      assertThat(instances(second)).hasSize(3);

      assertSays(0, "balancer-1  * unproven -> up: passes: 200", "why", "backend-1");
      assertSays(0, "balancer-2  * unproven -> up: passes: 200", "why", "backend-1");
      assertSays(1, "(expected: one of backend-1, backend-2, backend-3)", "why", "backend-9");
      assertSays(0, "balancer-2 killed; start it again with", "kill", "balancer-2");
      up.awaitLine("-> ended, no answer");
      assertThat(instances(first)).hasSize(3);
      assertSays(5, "balancer-1 0.", "status");
      assertSays(0, "balancer-2 started at " + second, "start", "balancer-2");

      assertSays(0, "balancer-2 paused", "pause", "balancer-2");
      up.awaitLine("-> paused, no answer");
      assertSays(0, "balancer-2 goes on", "resume", "balancer-2");
      assertSays(0, "balancer-2 stopped", "stop", "balancer-2");
      assertSays(0, "balancer-2 started at " + second, "start", "balancer-2");

      assertSays(0, "balancer-3 added at ", "add", "balancer");
      assertThat(directory.resolve("testbed/control.json"))
          .content()
          .contains(address(up, "balancer-3 listens on ").toString());
      assertSays(0, "balancer-3 0.", "status");
      assertSays(0, "backend-4 added at ", "add", "backend");
      assertSays(0, "backend-4", "status");
      assertSays(0, "balancer-2 removed and stopped", "remove", "balancer-2");
      up.awaitLine("balancer-2: removed");
      assertSays(0, "balancer-3 removed and stopped", "remove", "balancer-3");
      assertSays(2, "balancer-1 is the last of its kind", "remove", "balancer-1");

      assertEndsInOrder(up, "TERM");
    }
  }

  @Test
  void interruptEndsItInOrder() throws IOException, InterruptedException {
    try (Terminal up = Terminal.run(directory, "up", "--port", "0", "--backends", "1")) {
      awaitServing(up);
      assertEndsInOrder(up, heeded(up.pid()));
    }
  }

  @Test
  void killedItLeavesNothingAndItsControlFileIsStale() throws IOException, InterruptedException {
    try (Terminal up = Terminal.run(directory, "up", "--port", "0")) {
      awaitServing(up);
      assertSays(0, "backend-2 paused", "pause", "backend-2");
      List<ProcessHandle> family = up.family();
      assertThat(family).hasSize(1 + 1 + 3 + 1);

      up.signal("KILL");

      await()
          .atMost(Duration.ofSeconds(5))
          .untilAsserted(() -> assertThat(family).noneMatch(ProcessHandle::isAlive));
    }
    assertThat(directory.resolve("testbed/control.json")).exists();
    assertSays(1, "no testbed is running", "kill", "backend-1");
    try (Terminal again = Terminal.run(directory, "up", "--port", "0", "--backends", "1")) {
      awaitServing(again);
      assertEndsInOrder(again, "TERM");
    }
  }

  @Test
  void takenPortIsToldBeforeAnythingIsStarted() throws IOException, InterruptedException {
    try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      String port = Integer.toString(taken.getLocalPort());
      assertSays(4, "cannot listen on 127.0.0.1:" + port, "up", "--port", port);
    }
    assertThat(directory.resolve("testbed/control.json")).doesNotExist();
  }

  private static Address awaitServing(Terminal up) {
    up.awaitLine("Ctrl-C ends all of it");
    Matcher url = URL.matcher(up.awaitLine("through the balancer"));
    assertThat(url.find()).isTrue();
    return new Address("127.0.0.1", Integer.parseInt(url.group(1)));
  }

  private static Address address(Terminal up, String before) {
    return Address.parse(up.awaitLine(before).substring(before.length()));
  }

  /** Who answers twenty requests. */
  private static Set<String> instances(Address balancer) throws IOException {
    Set<String> instances = new TreeSet<>();
    ControlCall client = new ControlCall();
    for (int i = 0; i < 20; i++) {
      ControlCall.Answer answer =
          client.send("GET", balancer, "/whoami", "", "", Duration.ofSeconds(20));
      assertThat(answer.status()).isEqualTo(200);
      instances.add(answer.body().getString("instance"));
    }
    return instances;
  }

  private void assertEndsInOrder(Terminal up, String signal)
      throws IOException, InterruptedException {
    List<ProcessHandle> family = up.family();
    up.signal(signal);
    assertThat(up.exitCode()).as(up.output()).isZero();
    assertThat(up.output()).contains("balancer-1 ended");
    await().untilAsserted(() -> assertThat(family).noneMatch(ProcessHandle::isAlive));
    assertThat(directory.resolve("testbed/control.json")).doesNotExist();
  }

  private void assertSays(int exitCode, String message, String... arguments)
      throws IOException, InterruptedException {
    try (Terminal terminal = Terminal.run(directory, arguments)) {
      assertThat(terminal.exitCode()).as(terminal.output()).isEqualTo(exitCode);
      assertThat(terminal.output()).contains(message);
    }
  }

  /**
   * Returns a signal that the process doesn't ignore: what a script starts in its background
   * ignores SIGINT for ever, and what nohup starts SIGHUP too.
   */
  private static String heeded(long pid) throws IOException {
    Path status = Path.of("/proc/" + pid + "/status");
    long ignored = 0;
    if (Files.exists(status)) {
      for (String line : Files.readAllLines(status)) {
        if (line.startsWith("SigIgn:")) {
          ignored = Long.parseUnsignedLong(line.substring(7).strip(), 16);
        }
      }
    }
    boolean interrupt = (ignored & 0b10) != 0;
    boolean hangup = (ignored & 0b01) != 0;
    return !interrupt ? "INT" : !hangup ? "HUP" : "TERM";
  }
}
