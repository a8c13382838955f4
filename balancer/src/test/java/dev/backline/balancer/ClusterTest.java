package dev.backline.balancer;

import static dev.backline.balancer.TwoMembers.await;
import static dev.backline.balancer.TwoMembers.live;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Two members that share what they see, over a real cluster on loopback. */
class ClusterTest extends ClosesWhatItOpened {
  @TempDir private Path directory;
  private TwoMembers cluster;

  @BeforeEach
  void prepare() throws IOException {
    cluster = new TwoMembers(directory);
  }

  private Member member(int number, String health, RawBackend... backends) {
    String pool =
        Member.of(backends).with("health: " + health).with("balance: {policy: round_robin}").text();
    return opened(Member.configured(cluster.configuration(number) + pool));
  }

  private static void awaitEachHearsTheOther(Member one, Member two) {
    await()
        .until(
            () ->
                live(one).equals(List.of("balancer-2")) && live(two).equals(List.of("balancer-1")));
  }

  private static boolean isUp(Member member, String backend) {
    return member.health(backend).equals("up");
  }

  @Test
  void whatOneSeesTheOtherKnowsThoughItsOwnProbeIsAMinuteAway() {
    RawBackend victim = opened(RawBackend.saying("victim"));
    RawBackend other = opened(RawBackend.saying("other"));
    Member one = member(1, "{interval: 200ms, timeout: 200ms}", victim, other);
    Member two = member(2, "{interval: 60s}", victim, other);
    awaitEachHearsTheOther(one, two);
    await().until(() -> isUp(one, "backend-1") && isUp(two, "backend-1"));
    int probesBefore = victim.probes();

    victim.kill();

    await().until(() -> two.health("backend-1").equals("down"));
    assertThat(two.backend("backend-1").getString("reason")).isEqualTo("refused");
    assertThat(two.backend("backend-1").getJsonObject("peers").getJsonObject("balancer-1"))
        .isNotNull();
    for (int i = 0; i < 10; i++) {
      assertThat(two.get("/" + i).text()).isEqualTo("other");
    }
    assertThat(two.backend("backend-1").getLong("attempts")).isZero();

    victim.restart();

    await().until(() -> isUp(two, "backend-1") && isUp(one, "backend-1"));
    assertThat(victim.probes()).isGreaterThan(probesBefore);
  }

  /** A partial partition must not take a backend from the members that can reach it. */
  @Test
  void whatOnlyOneCannotReachTheOtherGoesOnUsing() {
    RawBackend shared = opened(RawBackend.saying("shared"));
    Member one = member(1, "{path: /x-only-one, interval: 200ms, timeout: 200ms}", shared);
    shared.does(
        connection ->
            connection.answer(
                connection.head().startLine().contains("only-one")
                    ? RawBackend.status(500)
                    : RawBackend.ok("shared")));
    Member two = member(2, "{interval: 300ms, timeout: 200ms}", shared);
    awaitEachHearsTheOther(one, two);

    await()
        .until(
            () -> {
              JsonObject peers = two.backend("backend-1").getJsonObject("peers");
              JsonObject said = peers.getJsonObject("balancer-1");
              return said != null
                  && !said.getString("health").equals("up")
                  && isUp(two, "backend-1");
            });

    assertThat(one.health("backend-1")).isNotEqualTo("up");
    assertThat(two.get("/").text()).isEqualTo("shared");
  }

  @Test
  void memberServesThoughTheOthersAreNotThere() {
    Member alone = member(1, "{interval: 200ms, timeout: 200ms}", opened(RawBackend.saying("hi")));

    assertThat(alone.get("/").text()).isEqualTo("hi");
    assertThat(alone.status().getJsonObject("cluster").getJsonArray("live")).isEmpty();
  }

  @Test
  void secretThatOthersCanReadIsRefused() throws IOException {
    Files.setPosixFilePermissions(cluster.secret(), PosixFilePermissions.fromString("rw-r--r--"));
    assertThatThrownBy(() -> member(1, "{}", RawBackend.saying("x")))
        .hasMessageContaining("cluster.secret_file: " + cluster.secret() + ": mode rw-r--r--");
  }

  @Test
  void takenAddressIsToldBeforeAnythingIsJoined() throws IOException {
    try (ServerSocket taken =
        new ServerSocket(cluster.port(1), 1, InetAddress.getLoopbackAddress())) {
      assertThat(taken.isBound()).isTrue();
      assertThatThrownBy(() -> member(1, "{}", RawBackend.saying("x")))
          .hasMessageContaining("cluster.address: 127.0.0.1:" + cluster.port(1));
    }
  }
}
