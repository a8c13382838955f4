package dev.backline.testbed.load;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.backline.testbed.history.Fate;
import dev.backline.testbed.history.Request;
import dev.backline.testbed.http.Address;
import java.io.IOException;
import java.net.ServerSocket;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;

/** The load against servers that break each rule in turn: each request's fate is exactly known. */
class LoadTest {
  private static final int MANY = 60;

  @Test
  void eachRequestHasOneIdAndOneFateAndUsesTheKeptConnections() throws IOException {
    try (RawServer server =
        RawServer.start((connection, request, socket) -> RawServer.write(socket, RawServer.OK))) {
      List<Request> requests = run(server.address(), 4, MANY);

      Set<String> ids = new HashSet<>();
      assertThat(requests).allMatch(Request::succeeded).allMatch(r -> ids.add(r.id()));
      assertThat(requests).extracting(Request::bodyBytes).containsOnly(2L);
      assertThat(requests).extracting(Request::connection).contains(1, 2, 3, 4);
      assertThat(requests.stream().filter(Request::reused).count())
          .isGreaterThanOrEqualTo(requests.size() - (long) server.accepted());
      assertThat(requests).extracting(Request::method).contains("GET", "POST");
    }
  }

  @Test
  void refusedConnectionIsToldFromAllElse() throws IOException {
    assertThatThrownBy(() -> run(dead(), 2, 1)).isInstanceOf(IOException.class);

    // Kept connections are there at first; when they are gone, new ones are refused.
    RawServer server = RawServer.start((connection, request, socket) -> socket.close());
    try (Load load = load(server.address(), 1)) {
      load.start();
      await().until(() -> !load.soFar().isEmpty());
      server.stop();
      await().until(() -> load.soFar().stream().anyMatch(r -> r.fate() == Fate.REFUSED));
      assertThat(load.finish()).extracting(Request::status).containsOnly(0);
    }
  }

  @Test
  void closeInsteadOfAnAnswerIsBrokenBeforeHeadOnFreshAndOnKeptConnections() throws IOException {
    try (RawServer server =
        RawServer.start(
            (connection, request, socket) -> {
              if (request < 3) {
                RawServer.write(socket, RawServer.OK);
              } else {
                socket.close();
              }
            })) {
      List<Request> requests = run(server.address(), 2, MANY);

      assertThat(requests)
          .filteredOn(Request::failed)
          .isNotEmpty()
          .allMatch(r -> r.fate() == Fate.BROKEN_BEFORE_HEAD && r.reused());
    }
  }

  /** A proxy that gives clients each other's answers must not pass. */
  @Test
  void answerToSomebodyElseIsForeign() throws IOException {
    assertFates(
        "HTTP/1.1 200 OK\r\nConnection: close\r\nX-Request-Id: somebody-else\r\n"
            + "Content-Length: 2\r\n\r\nok",
        Fate.FOREIGN,
        200);
  }

  @Test
  void answerThatNobodyAskedForIsCounted() throws Exception {
    try (RawServer server =
        RawServer.start(
            (connection, request, socket) -> {
              RawServer.write(socket, RawServer.OK);
              LockSupport.parkNanos(50_000_000); // Else the load reads both as one.
              RawServer.write(socket, RawServer.OK);
            })) {
      RequestMix mix = RequestMix.ofDrills();
      List<Address> target = List.of(server.address());
      Load.Plan slow =
          new Load.Plan(target, "dumbsound.localhost", 2, 1, mix, Duration.ofSeconds(30), "t");
      try (Load load = new Load(slow, new Clock())) {
        load.start();
        await().until(() -> load.unaskedAnswers() > 0);
      }
    }
  }

  @Test
  void halfAHeadIsBrokenBeforeHead() throws IOException {
    assertFates("HTTP/1.1 200 OK\r\nContent-", Fate.BROKEN_BEFORE_HEAD, 200);
  }

