package dev.backline.balancer;

import static dev.backline.balancer.TwoMembers.await;
import static dev.backline.balancer.TwoMembers.live;
import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Backends that register at one of two members, over a real cluster on loopback. */
class RegisteredClusterTest extends ClosesWhatItOpened {
  @TempDir private Path directory;
  private final RawBackend backend = opened(RawBackend.saying("one", "127.0.0.1", 0));
  private TwoMembers cluster;
  private Path token = Path.of("");

  @BeforeEach
  void prepare() throws IOException {
    cluster = new TwoMembers(directory);
    token = Registering.tokenFile(directory, Registering.TOKEN);
  }

  private Member member(int number) {
    return opened(Member.configured(configuration(number)));
  }

  /** Starts a member that can be killed. */
  private MemberProcess process(int number) throws IOException {
    Path folder = Files.createDirectories(directory.resolve("member-" + number));
    Files.writeString(folder.resolve("backline.yml"), configuration(number));
    MemberProcess process = opened(MemberProcess.start(folder, "run"));
    process.awaitReady();
    return process;
  }

  private String configuration(int number) {
    return cluster.configuration(number)
        + Member.head("")
        + """
        registration: {state_file: %s}
        pools:
          music:
            registration: {token_file: %s, lease: 6s}
            health: {interval: 200ms, timeout: 200ms}
        """
            .formatted(directory.resolve("state-" + number + ".json"), token);
  }

  private static void awaitLive(Member member, String... others) {
    await().until(() -> live(member).equals(List.of(others)));
  }

  private static List<String> names(Member member) {
    JsonArray pools = member.status().getJsonArray("pools");
    return pools.getJsonObject(0).getJsonArray("backends").stream()
        .map(each -> ((JsonObject) each).getString("name"))
        .toList();
  }

  private static void awaitNames(Member member, String... names) {
    await().until(() -> names(member).equals(List.of(names)));
  }

  @Test
  void whatRegistersAtOneMemberIsListedByAllAndOutlivesIt() {
    Member one = member(1);
    Member two = member(2);
    awaitLive(one, "balancer-2");
    awaitLive(two, "balancer-1");
    Registering music = new Registering("music", "one", 7);
    Registering other = new Registering("music", "other", 7);

    assertThat(music.put(one.adminPort(), ":" + backend.port()).status()).isEqualTo(201);
    assertThat(other.put(one.adminPort(), ":3999").status()).isEqualTo(201);
    awaitNames(two, "one", "other");
    await().until(() -> two.health("one").equals("up"));
    assertThat(two.get("/").text()).isEqualTo("one");
    assertThat(new Registering("music", "one", 6).put(two.adminPort(), ":1").status())
        .as("what one member knows, all know")
        .isEqualTo(409);

    long left = two.backend("one").getLong("leaseLeftMillis");
    await().until(() -> two.backend("one").getLong("leaseLeftMillis") < left - 1_000);
    music.put(one.adminPort(), ":" + backend.port());
    await().until(() -> two.backend("one").getLong("leaseLeftMillis") > left - 1_000);

    assertThat(other.delete(two.adminPort()).status()).isEqualTo(200);
    awaitNames(one, "one");
    awaitNames(two, "one");

    one.close();
    awaitLive(two);
    RawClient.Answer renewed = music.put(two.adminPort(), ":" + backend.port());
    assertThat(renewed.status()).as("known there already").isEqualTo(200);
    assertThat(two.health("one")).isEqualTo("up");
    assertThat(two.get("/").text()).isEqualTo("one");

    Member again = member(1);
    assertThat(names(again)).as("read from the others before it is ready").contains("one");
    awaitLive(again, "balancer-2");
    music.delete(two.adminPort());
    awaitNames(again);
    awaitNames(two);
  }

  /** However late it heard of them: who is ready has looked at all that it lists. */
  @Test
  void memberThatJoinsHasLookedAtWhatTheOthersKnowBeforeItIsReady() {
    Member one = member(1);
    new Registering("music", "one", 7).put(one.adminPort(), ":" + backend.port());
    await().until(() -> one.health("one").equals("up"));
    backend.health(
        probe -> {
          LockSupport.parkNanos(100_000_000);
          probe.send(RawBackend.ok(""));
        });

    Member two = member(2);

    assertThat(two.health("one")).isEqualTo("up");
    assertThat(two.get("/").text()).isEqualTo("one");
  }

  /** It may be the only one that the backend knows, and about to start again: what works stays. */
  @Test
  void backendWhoseMemberHasLeftStaysAsLongAsItAnswers() {
    Member one = member(1);
    Member two = member(2);
    awaitLive(one, "balancer-2");
    awaitLive(two, "balancer-1");
    new Registering("music", "one", 7).put(one.adminPort(), ":" + backend.port());
    await().until(() -> names(two).contains("one") && two.health("one").equals("up"));

    one.close();
    await().until(() -> two.backend("one").getBoolean("unlisted"));
    assertThat(two.backend("one").getLong("leaseLeftMillis")).isZero();
    assertThat(two.get("/").text()).isEqualTo("one");

    backend.kill();
    awaitNames(two);
  }

  /**
   * From here a member that died looks like one that can't be heard, and that may have been told
   * what isn't known here: what works stays. One that leaves says so, and nobody waits for it.
   */
  @Test
  void leaseThatWasToldHereOutlivesAMemberThatDiedButNotOneThatLeft() throws IOException {
    Member one = member(1);
    MemberProcess two = process(2);
    awaitLive(one, "balancer-2");
    Registering music = new Registering("music", "one", 7);
    music.put(one.adminPort(), ":" + backend.port());
    one.awaitHealth("one", "up");

    two.close();
    await().until(() -> one.backend("one").getBoolean("unlisted"));
    assertThat(live(one)).isEmpty();
    assertThat(one.health("one")).isEqualTo("up");
    assertThat(one.get("/").text()).isEqualTo("one");

    MemberProcess again = process(2);
    awaitNames(one); // It is heard, and nobody says that the backend is there.
    music.put(one.adminPort(), ":" + backend.port());
    one.awaitHealth("one", "up");
    again.terminate();
    assertThat(again.exitCode()).isZero();
    awaitLive(one);
    awaitNames(one);
  }

  @Test
  void allMembersRestartedAtOnceForgetNothing() {
    Member one = member(1);
    Member two = member(2);
    awaitLive(one, "balancer-2");
    awaitLive(two, "balancer-1");
    Registering music = new Registering("music", "one", 7);
    music.put(one.adminPort(), ":" + backend.port());
    Registering gone = new Registering("music", "gone", 7);
    gone.put(two.adminPort(), ":3999");
    gone.delete(two.adminPort());
    awaitNames(one, "one");
    awaitNames(two, "one");

    one.close();
    two.close();
    Member again = member(2);

    assertThat(names(again)).containsExactly("one");
    await().until(() -> again.health("one").equals("up"));
    assertThat(again.get("/").text()).isEqualTo("one");
    assertThat(new Registering("music", "gone", 7).put(again.adminPort(), ":3999").status())
        .isEqualTo(409);
    assertThat(music.put(again.adminPort(), ":" + backend.port()).status()).isEqualTo(200);
  }
}
