package dev.backline.balancer;

import static dev.backline.balancer.TwoMembers.live;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Isolated;

/** Exchanges don't notice that the control loop and all of Hazelcast stand still. */
@Isolated("it measures")
class ParkedClusterTest {
  private static final Duration PARKED = Duration.ofSeconds(30);
  private static final Duration BEFORE = Duration.ofSeconds(10);
  private static final int CLIENTS = 4;
  // On a machine that does something else too, a single turn of its scheduler is as long as that.
  private static final long NOISE_NANOS = 5_000_000;
  private static final Pattern CONTROL_AND_CLUSTER = Pattern.compile("control-loop|cluster-|hz\\.");

  @TempDir private Path folder;

  /** What clients saw in one time. */
  private record Seen(List<Long> nanos, List<String> failures) {
    long p99Nanos() {
      List<Long> sorted = new ArrayList<>(nanos);
      Collections.sort(sorted);
      return sorted.get(sorted.size() * 99 / 100);
    }
  }

  @Test
  void exchangesGoOnAsFastWhileControlAndClusterStandStill() throws Exception {
    TwoMembers cluster = new TwoMembers(folder);
    int debugPort = FreePorts.one();
    try (RawBackend one = RawBackend.saying("hello");
        RawBackend two = RawBackend.saying("hello");
        Member other = Member.configured(cluster.configuration(2) + Member.of(one, two).text())) {
      Files.writeString(
          folder.resolve("backline.yml"),
          cluster.configuration(1) + Member.of(one, two).text() + "access_log: {to: none}\n");
      try (MemberProcess member = MemberProcess.startDebuggable(debugPort, folder, "run")) {
        int port = member.awaitReady()[0];
        Eventually.await().until(() -> live(other).equals(List.of("balancer-1")));
        load(port, BEFORE); // Cold code is slow.
        Seen before = load(port, BEFORE);

        Seen parked;
        try (Debugger debugger = Debugger.attach(debugPort)) {
          List<String> names = debugger.park(CONTROL_AND_CLUSTER);
          assertThat(names).contains("control-loop").anyMatch(name -> name.startsWith("hz."));
          parked = load(port, PARKED);
          assertThat(live(other)).as("it stood still").isEmpty();
        }

        assertThat(before.failures()).isEmpty();
        assertThat(parked.failures()).isEmpty();
        assertThat(parked.nanos().size()).isGreaterThan(before.nanos().size());
        System.out.printf(
            "p99 before %.2f ms, parked %.2f ms, of %d and %d requests%n",
            before.p99Nanos() / 1e6,
            parked.p99Nanos() / 1e6,
            before.nanos().size(),
            parked.nanos().size());
        assertThat(parked.p99Nanos()).isLessThanOrEqualTo(before.p99Nanos() * 3 / 2 + NOISE_NANOS);
        Eventually.await().until(() -> live(other).equals(List.of("balancer-1")));
        member.terminate();
        assertThat(member.exitCode()).isZero();
        assertThat(member.errors()).contains("member stood still for ");
      }
    }
  }

  private static Seen load(int port, Duration length) throws InterruptedException {
    Seen seen =
        new Seen(
            Collections.synchronizedList(new ArrayList<>()),
            Collections.synchronizedList(new ArrayList<>()));
    AtomicBoolean over = new AtomicBoolean();
    List<Thread> clients = new ArrayList<>();
    for (int i = 0; i < CLIENTS; i++) {
      Thread client = new Thread(() -> ask(port, over, seen), "client-" + i);
      clients.add(client);
      client.start();
    }
    TimeUnit.NANOSECONDS.sleep(length.toNanos());
    over.set(true);
    for (Thread client : clients) {
      client.join();
    }
    return seen;
  }

  private static void ask(int port, AtomicBoolean over, Seen seen) {
    try (RawClient client = RawClient.to(port)) {
      while (!over.get()) {
        long from = System.nanoTime();
        int status = client.get("/").answer().status();
        seen.nanos().add(System.nanoTime() - from);
        if (status != 200) {
          seen.failures().add("answered " + status);
        }
        LockSupport.parkNanos(10_000_000);
      }
    } catch (RuntimeException | AssertionError e) {
      seen.failures().add(String.valueOf(e));
    }
  }
}