  @Test
  void halfABodyIsBrokenInBody() throws IOException {
    assertFates("HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhel", Fate.BROKEN_IN_BODY, 200);
    assertFates(
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nok\r\n",
        Fate.BROKEN_IN_BODY,
        200);
  }

  @Test
  void garbageIsMalformed() throws IOException {
    assertFates("what?\r\n", Fate.MALFORMED, 0);
  }

  @Test
  void answerThatNeverComesTimesOut() throws IOException {
    CountDownLatch never = new CountDownLatch(1);
    try (RawServer server = RawServer.start((connection, request, socket) -> awaitQuietly(never))) {
      Load.Plan plan = plan(server.address(), 1, Duration.ofMillis(200));
      List<Request> requests = run(plan, 5);

      assertThat(requests).extracting(Request::fate).containsOnly(Fate.TIMED_OUT);
      assertThat(requests).allMatch(r -> r.latencyMicros() >= 200_000);
    } finally {
      never.countDown();
    }
  }

  @Test
  void silentServerDoesNotKeepTheLoadFromSending() throws IOException {
    CountDownLatch later = new CountDownLatch(1);
    try (RawServer server =
            RawServer.start(
                (connection, request, socket) -> {
                  awaitQuietly(later);
                  RawServer.write(socket, RawServer.OK);
                });
        Load load = load(server.address(), 2)) {
      load.start();
      await().until(() -> server.accepted() >= 20);
      assertThat(load.soFar()).isEmpty();
      later.countDown();
      List<Request> requests = load.finish();
      assertThat(requests).allMatch(Request::succeeded).hasSizeGreaterThanOrEqualTo(20);
      // The first ones waited for the latch, and their latency says so.
      Request first = requests.stream().min(LoadTest::byIntended).orElseThrow();
      Request last = requests.stream().max(LoadTest::byIntended).orElseThrow();
      assertThat(first.latencyMicros()).isGreaterThan(last.latencyMicros());
    }
  }

  @Test
  void announcedCloseIsObeyedAndLosesNothing() throws IOException {
    String closing = "HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: 2\r\n\r\nok";
    try (RawServer server =
        RawServer.start((connection, request, socket) -> RawServer.write(socket, closing))) {
      List<Request> requests = run(server.address(), 2, MANY);

      assertThat(requests).allMatch(Request::succeeded).noneMatch(Request::reused);
      assertThat(server.accepted()).isGreaterThanOrEqualTo(requests.size());
    }
  }

  @Test
  void keptConnectionClosedBetweenRequestsIsCountedAndLosesNothing() throws IOException {
    CountDownLatch answered = new CountDownLatch(1);
    try (RawServer server =
            RawServer.start(
                (connection, request, socket) -> {
                  RawServer.write(socket, RawServer.OK);
                  answered.countDown();
                });
        Load load = load(server.address(), 8)) {
      load.start();
      awaitQuietly(answered);
      load.stop();
      load.finish();
      server.stop();
      await().untilAsserted(() -> assertThat(load.idleClosesUnannounced()).isEqualTo(8));
    }
  }

  @Test
  void requestsAreSpreadOverAllTargets() throws IOException {
    try (RawServer one = answering();
        RawServer other = answering()) {
      List<Request> requests = run(plan(one.address(), other.address()), MANY);

      assertThat(requests).allMatch(Request::succeeded);
      assertThat(requests)
          .extracting(Request::target)
          .contains(one.address().toString(), other.address().toString());
      // The four that are kept, and more where a slow machine had all of them busy.
      assertThat(one.accepted()).isGreaterThanOrEqualTo(2);
      assertThat(other.accepted()).isGreaterThanOrEqualTo(2);
    }
  }

  @Test
  void targetThatRefusesCostsNothingWhileAnotherIsThere() throws IOException {
    try (RawServer living = answering()) {
      List<Request> requests = run(plan(dead(), living.address()), MANY);

      assertThat(requests).allMatch(Request::succeeded);
      assertThat(requests).extracting(Request::target).containsOnly(living.address().toString());
    }
  }

