package dev.backline.balancer.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.hazelcast.core.Hazelcast;
import dev.backline.balancer.FreePorts;
import dev.backline.balancer.control.Event;
import dev.backline.balancer.health.Grounds;
import dev.backline.balancer.health.Observation;
import dev.backline.balancer.model.BackendId;
import dev.backline.balancer.model.MemberId;
import dev.backline.balancer.model.PoolName;
import dev.backline.balancer.model.Registration;
import dev.backline.balancer.model.Verdict;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.logging.Level;
import java.util.logging.Logger;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Real members on loopback. Each waits for what must come, however long the machine takes. */
class HazelcastLinkTest {
  private static final Logger HAZELCAST = Logger.getLogger("com.hazelcast");
  private static final Duration PATIENCE = Duration.ofSeconds(90);
  private static final String SECRET = "a secret of sixteen bytes";
  private static final PoolName WEB = new PoolName("web");
  private static final BackendId A = new BackendId("127.0.0.11", 3000);
  private static final Observation UP = new Observation(Verdict.UP, Grounds.NONE, "passes: 200");
  private static final Observation REFUSING =
      new Observation(Verdict.REFUSING, Grounds.TRANSPORT, "refused");

  /** A member's link, and what it was told. */
  private static final class Node {
    final MemberId id;
    final HazelcastLink link;
    final List<Event> heard = new CopyOnWriteArrayList<>();

    Node(String name, int port, List<InetSocketAddress> members, String secret) {
      this.id = new MemberId(name);
      this.link =
          new HazelcastLink(
              new ClusterOptions("test", id, "127.0.0.1", port, members, secret),
              (event, afterwards) -> heard.add(asIfNew(event)),
              System::nanoTime,
              System.currentTimeMillis());
    }

    /**
     * Joins, at the first try or at one that follows, and waits until it has read what is there.
     */
    void start() throws Exception {
      try {
        link.start().toCompletableFuture().get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
      } catch (ExecutionException e) {
        await().atMost(PATIENCE).until(() -> link.view().joined()); // The machine was too slow.
        link.readAgain().toCompletableFuture().get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
      }
    }

    boolean hears(Event event) {
      return heard.contains(event);
    }

    /** Returns the words of backends that it heard of. */
    List<Event.Heard> words() {
      return heard.stream()
          .flatMap(e -> e instanceof Event.RegistrationsHeard r ? r.words().stream() : Stream.of())
          .toList();
    }
  }

  private final List<Node> nodes = new ArrayList<>();

  @AfterEach
  void leaveAll() throws Exception {
    for (Node node : nodes) {
      node.link.leave().toCompletableFuture().get(30, TimeUnit.SECONDS);
    }
  }

  private Node node(String name, int port, List<Integer> ports) {
    return node(name, port, ports, SECRET);
  }

  private Node node(String name, int port, List<Integer> ports, String secret) {
    HAZELCAST.setLevel(Level.SEVERE);
    List<InetSocketAddress> members = ports.stream().map(HazelcastLinkTest::local).toList();
    Node node = new Node(name, port, members, secret);
    nodes.add(node);
    return node;
  }

  private static InetSocketAddress local(int port) {
    return InetSocketAddress.createUnresolved("localhost", port);
  }

  private static void awaitLive(Node node, Node... others) {
    List<MemberId> ids = java.util.Arrays.stream(others).map(other -> other.id).sorted().toList();
    await().atMost(PATIENCE).until(() -> node.link.view().live().equals(ids));
  }

  /** By which way it came doesn't matter. */
  private static Event asIfNew(Event event) {
    return event instanceof Event.ObservationHeard said
        ? new Event.ObservationHeard(
            said.member(), said.pool(), said.backend(), said.observation(), true)
        : event;
  }

  private static Event heard(Node from, Observation observation) {
    return new Event.ObservationHeard(from.id, WEB, A, observation, true);
  }

