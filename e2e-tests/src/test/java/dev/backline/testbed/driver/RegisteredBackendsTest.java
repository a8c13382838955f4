package dev.backline.testbed.driver;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.backline.testbed.Build;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.awaitility.core.ConditionFactory;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Isolated;

/** Sample backends that register themselves at two balancers: all of it as real processes. */
@Tag(Build.PROCESSES)
@Isolated("it judges times")
class RegisteredBackendsTest {
  private static final Duration START = Duration.ofSeconds(60);
  private static final long LEASE_SECONDS = 6;

  @TempDir private Path directory;
  private final List<Child> children = new ArrayList<>();
  private final HttpClient client =
      HttpClient.newBuilder().connectTimeout(Duration.ofSeconds(2)).build();
  private List<Integer> memberPorts = List.of();

  @BeforeEach
  void prepare() throws IOException {
    secret("registration.token");
    secret("cluster.secret");
    try (ServerSocket one = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
        ServerSocket two = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      memberPorts = List.of(one.getLocalPort(), two.getLocalPort());
    }
  }

  @AfterEach
  void stop() {
    children.forEach(Child::kill);
  }

  private void secret(String name) throws IOException {
    Path file = Files.writeString(directory.resolve(name), "a-secret-of-this-test-alone");
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-------"));
  }

  private Child start(String name, List<String> command) throws TestbedException {
    Child child = Child.start(name, command, directory, directory.resolve(name + ".log"));
    child.onExit(code -> {});
    children.add(child);
    return child;
  }

  /** A balancer that is ready, and where it is reached. */
  private record Balancer(Child child, String listener, String registrar) {}

  private Balancer balancer(int number) throws TestbedException, IOException {
    String name = "balancer-" + number;
    Path file = directory.resolve(name + ".yml");
    Files.writeString(
        file,
        """
        member: %1$s
        listeners: [127.0.0.1:0]
        admin: {address: 127.0.0.1:0, token_file: %1$s.token}
        registration: {address: 127.0.0.1:0, state_file: %1$s.json}
        access_log: none
        cluster:
          address: 127.0.0.1:%2$d
          members: [127.0.0.1:%3$d, 127.0.0.1:%4$d]
          secret_file: cluster.secret
        pools:
          dumbsound:
            registration: {token_file: registration.token, lease: %5$ds}
            health: {interval: 300ms, timeout: 250ms}
        """
            .formatted(
                name,
                memberPorts.get(number - 1),
                memberPorts.get(0),
                memberPorts.get(1),
                LEASE_SECONDS));
    List<String> command = new ArrayList<>(Build.programs().balancer());
    command.addAll(List.of("run", file.toString(), "--exit-with-stdin"));
    Child child = start(name, command);
    Map<String, String> ready = child.awaitReady(START);
    return new Balancer(
        child, ready.getOrDefault("listeners", ""), ready.getOrDefault("registration", ""));
  }

  private Child backend(String name, String... registrars) throws TestbedException {
    List<String> urls =
        List.of(registrars).stream().map(at -> "http://" + at + "/v1/pools/dumbsound").toList();
    List<String> command = new ArrayList<>(Build.programs().backend());
    command.addAll(List.of("--port", "0", "--instance", name, "--exit-with-stdin"));
    command.addAll(List.of("--register", String.join(",", urls)));
    command.addAll(List.of("--token", directory.resolve("registration.token").toString()));
    Child child = start(name, command);
    child.awaitReady(START);
    return child;
  }

  private HttpResponse<String> get(String listener) {
    try {
      return client.send(
          HttpRequest.newBuilder(URI.create("http://" + listener + "/whoami")).build(),
          HttpResponse.BodyHandlers.ofString());
    } catch (IOException e) {
      throw new AssertionError(listener + " doesn't answer", e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new AssertionError(e);
    }
  }

  /** Who answers of 20 requests, each of which must be answered well. */
  private Set<String> answering(String listener) {
    Set<String> instances = new TreeSet<>();
    for (int i = 0; i < 20; i++) {
      HttpResponse<String> answer = get(listener);
      assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
      instances.add(answer.headers().firstValue("Backline-Sample-Instance").orElse("nobody"));
    }
    return instances;
  }

  private static ConditionFactory patiently() {
    return await().atMost(Duration.ofSeconds(60)).pollInterval(Duration.ofMillis(50));
  }

  private String log(String name) throws IOException {
    return Files.readString(directory.resolve(name + ".log"));
  }

  @Test
  void backendsOutliveTheBalancerThatTheyRegisteredAtAndWithdrawWhenTheyStop() throws Exception {
    Balancer one = balancer(1);
    Balancer two = balancer(2);
    String listener = two.listener();
    patiently().until(() -> log("balancer-2").contains("cluster live=[balancer-1]"));
    backend("b1", one.registrar(), two.registrar());
    Child stopping = backend("b2", one.registrar(), two.registrar());
    patiently().until(() -> get(listener).statusCode() == 200);
    patiently().until(() -> answering(listener).equals(Set.of("b1", "b2")));
    assertThat(log("b1")).contains("event=registered at=http://" + one.registrar());
    assertThat(log("b1")).doesNotContain("event=registered at=http://" + two.registrar());

    one.child().kill();
    assertThat(one.child().awaitEnd(START)).isTrue();

    long killedNanos = System.nanoTime();
    while (System.nanoTime() - killedNanos < 3 * LEASE_SECONDS * 1_000_000_000L) {
      assertThat(answering(listener)).isSubsetOf("b1", "b2");
    }
    assertThat(answering(listener)).containsExactly("b1", "b2");
    assertThat(log("b1")).contains("event=registered at=http://" + two.registrar());
    assertThat(log("balancer-2")).doesNotContain("its lease ended");

    stopping.terminate();
    while (stopping.alive()) {
      assertThat(answering(listener)).isSubsetOf("b1", "b2");
    }
    assertThat(log("b2")).contains("event=withdrawn at=http://" + two.registrar());
    assertThat(answering(listener)).containsExactly("b1");
    assertThat(log("balancer-2")).contains("what=\"withdrew\"");
  }
}