  @Test
  void requestThatWasSentAndBrokeIsNotSentToTheOtherTarget() throws IOException {
    try (RawServer closing = RawServer.start((connection, request, socket) -> socket.close());
        RawServer answering = answering()) {
      List<Request> requests = run(plan(closing.address(), answering.address()), MANY);

      assertThat(requests)
          .filteredOn(r -> r.target().equals(closing.address().toString()))
          .isNotEmpty()
          .extracting(Request::fate)
          .containsOnly(Fate.BROKEN_BEFORE_HEAD);
      assertThat(requests)
          .filteredOn(r -> r.target().equals(answering.address().toString()))
          .isNotEmpty()
          .allMatch(Request::succeeded);
    }
  }

  @Test
  void clientsThatLearnOfAnotherTargetUseItToo() throws IOException {
    try (RawServer first = answering();
        RawServer second = answering();
        Load load = load(first.address(), 4)) {
      load.start();
      await().until(() -> !load.soFar().isEmpty());
      load.add(second.address());
      await()
          .until(
              () ->
                  load.soFar().stream()
                      .anyMatch(r -> r.target().equals(second.address().toString())));
      assertThat(load.finish()).allMatch(Request::succeeded);
      assertThat(second.accepted()).isGreaterThanOrEqualTo(2);
    }
  }

  @Test
  void sameSeedMeansSameRequests() {
    RequestMix mix = new RequestMix(30, 10, 7);
    int posts = 0;
    int puts = 0;
    for (int n = 0; n < 10_000; n++) {
      assertThat(mix.spec(n)).isEqualTo(new RequestMix(30, 10, 7).spec(n));
      posts += mix.spec(n).method().equals("POST") ? 1 : 0;
      puts += mix.spec(n).method().equals("PUT") ? 1 : 0;
    }
    assertThat(posts).isBetween(2800, 3200);
    assertThat(puts).isBetween(850, 1150);
  }

  private static void assertFates(String answer, Fate fate, int status) throws IOException {
    try (RawServer server =
        RawServer.start(
            (connection, request, socket) -> {
              RawServer.write(socket, answer);
              socket.close();
            })) {
      List<Request> requests = run(server.address(), 2, 10);
      assertThat(requests).extracting(Request::fate).containsOnly(fate);
      assertThat(requests).extracting(Request::status).containsOnly(status);
    }
  }

  private static List<Request> run(Address target, int connections, int atLeast)
      throws IOException {
    return run(plan(target, connections, Duration.ofSeconds(30)), atLeast);
  }

  private static List<Request> run(Load.Plan plan, int atLeast) throws IOException {
    try (Load load = new Load(plan, new Clock())) {
      load.start();
      await().until(() -> load.sent() >= atLeast);
      List<Request> requests = load.finish();
      assertThat(requests).hasSize(Math.toIntExact(load.sent()));
      return requests;
    }
  }

  private static RawServer answering() throws IOException {
    return RawServer.start((connection, request, socket) -> RawServer.write(socket, RawServer.OK));
  }

  private static Address dead() throws IOException {
    try (ServerSocket socket = new ServerSocket(0)) {
      return new Address("127.0.0.1", socket.getLocalPort());
    }
  }

  private static Load.Plan plan(Address one, Address other) {
    RequestMix mix = RequestMix.ofDrills();
    return new Load.Plan(
        List.of(one, other), "dumbsound.localhost", 100, 4, mix, Duration.ofSeconds(30), "t");
  }

  private static Load load(Address target, int connections) {
    return new Load(plan(target, connections, Duration.ofSeconds(30)), new Clock());
  }

  private static Load.Plan plan(Address target, int connections, Duration patience) {
    RequestMix mix = RequestMix.ofDrills();
    return new Load.Plan(
        List.of(target), "dumbsound.localhost", 100, connections, mix, patience, "t");
  }

  private static int byIntended(Request one, Request other) {
    return Long.compare(one.intendedMicros(), other.intendedMicros());
  }

  private static void awaitQuietly(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
