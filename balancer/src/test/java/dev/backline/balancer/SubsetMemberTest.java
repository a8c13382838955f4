package dev.backline.balancer;

import static dev.backline.balancer.Eventually.await;
import static org.assertj.core.api.Assertions.assertThat;

import dev.backline.balancer.control.Event;
import dev.backline.balancer.model.MemberId;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.json.JsonObject;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;

/** A pool of 200 backends, each an address of one server. */
@EnabledOnOs(value = OS.LINUX, disabledReason = "elsewhere 127.0.0.0/8 is one address")
class SubsetMemberTest {
  private static final int BACKENDS = 200;
  private static final List<MemberId> OTHERS =
      List.of(new MemberId("other-1"), new MemberId("other-2"), new MemberId("other-3"));

  private final Vertx vertx = Vertx.vertx();
  private final Set<String> asked = ConcurrentHashMap.newKeySet();
  private final Set<String> sick = ConcurrentHashMap.newKeySet();
  private Member.Setup setup = Member.of(new String[0]);

  @BeforeEach
  void listen() throws Exception {
    HttpServer server =
        vertx
            .createHttpServer()
            .requestHandler(this::answer)
            .listen(0, "0.0.0.0")
            .toCompletionStage()
            .toCompletableFuture()
            .get(10, TimeUnit.SECONDS);
    List<String> addresses = new ArrayList<>();
    for (int i = 1; i <= BACKENDS; i++) {
      addresses.add("127.0.1." + i + ":" + server.actualPort());
    }
    setup = Member.of(addresses.toArray(String[]::new));
  }

  @AfterEach
  void close() throws Exception {
    vertx.close().toCompletionStage().toCompletableFuture().get(10, TimeUnit.SECONDS);
  }

  private void answer(HttpServerRequest request) {
    String backend = request.localAddress().hostAddress();
    if (!request.path().equals("/health")) {
      asked.add(backend);
    } else if (sick.contains(backend)) {
      request.response().setStatusCode(500);
    }
    request.response().end("hello");
  }

  /** The four members have 100 each, on average; this one's are what its name makes them. */
  @Test
  void memberSendsOnlyToItsSubsetAndToMoreWhenThatFails() {
    try (Member member = setup.with("health: {interval: 2s, timeout: 2s}").start();
        RawClient client = member.connect()) {
      hear(member, OTHERS);
      Set<String> subset = used(member);
      assertThat(subset).hasSizeBetween(50, 150);
      assertThat(pool(member).getInteger("used")).isEqualTo(subset.size());
      await()
          .until(
              () -> {
                ask(client, BACKENDS);
                return asked.containsAll(subset);
              });
      assertThat(asked).containsExactlyInAnyOrderElementsOf(subset);

      asked.clear();
      sick.addAll(subset);
      await().until(() -> used(member).stream().filter(b -> !sick.contains(b)).count() >= 25);
      await()
          .until(
              () -> {
                asked.clear();
                ask(client, 100);
                return asked.stream().noneMatch(sick::contains);
              });
      assertThat(pool(member).getBoolean("panic")).isFalse();

      hear(member, List.of());
      assertThat(used(member)).hasSize(BACKENDS);
    }
  }

  private static void hear(Member member, List<MemberId> others) {
    CompletableFuture<Void> applied = new CompletableFuture<>();
    member.balancer().toControl(new Event.MembersHeard(others), () -> applied.complete(null));
    applied.join();
  }

  private static void ask(RawClient client, int times) {
    for (int i = 0; i < times; i++) {
      assertThat(client.get("/").answer().status()).isEqualTo(200);
    }
  }

  private static JsonObject pool(Member member) {
    return member.status().getJsonArray("pools").getJsonObject(0);
  }

  /** Returns the hosts of those that a member says it uses. */
  private static Set<String> used(Member member) {
    Set<String> used = ConcurrentHashMap.newKeySet();
    for (Object each : pool(member).getJsonArray("backends")) {
      JsonObject backend = (JsonObject) each;
      if (backend.getBoolean("used")) {
        used.add(backend.getString("address").split(":", 2)[0]);
      }
    }
    return used;
  }
}
