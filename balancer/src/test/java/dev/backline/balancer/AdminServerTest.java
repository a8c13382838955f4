package dev.backline.balancer;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.json.JsonObject;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The administrative interface over its own port, with raw bytes. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS) // One member for all.
class AdminServerTest {
  private final RawBackend one = RawBackend.saying("one");
  private final RawBackend two = RawBackend.saying("two");
  private final Member member = Member.of(one, two).start();

  @AfterAll
  void stop() {
    member.close();
    one.close();
    two.close();
  }

  private RawClient.Answer ask(String head) {
    try (RawClient client = RawClient.to(member.adminPort())) {
      return client.send(head + "\r\n").answer();
    }
  }

  private String authorized() {
    return "Authorization: Bearer " + member.token() + "\r\n";
  }

  @ParameterizedTest
  @ValueSource(strings = {"/healthz", "/readyz"})
  void aliveAndReadyAreToldToAll(String path) {
    assertThat(ask("GET " + path + " HTTP/1.1\r\nHost: localhost\r\n").status()).isEqualTo(200);
    assertThat(ask("GET " + path + " HTTP/1.1\r\nHost: balancer:7070\r\n").status())
        .as("by whatever name")
        .isEqualTo(200);
    assertThat(ask("GET " + path + " HTTP/1.0\r\n").status()).isEqualTo(200);
    try (RawClient client = RawClient.to(member.adminPort())) {
      client.send("HEAD " + path + " HTTP/1.1\r\nHost: balancer\r\n\r\n");
      assertThat(client.answerToHead().status()).isEqualTo(200);
    }
  }

  /** Was: whoever reached it could take all descriptors of the member. */
  @Test
  void connectionsAreBounded() {
    List<RawClient> clients = new ArrayList<>();
    try {
      for (int i = 0; i < 300; i++) {
        clients.add(RawClient.to(member.adminPort()));
      }
      assertThat(clients.get(0).untilClosed()).as("the eldest").isEmpty();
      clients.get(299).send("GET /healthz HTTP/1.1\r\nHost: a\r\n\r\n");
      assertThat(clients.get(299).answer().status()).isEqualTo(200);
    } finally {
      clients.forEach(RawClient::close);
    }
    Eventually.await().until(() -> ask("GET /healthz HTTP/1.1\r\nHost: a\r\n").status() == 200);
  }