  @Test
  void threeThatStartTogetherFormOneClusterAndHearEachOther() throws IOException {
    List<Integer> ports = FreePorts.several(3);
    Node one = node("balancer-1", ports.get(0), ports);
    Node two = node("balancer-2", ports.get(1), ports);
    Node three = node("balancer-3", ports.get(2), ports);
    nodes.forEach(each -> each.link.start());
    awaitLive(one, two, three);
    awaitLive(two, one, three);
    awaitLive(three, one, two);
    assertThat(one.link.view().members()).isEqualTo(3);

    one.link.share(WEB, A, REFUSING);

    await().atMost(PATIENCE).until(() -> two.hears(heard(one, REFUSING)));
    await().atMost(PATIENCE).until(() -> three.hears(heard(one, REFUSING)));
    assertThat(one.heard).noneMatch(Event.ObservationHeard.class::isInstance);

    one.link.withdraw(WEB, A);

    Event withdrawn = new Event.ObservationWithdrawn(one.id, WEB, A);
    await().atMost(PATIENCE).until(() -> two.hears(withdrawn) && three.hears(withdrawn));
  }

  @Test
  void whoComesLaterReadsWhatWasSaidAndWhoLeavesSaysSo() throws Exception {
    List<Integer> ports = FreePorts.several(2);
    Node one = node("balancer-1", ports.get(0), ports);
    one.link.share(WEB, A, UP); // Before it has joined.
    one.link.share(WEB, A, REFUSING);
    one.start();
    await().atMost(PATIENCE).until(() -> one.link.stored().size() == 1);

    Node two = node("balancer-2", ports.get(1), ports);
    two.start();

    await().atMost(PATIENCE).until(() -> two.hears(heard(one, REFUSING)));
    assertThat(two.heard).as("the newest word only").doesNotContain(heard(one, UP));
    int live = two.heard.indexOf(new Event.MembersHeard(List.of(one.id)));
    assertThat(two.heard.indexOf(heard(one, REFUSING))).as("after it is live").isGreaterThan(live);
    awaitLive(one, two);

    // It may have listed the backend only now: what was said of it is told again.
    await()
        .atMost(PATIENCE)
        .until(() -> Collections.frequency(two.heard, heard(one, REFUSING)) >= 3);

    one.link.leave().toCompletableFuture().get(30, TimeUnit.SECONDS);
    nodes.remove(one);

    awaitLive(two);
    assertThat(two.heard)
        .as("nobody waits for who has left in order")
        .containsSubsequence(new Event.MemberLeft(one.id), new Event.MembersHeard(List.of()));
  }

  /** It may be told things that nobody hears here. */
  @Test
  void memberWhoseConnectionEndsHasNotLeft() throws Exception {
    List<Integer> ports = FreePorts.several(2);
    Node one = node("balancer-1", ports.get(0), ports);
    Node two = node("balancer-2", ports.get(1), ports);
    one.link.start();
    two.link.start();
    awaitLive(two, one);

    terminate(one, ports.get(0));

    await().atMost(PATIENCE).until(() -> two.hears(new Event.MembersHeard(List.of())));
    assertThat(two.heard).doesNotContain(new Event.MemberLeft(one.id));
  }

  private static void terminate(Node node, int port) {
    Hazelcast.getHazelcastInstanceByName(node.id + "-" + port).getLifecycleService().terminate();
  }

  /** A thousand backends that are registered are one change, not a thousand. */
  @Test
  void whoComesLaterHearsAllRegistrationsAtOnce() throws Exception {
    List<Integer> ports = FreePorts.several(2);
    Node one = node("balancer-1", ports.get(0), ports);
    one.start();
    for (int i = 1; i <= 3; i++) {
      one.link.share(registered("b" + i));
    }
    await().atMost(PATIENCE).until(() -> one.link.storedRegistrations().size() == 3);

    Node two = node("balancer-2", ports.get(1), ports);
    two.start();

    List<Event> news =
        two.heard.stream().filter(Event.RegistrationsHeard.class::isInstance).toList();
    assertThat(news).hasSize(1);
    assertThat(two.words())
        .extracting(heard -> heard.registration().name())
        .containsExactlyInAnyOrder("b1", "b2", "b3");
  }

