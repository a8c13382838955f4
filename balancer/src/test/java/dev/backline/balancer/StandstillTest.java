package dev.backline.balancer;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** A member that stood still distrusts itself first. */
@DisabledOnOs(value = OS.WINDOWS, disabledReason = "it has no signal that stops a process")
class StandstillTest {
  private static final long STANDSTILL_SECONDS = 3;

  @TempDir private Path folder;

  @Test
  void memberThatWasStoppedBlamesNobodyForIt() throws Exception {
    Gate answer = new Gate();
    RawBackend.Script script =
        connection -> {
          connection.readBody();
          if (connection.head().startLine().contains("/long")) {
            answer.pass();
          }
          connection.send(RawBackend.ok("hello"));
        };
    try (RawBackend one = RawBackend.scripted(script);
        RawBackend two = RawBackend.scripted(script);
        RawBackend three = RawBackend.scripted(script)) {
      // Probes are under way at nearly any time, and all times are over when it goes on.
      for (RawBackend backend : List.of(one, two, three)) {
        backend.health(
            probe -> {
              LockSupport.parkNanos(400_000_000);
              probe.send(RawBackend.ok(""));
            });
      }
      config(
          Member.of(one, two, three)
              .with("health: {interval: 1s, timeout: 1s}")
              .with("timeouts: {connect: 250ms, head: 1s, idle: 3s}")
              .listener("header_timeout: 2s, idle_timeout: 2s")
              .text());
      try (MemberProcess member = MemberProcess.start(folder, "run")) {
        int[] ports = member.awaitReady();
        try (RawClient client = RawClient.to(ports[0]);
            RawClient waiting = RawClient.to(ports[0]);
            RawClient inItsHead = RawClient.to(ports[0]);
            RawClient inItsBody = RawClient.to(ports[0])) {
          Eventually.await().until(() -> client.get("/").answer().status() == 200);
          List<RawBackend> backends = List.of(one, two, three);
          Eventually.await().until(() -> backends.stream().allMatch(b -> b.probes() > 1));
          waiting.get("/long");
          Eventually.await()
              .until(
                  () ->
                      backends.stream()
                          .flatMap(backend -> backend.received().stream())
                          .anyMatch(request -> request.target().equals("/long")));

          int heads = backends.stream().mapToInt(RawBackend::heads).sum();
          inItsHead.send("GET /head HTTP/1.1\r\n");
          inItsBody.send("POST /body HTTP/1.1\r\nHost: x\r\nContent-Length: 10\r\n\r\nhello");
          Eventually.await()
              .until(() -> backends.stream().mapToInt(RawBackend::heads).sum() == heads + 1);

          member.pause();
          inItsHead.send("Host: x\r\n\r\n");
          inItsBody.send("world");
          long pausedNanos = System.nanoTime();
          TimeUnit.SECONDS.sleep(STANDSTILL_SECONDS);
          member.resume();

          assertThat(client.get("/after").answer().text()).isEqualTo("hello");
          assertThat(inItsHead.answer().text()).isEqualTo("hello");
          if (System.nanoTime() - pausedNanos < 3_900_000_000L) {
            // What watches idle connections has a second of slack, and knows of no stalls.
            assertThat(inItsBody.answer().text()).isEqualTo("hello");
          }
          answer.open();
          assertThat(waiting.answer().text()).isEqualTo("hello");
        }
        member.terminate();
        assertThat(member.exitCode()).isZero();
        String log = member.errors();
        assertThat(log).contains("member stood still for ");
        assertThat(log.substring(log.indexOf("member stood still for ")))
            .doesNotContain("to=SUSPECT", "to=DOWN", "to=REFUSING", "to=EJECTED");
        JsonObject line =
            member
                .output()
                .lines()
                .skip(1)
                .map(JsonObject::new)
                .filter(logged -> logged.getString("path").equals("/long"))
                .findFirst()
                .orElseThrow();
        assertThat(line.getJsonArray("attempts")).hasSize(1);
      }
    }
  }

  private void config(String text) throws IOException {
    Files.writeString(folder.resolve("backline.yml"), text);
  }
}