  @ParameterizedTest
  @ValueSource(strings = {"GET /v1/status", "POST /v1/reload", "GET /", "GET /v1/nothing"})
  void allElseNeedsTheToken(String request) {
    String head = request + " HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n";
    String token = member.token();

    for (String wrong :
        List.of(
            "",
            "Authorization: Bearer wrong\r\n",
            "Authorization: Bearer\r\n",
            "Authorization: Basic " + token + "\r\n",
            "Authorization: " + token + "\r\n",
            "Authorization: Bearer " + token.substring(1) + "\r\n",
            "Authorization: Bearer " + token + "x\r\n")) {
      RawClient.Answer answer = ask(head + wrong);
      assertThat(answer.status()).as(wrong).isEqualTo(401);
      assertThat(answer.header("www-authenticate")).startsWith("Bearer");
      assertThat(answer.text()).doesNotContain(token);
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"evil.example", "localhost.evil.example", "127.0.0.1.evil.example", "xlocalhost"})
  void foreignHostIsRefusedEvenWithTheToken(String host) {
    String head = " HTTP/1.1\r\nHost: " + host + "\r\n" + authorized();

    assertThat(ask("GET /v1/status" + head).status()).isEqualTo(403);
    assertThat(ask("GET /v1/nothing" + head).status()).isEqualTo(403);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "localhost",
        "LocalHost:7070",
        "127.0.0.1:7070",
        "10.1.2.3",
        "[::1]:7070",
        "balancer.localhost"
      })
  void addressesAndLocalNamesAreAccepted(String host) {
    assertThat(ask("GET /v1/status HTTP/1.1\r\nHost: " + host + "\r\n" + authorized()).status())
        .isEqualTo(200);
  }

  @Test
  void changeNeedsJson() {
    for (String type : List.of("", "Content-Type: text/plain\r\n", "Content-Type: json\r\n")) {
      RawClient.Answer answer =
          ask("POST /v1/reload HTTP/1.1\r\nHost: localhost\r\n" + type + authorized());
      assertThat(answer.status()).as(type).isEqualTo(415);
      assertThat(new JsonObject(answer.text()).getString("error")).contains("application/json");
    }
  }

  @ParameterizedTest
  @CsvSource({
    "http://evil.example, 403",
    "null, 403",
    "https://localhost:7070, 403",
    "http://localhost:7071, 403",
    "http://localhost:7070, 200",
  })
  void changeNeedsAFittingOrigin(String origin, int status) {
    RawClient.Answer answer =
        ask(
            "POST /v1/reload HTTP/1.1\r\nHost: localhost:7070\r\nContent-Type: application/json\r\n"
                + "Origin: "
                + origin
                + "\r\n"
                + authorized());

    assertThat(answer.status()).isEqualTo(status);
  }

  @ParameterizedTest
  @CsvSource({
    "GET, /v1/nothing, 404",
    "GET, /, 404",
    "POST, /v1/status, 405",
    "DELETE, /v1/status, 405",
    "GET, /v1/reload, 405",
  })
  void unknownPagesAndMethodsAreToldInJson(String method, String path, int status) {
    RawClient.Answer answer = member.admin(method, path);

    assertThat(answer.status()).isEqualTo(status);
    assertThat(answer.header("content-type")).isEqualTo("application/json");
    assertThat(new JsonObject(answer.text()).getString("error")).isNotBlank();
  }

  @Test
  void statusHasAllThatTheContractNames() {
    member.awaitHealth("backend-1", "up").awaitHealth("backend-2", "up");
    assertThat(member.get("/").status()).isEqualTo(200);

    RawClient.Answer answer = member.admin("GET", "/v1/status");

    assertThat(answer.header("content-type")).isEqualTo("application/json");
    assertThat(answer.header("cache-control")).isEqualTo("no-store");
    JsonObject status = new JsonObject(answer.text());
    assertThat(status.fieldNames())
        .containsExactly(
            "member",
            "snapshot",
            "listeners",
            "exchangesInFlight",
            "queued",
            "accessLogDropped",
            "localFailures",
            "clientsRefused",
            "pools");
    JsonObject about = status.getJsonObject("member");
    assertThat(about.fieldNames()).containsExactly("name", "version", "state", "uptimeMillis");
    assertThat(about.getString("name")).isEqualTo("balancer-1");
    assertThat(about.getString("version")).isEqualTo("test");
    assertThat(about.getString("state")).isEqualTo("ready");
    assertThat(about.getLong("uptimeMillis")).isPositive();
    assertThat(status.getJsonArray("listeners").getString(0))
        .isEqualTo("127.0.0.1:" + member.port());
    JsonObject pool = status.getJsonArray("pools").getJsonObject(0);
    assertThat(pool.fieldNames())
        .containsExactly("name", "panic", "used", "policy", "source", "backends");
    assertThat(pool.getJsonObject("source").getString("kind")).isEqualTo("file");
    assertThat(pool.getString("name")).isEqualTo("music");
    assertThat(pool.getString("policy")).isEqualTo("power of two choices");
    assertThat(pool.getBoolean("panic")).isFalse();
    JsonObject backend = pool.getJsonArray("backends").getJsonObject(0);
    assertThat(backend.fieldNames())
        .containsExactly(
            "name",
            "address",
            "weight",
            "admin",
            "health",
            "unlisted",
            "used",
            "eligible",
            "reason",
            "sinceMillis",
            "inFlight",
            "attempts",
            "failures",
            "headMillis",
            "lastProbe",
            "peers");
    assertThat(backend.getString("name")).isEqualTo("backend-1");
    assertThat(backend.getString("address")).isEqualTo(one.address());
    assertThat(backend.getInteger("weight")).isEqualTo(1);
    assertThat(backend.getString("admin")).isEqualTo("ready");
    assertThat(backend.getString("health")).isEqualTo("up");
    assertThat(backend.getBoolean("eligible")).isTrue();
    assertThat(backend.getString("reason")).isEqualTo("passes: 200");
    assertThat(backend.getString("lastProbe")).matches("200 in \\d+\\.\\d ms");
  }

  @Test
  void statusCountsAttemptsAndFailures() {
    long before =
        member.backend("backend-1").getLong("attempts")
            + member.backend("backend-2").getLong("attempts");
    for (int i = 0; i < 6; i++) {
      assertThat(member.get("/").status()).isEqualTo(200);
    }

    Eventually.await()
        .until(
            () ->
                member.backend("backend-1").getLong("attempts")
                    + member.backend("backend-2").getLong("attempts"),
            Long.valueOf(before + 6)::equals);
    assertThat(member.backend("backend-1").getInteger("inFlight")).isZero();
  }

  @Test
  void proxyNeverLeadsToTheAdminInterface() {
    assertThat(member.get("/v1/status").text()).isIn("one", "two");
  }
}