  private static Registration registered(String name) {
    return new Registration(WEB, name, 7, 1, new Registration.Terms(A, 1, 10_000, "digest"));
  }

  @Test
  void joinThatFailsIsTriedAgain() throws Exception {
    List<Integer> ports = FreePorts.several(2);
    Node one = node("balancer-1", ports.get(0), ports);
    Node two = node("balancer-2", ports.get(1), ports);
    two.link.start();
    try (ServerSocket taken = new ServerSocket(ports.get(0), 1, InetAddress.getLoopbackAddress())) {
      CompletableFuture<?> started = one.link.start().toCompletableFuture();
      await().atMost(PATIENCE).until(started::isCompletedExceptionally);
      assertThat(one.link.view().joined()).isFalse();
      assertThat(taken.isClosed()).isFalse();
    }
    one.link.share(WEB, A, REFUSING);

    awaitLive(two, one);
    awaitLive(one, two);
    await().atMost(PATIENCE).until(() -> two.hears(heard(one, REFUSING)));
  }

  /** As Hazelcast does itself where a merge fails. */
  @Test
  void nodeThatEndsIsReplacedAndSaysAgainWhatItSaid() throws Exception {
    List<Integer> ports = FreePorts.several(2);
    Node one = node("balancer-1", ports.get(0), ports);
    one.start();
    one.link.share(WEB, A, REFUSING);
    await().atMost(PATIENCE).until(() -> one.link.stored().size() == 1);

    terminate(one, ports.get(0));

    await().atMost(PATIENCE).until(() -> !one.link.view().joined());
    await().atMost(PATIENCE).until(() -> one.link.view().joined());
    Node two = node("balancer-2", ports.get(1), ports);
    two.link.start();
    await().atMost(PATIENCE).until(() -> two.hears(heard(one, REFUSING)));
  }

  @Test
  void whoHasAnotherSecretIsNotBelieved() throws Exception {
    List<Integer> ports = FreePorts.several(2);
    Node one = node("balancer-1", ports.get(0), ports);
    one.start();
    Node stranger = node("balancer-2", ports.get(1), ports, "not the secret of the others");
    stranger.start();
    await().atMost(PATIENCE).until(() -> one.link.view().members() == 2);

    stranger.link.share(WEB, A, REFUSING);

    await().atMost(PATIENCE).until(() -> one.link.view().refused() >= 3);
    assertThat(one.heard).isEmpty();
    assertThat(one.link.view().live()).isEmpty();
  }

  /**
   * Two clusters of one find each other later, as after a split: what each said while it was alone
   * is heard, and what was withdrawn meanwhile does not come back.
   */
  @Test
  void afterASplitEachHearsWhatTheOtherSaidAndNothingResurrects() throws Exception {
    List<Integer> ports = FreePorts.several(2);
    HAZELCAST.setLevel(Level.SEVERE);
    List<InetSocketAddress> seen = new CopyOnWriteArrayList<>();
    Node one = new Node("balancer-1", ports.get(0), seen, SECRET);
    Node two = new Node("balancer-2", ports.get(1), seen, SECRET);
    nodes.addAll(List.of(one, two));
    BackendId b = new BackendId("127.0.0.12", 3000);
    one.start();
    two.start();
    one.link.share(WEB, A, REFUSING);
    two.link.share(WEB, A, UP);
    two.link.share(WEB, b, REFUSING);
    two.link.withdraw(WEB, b);
    await().atMost(PATIENCE).until(() -> two.link.stored().size() == 2);
    assertThat(one.link.view().members()).isEqualTo(1);

    ports.forEach(port -> seen.add(local(port)));

    awaitLive(one, two);
    awaitLive(two, one);
    await().atMost(PATIENCE).until(() -> one.hears(heard(two, UP)));
    await().atMost(PATIENCE).until(() -> two.hears(heard(one, REFUSING)));
    assertThat(one.heard)
        .doesNotContain(new Event.ObservationHeard(two.id, WEB, b, REFUSING, true));
    await()
        .atMost(PATIENCE)
        .until(
            () -> one.link.stored().stream().filter(record -> !record.isWithdrawn()).count() == 2);
  }

