package dev.backline.balancer;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class StoppingTest {
  private static final int PASSES = 1;

  @TempDir private Path folder;

  @Test
  void memberThatIsToldToStopWhileItStartsEndsInOrderToo() throws Exception {
    Gate answer = new Gate();
    try (RawBackend backend = RawBackend.saying("one")) {
      backend.health(probe -> answer.pass());
      String config = Member.of(backend).with("health: {interval: 6s, timeout: 6s}").text();
      Files.writeString(folder.resolve("backline.yml"), config);
      try (MemberProcess member = MemberProcess.start(folder, "run")) {
        Eventually.await().until(() -> backend.probes() > 0); // It waits for that, for a while.

        member.terminate();

        assertThat(member.exitCode()).isZero();
      } finally {
        answer.open();
      }
    }
  }

  /** It cuts off a probe of its own, and would tell the others of that. */
  @Test
  void memberThatStopsBlamesNobodyForIt() throws Exception {
    AtomicInteger probes = new AtomicInteger();
    Gate answer = new Gate();
    try (RawBackend backend = RawBackend.saying("one")) {
      backend.health(
          probe -> {
            if (probes.incrementAndGet() > PASSES) {
              answer.pass();
            }
            probe.send(RawBackend.ok(""));
          });
      String config = Member.of(backend).with("health: {interval: 6s, timeout: 6s}").text();
      Files.writeString(folder.resolve("backline.yml"), config);
      try (MemberProcess member = MemberProcess.start(folder, "run")) {
        member.awaitReady();
        Eventually.await().until(() -> probes.get() > PASSES);

        member.terminate();

        assertThat(member.exitCode()).isZero();
        assertThat(member.errors()).contains("member state=stopped").doesNotContain("from=UP");
      } finally {
        answer.open();
      }
    }
  }
}
