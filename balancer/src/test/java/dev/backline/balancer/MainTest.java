package dev.backline.balancer;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The command line: what people read, and the exit codes that scripts read. */
class MainTest {
  @TempDir Path folder;

  private Path config(String text) throws IOException {
    return Files.writeString(folder.resolve("backline.yml"), text);
  }

  private static String pool() {
    return "pools: {music: {backends: [\"127.0.0.1:1\"]}}\n";
  }

  @Test
  void versionIsPrinted() {
    Executed result = Executed.run("--version");

    assertThat(result.code()).isZero();
    assertThat(result.out()).isEqualTo("development\n");
  }

  @ParameterizedTest
  @ValueSource(strings = {"--help", "run --help", "validate -h", "status -h", "reload --help"})
  void helpIsNoError(String line) {
    Executed result = Executed.run(line.split(" "));

    assertThat(result.code()).isZero();
    assertThat(result.out()).contains("Usage: backline");
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "fly", "run --fast", "validate a b", "status --config", "--fast"})
  void wrongCommandLineIsTwo(String line) {
    Executed result = Executed.run(line.isEmpty() ? new String[0] : line.split(" "));

    assertThat(result.code()).isEqualTo(2);
    assertThat(result.out() + result.err()).contains("Usage: backline");
    assertThat(result.err()).doesNotContain("\tat ");
  }

  @Test
  void referenceIsTheDocument() throws IOException {
    Executed result = Executed.run("config-reference");

    assertThat(result.code()).isZero();
    assertThat(result.out()).isEqualTo(Files.readString(Path.of("../docs/configuration.md")));
  }

  @Test
  void validFileIsToldInNumbers() throws IOException {
    Path file = config(pool());

    Executed result = Executed.run("validate", file.toString());

    assertThat(result.code()).isZero();
    assertThat(result.out()).isEqualTo(file + ": valid, 1 listener, 1 route, 1 pool\n");
  }

  @ParameterizedTest
  @ValueSource(strings = {"validate", "run"})
  void allErrorsOfAFileAreToldAtOnce(String command) throws IOException {
    Path file =
        config(
            """
            member: "a b"
            listeners: [127.0.0.1:99999]
            pools:
              music:
                backends: []
                health: {fall: 0}
                retyr: {attempts: 3}
            """);

    Executed result = Executed.run(command, file.toString());

    assertThat(result.code()).isEqualTo(3);
    assertThat(result.out()).isEmpty();
    assertThat(result.err().lines()).hasSize(6);
    assertThat(result.err())
        .startsWith(file + ": 5 errors\n")
        .contains("(line 1)", "(line 2)", "(line 5)", "(line 6)", "(line 7)", "retry")
        .doesNotContain("\tat ", "Exception");
  }

  @ParameterizedTest
  @ValueSource(strings = {"validate", "run", "status --config", "reload --config"})
  void missingFileIsToldWithWhatToDo(String command) {
    Executed result = Executed.run((command + " " + folder + "/none.yml").split(" "));

    assertThat(result.code()).isEqualTo(3);
    assertThat(result.err())
        .isEqualTo(
            folder + "/none.yml: no such file (write one: docs/configuration.md has examples)\n");
  }

  @ParameterizedTest
  @ValueSource(strings = {"status", "reload"})
  void withoutARunningMemberItIsFive(String command) throws IOException {
    int port = FreePorts.one();
    Path file = config(pool() + "admin: {address: \"127.0.0.1:" + port + "\", token_file: t}\n");

    Executed never = Executed.run(command, "--config", file.toString());
    assertThat(never.code()).isEqualTo(5);
    assertThat(never.err()).contains("no running member answers", "none was ever started");

    ownersOnly(folder.resolve("t"), "0123456789abcdef");
    Executed result = Executed.run(command, "--config", file.toString());
    assertThat(result.code()).isEqualTo(5);
    assertThat(result.err())
        .startsWith("127.0.0.1:" + port + ": no running member answers: ")
        .doesNotContain("\tat ");
  }

  @Test
  void somebodyElseOnTheAdminPortIsNoMember() throws IOException {
    try (RawBackend other = RawBackend.saying("not JSON")) {
      Path file = config(pool() + "admin: {address: \"" + other.address() + "\", token_file: t}\n");
      ownersOnly(folder.resolve("t"), "0123456789abcdef");

      Executed result = Executed.run("status", "--config", file.toString());

      assertThat(result.code()).isEqualTo(5);
      assertThat(result.err()).contains("no running member").doesNotContain("\tat ");
    }
  }

  @Test
  void statusAndReloadAskTheRunningMember() throws IOException {
    try (RawBackend backend = RawBackend.saying("hello");
        Member member = Member.of(backend).start().awaitHealth("backend-1", "up")) {
      // The member's own file says port 0: this one says where it really is.
      Path file =
          Files.writeString(
              member.folder().resolve("asks.yml"),
              pool()
                  + "admin: {address: \"127.0.0.1:%d\", token_file: token}\n"
                      .formatted(member.adminPort()));

      Executed status = Executed.run("status", "--config", file.toString());
      assertThat(status.code()).isZero();
      assertThat(status.out())
          .startsWith("balancer-1 test, ready for ")
          .contains("pool music (power of two choices)", backend.address(), "passes: 200");

      // It tells which file it has read: this one is another.
      Executed nothing = Executed.run("reload", "--config", file.toString());
      assertThat(nothing.code()).isEqualTo(3);
      assertThat(nothing.out()).isEqualTo("nothing has changed\n");
      assertThat(nothing.err())
          .contains("asks.yml was not read: the running member reads " + member.configFile());

      Files.writeString(member.configFile(), Member.of(backend).with("queue: {wait: 1s}").text());
      Executed changed = Executed.run("reload", "--config", file.toString());
      assertThat(changed.out()).isEqualTo("pool music: changed its policies\n");

      Files.writeString(member.configFile(), Member.of(backend).with("queue: {wait: soon}").text());
      Executed wrong = Executed.run("reload", "--config", file.toString());
      assertThat(wrong.code()).isEqualTo(3);
      assertThat(wrong.err()).contains("queue.wait", "soon");

      ownersOnly(member.folder().resolve("token"), "another-token-than-it-has");
      Executed refused = Executed.run("status", "--config", file.toString());
      assertThat(refused.code()).isEqualTo(1);
      assertThat(refused.err()).contains("token");
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"listeners", "admin.address"})
  void takenPortIsToldWithItsAddressAndWhatToDo(String key) throws IOException {
    try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      String address = "127.0.0.1:" + taken.getLocalPort();
      boolean admin = key.equals("admin.address");
      config(
          "listeners: [\"%s\"]\nadmin: {address: \"%s\", token_file: token}\n"
                  .formatted(admin ? "127.0.0.1:0" : address, admin ? address : "127.0.0.1:0")
              + pool());

      try (MemberProcess member = MemberProcess.start(folder, "run")) {
        assertThat(member.exitCode()).isEqualTo(4);
        assertThat(member.errors())
            .endsWith(
                key
                    + ": "
                    + address
                    + ": address already in use (another balancer?"
                    + " choose another address in the configuration)");
        assertThat(member.errors()).doesNotContain("Exception");
        assertThat(member.output()).isEmpty();
      }
    }
  }

  @Test
  void addressOfAnotherMachineIsTold() throws IOException {
    Path file =
        config(
            "listeners: [\"192.0.2.1:0\"]\nadmin: {address: \"127.0.0.1:0\", token_file: token}\n"
                + pool());

    Executed result = Executed.run("run", file.toString());

    assertThat(result.code()).isEqualTo(4);
    assertThat(result.err())
        .isEqualTo(
            "listeners: 192.0.2.1:0: not an address of this machine"
                + " (choose another address in the configuration)\n");
  }

  @Test
  void tokenThatOthersCanReadIsRefused() throws IOException {
    Path file = config(pool() + "admin: {address: \"127.0.0.1:0\", token_file: t}\n");
    Path token = Files.writeString(folder.resolve("t"), "0123456789abcdef");
    Files.setPosixFilePermissions(token, PosixFilePermissions.fromString("rw-r--r--"));

    Executed result = Executed.run("run", file.toString());

    assertThat(result.code()).isEqualTo(3);
    assertThat(result.err()).startsWith("admin.token_file: " + token + ": mode rw-r--r--");
  }

  @Test
  void accessLogThatCannotBeWrittenIsTold() throws IOException {
    Path file =
        config(
            pool()
                + "admin: {address: \"127.0.0.1:0\", token_file: t}\n"
                + "access_log: {to: nowhere/access.log}\n");

    Executed result = Executed.run("run", file.toString());

    assertThat(result.code()).isEqualTo(3);
    assertThat(result.err()).startsWith("access_log.to: ").contains("nowhere/access.log");
  }

  @Test
  void sigtermEndsInOrderWithWhatIsInFlightFinished() throws IOException {
    Gate finish = new Gate();
    try (RawBackend backend =
        RawBackend.scripted(
            connection -> {
              connection.readBody();
              if (connection.head().startLine().contains("/long")) {
                finish.pass();
              }
              connection.send(RawBackend.ok("finished"));
            })) {
      config(Member.of(backend).text());
      try (MemberProcess member = MemberProcess.start(folder, "run")) {
        int[] ports = member.awaitReady();
        try (RawClient inFlight = RawClient.to(ports[0]);
            RawClient kept = RawClient.to(ports[0])) {
          assertThat(kept.get("/1").answer().header("connection")).isEmpty();
          inFlight.get("/long");
          backend.awaitReceived(2);

          member.terminate();

          Eventually.await().until(() -> readyz(ports[1]) == 503);
          RawClient.Answer answer = kept.get("/2").answer();
          assertThat(answer.text()).isEqualTo("finished");
          assertThat(answer.header("connection")).isEqualTo("close");
          assertThat(kept.untilClosed()).isEmpty();
          // New connections are served until the listeners close, and refused from then on.
          Eventually.await().until(() -> isRefused(ports[0]));
          assertThat(member.isAlive()).isTrue();

          finish.open();
          assertThat(inFlight.answer().text()).isEqualTo("finished");
        }
        assertThat(member.exitCode()).isZero();
        assertThat(member.errors())
            .contains("INFO member state=draining", "INFO member state=stopped unfinished=0")
            .doesNotContain("Exception");
        assertThat(member.output().lines().skip(1).map(JsonObject::new))
            .extracting(line -> line.getString("path"))
            .containsExactlyInAnyOrder("/1", "/2", "/long");
      }
    }
  }

  @Test
  void memberWhoseOutputNobodyReadsServesAndEnds() throws IOException {
    try (RawBackend backend = RawBackend.saying("hello")) {
      config(Member.of(backend).text());
      try (MemberProcess member = MemberProcess.start(folder, "run")) {
        int[] ports = member.awaitReady();
        try (RawClient client = RawClient.to(ports[0])) {
          Eventually.await().until(() -> client.get("/").answer().status() == 200);
          for (int i = 0; i < 1_000; i++) { // More lines than a pipe holds.
            assertThat(client.get("/" + i).answer().text()).isEqualTo("hello");
          }
        }
        member.terminate();
        assertThat(member.exitCode()).isZero();
      }
    }
  }

  @Test
  void sigtermLetsATunnelGoOnUntilItEnds() throws IOException {
    try (RawBackend echoing =
        RawBackend.scripted(
            connection -> {
              connection.answer(ProxyUpgradeTest.AGREED);
              connection.send(connection.read(4));
              connection.close();
            })) {
      config(Member.of(echoing).text());
      try (MemberProcess member = MemberProcess.start(folder, "run")) {
        int[] ports = member.awaitReady();
        try (RawClient tunnel = RawClient.to(ports[0])) {
          tunnel.send(ProxyUpgradeTest.ASKED);
          assertThat(tunnel.answer().status()).isEqualTo(101);

          member.terminate();
          Eventually.await().until(() -> isRefused(ports[0]));
          tunnel.send("late");

          assertThat(tunnel.untilClosed()).isEqualTo("late");
        }
        assertThat(member.exitCode()).isZero();
        assertThat(member.errors()).contains("state=stopped unfinished=0");
      }
    }
  }

  @Test
  @EnabledOnOs(value = OS.LINUX, disabledReason = "it needs ulimit and error numbers of Linux")
  void memberThatHasNoDescriptorLeftBlamesNoBackend() throws IOException {
    List<RawClient> clients = new ArrayList<>();
    try (RawBackend backend = RawBackend.saying("hello")) {
      config(Member.of(backend).with("queue: {wait: 0s}").text());
      try (MemberProcess member = MemberProcess.startWithDescriptors(150, folder, "run")) {
        int[] ports = member.awaitReady();
        try (RawClient client = RawClient.to(ports[0]);
            RawClient admin = RawClient.to(ports[1])) {
          String ask =
              "GET /v1/status HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer "
                  + Files.readString(folder.resolve("token")).strip()
                  + "\r\n\r\n";
          Eventually.await()
              .until(() -> backend(admin.send(ask).answer()).getString("health").equals("up"));
          for (int i = 0; i < 150; i++) {
            clients.add(RawClient.to(ports[1])); // Nobody counts those of operators.
          }

          Eventually.await().until(() -> client.get("/").answer().status() == 503);

          JsonObject status = new JsonObject(admin.send(ask).answer().text());
          assertThat(status.getLong("localFailures")).isPositive();
          JsonObject seen = backend(admin.send(ask).answer());
          assertThat(seen.getLong("failures")).isZero();
          assertThat(seen.getString("health")).isEqualTo("up");

          clients.forEach(RawClient::close);
          Eventually.await().until(() -> client.get("/").answer().status() == 200);
        }
        member.terminate();
        assertThat(member.exitCode()).isZero();
        assertThat(member.errors()).contains("local failure why=\"no file descriptors left here\"");
      }
    }
  }

  private static JsonObject backend(RawClient.Answer status) {
    return new JsonObject(status.text())
        .getJsonArray("pools")
        .getJsonObject(0)
        .getJsonArray("backends")
        .getJsonObject(0);
  }

  @Test
  void endOfStandardInputEndsItInOrder() throws IOException {
    config(Member.head("") + pool());
    try (MemberProcess member = MemberProcess.start(folder, "run", "--exit-with-stdin")) {
      member.awaitReady();

      member.closeStdin();

      assertThat(member.exitCode()).isZero();
      assertThat(member.errors()).contains("member state=stopped");
    }
  }

  private static int readyz(int adminPort) {
    try (RawClient client = RawClient.to(adminPort)) {
      return client.send("GET /readyz HTTP/1.1\r\nHost: localhost\r\n\r\n").answer().status();
    }
  }

  private static boolean isRefused(int port) {
    try {
      RawClient.to(port).close();
      return false;
    } catch (UncheckedIOException e) {
      return true;
    }
  }

  private static void ownersOnly(Path file, String text) throws IOException {
    Files.writeString(file, text);
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-------"));
  }
}