  /** What an earlier life said of a backend that this one doesn't list counts no more. */
  @Test
  void memberThatComesBackWithdrawsWhatItSaidInAnEarlierLife() throws Exception {
    List<Integer> ports = FreePorts.several(2);
    Node one = node("balancer-1", ports.get(0), ports);
    Node two = node("balancer-2", ports.get(1), ports);
    CompletableFuture.allOf(
            one.link.start().toCompletableFuture(), two.link.start().toCompletableFuture())
        .get(90, TimeUnit.SECONDS);
    awaitLive(two, one);
    one.link.share(WEB, A, REFUSING);
    await().atMost(PATIENCE).until(() -> two.hears(heard(one, REFUSING)));
    one.link.leave().toCompletableFuture().get(30, TimeUnit.SECONDS);
    nodes.remove(one);
    awaitLive(two);

    Node again = node("balancer-1", ports.get(0), ports);
    again.start();

    Event withdrawn = new Event.ObservationWithdrawn(again.id, WEB, A);
    await().atMost(PATIENCE).until(() -> two.hears(withdrawn));
  }

  private static Registration registration(long sequence, Registration.@Nullable Terms terms) {
    return new Registration(WEB, "a", 7, sequence, terms);
  }

  private static Registration renewed(long sequence) {
    return registration(sequence, new Registration.Terms(A, 2, 10_000, "digest"));
  }

  /**
   * Each alone took a word of the same backend, as in a split: afterwards both know both, so that
   * the newest can count, and the older one is written over nothing.
   */
  @Test
  void registrationsOfBothSidesOfASplitAreHeardAndTheWithdrawalIsRemembered() throws Exception {
    List<Integer> ports = FreePorts.several(2);
    HAZELCAST.setLevel(Level.SEVERE);
    List<InetSocketAddress> seen = new CopyOnWriteArrayList<>();
    Node one = new Node("balancer-1", ports.get(0), seen, SECRET);
    Node two = new Node("balancer-2", ports.get(1), seen, SECRET);
    nodes.addAll(List.of(one, two));
    one.start();
    two.start();
    one.link.share(renewed(1));
    two.link.share(renewed(2));
    two.link.share(registration(3, null));
    await().atMost(PATIENCE).until(() -> two.link.storedRegistrations().size() == 1);
    assertThat(one.link.view().members()).isEqualTo(1);

    ports.forEach(port -> seen.add(local(port)));

    awaitLive(one, two);
    Event.Heard withdrawn = new Event.Heard(two.id, registration(3, null));
    await().atMost(PATIENCE).until(() -> one.words().contains(withdrawn));
    await().atMost(PATIENCE).until(() -> two.words().contains(new Event.Heard(one.id, renewed(1))));
    assertThat(one.words())
        .as("the newest word of a member only")
        .doesNotContain(new Event.Heard(two.id, renewed(2)));
    await().atMost(PATIENCE).until(() -> one.link.storedRegistrations().size() == 2);
  }

  @Test
  void registrationsThatAForeignerWroteAreRefused() throws Exception {
    List<Integer> ports = FreePorts.several(2);
    Node one = node("balancer-1", ports.get(0), ports);
    one.start();
    Node stranger = node("balancer-2", ports.get(1), ports, "not the secret of the others");
    stranger.start();
    await().atMost(PATIENCE).until(() -> one.link.view().members() == 2);

    stranger.link.share(renewed(1));

    await().atMost(PATIENCE).until(() -> !one.link.storedRegistrations().isEmpty());
    long before = one.link.view().refused();
    await().atMost(PATIENCE).until(() -> one.link.view().refused() > before);
    assertThat(one.words()).isEmpty();
  }
}
