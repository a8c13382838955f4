package dev.backline.balancer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Backends that register themselves at a whole member, with raw bytes. */
class RegistrationTest {
  private static final String OTHER_TOKEN = "0123456789abcdef-api-backends";

  @TempDir private Path directory;
  private final List<Member> members = new ArrayList<>();
  private final RawBackend backend = RawBackend.saying("one", "127.0.0.1", 0);
  private Path webToken = Path.of("");
  private Path apiToken = Path.of("");

  @BeforeEach
  void tokens() {
    webToken = Registering.tokenFile(directory, Registering.TOKEN);
    apiToken = Registering.tokenFile(directory, OTHER_TOKEN);
  }

  @AfterEach
  void stop() {
    members.forEach(Member::close);
    backend.close();
  }

  private Member start() {
    return start("");
  }

  private Member start(String keys) {
    Member member = Member.configured(config(keys));
    members.add(member);
    return member;
  }

  private String config(String keys) {
    return Member.head("")
        + """
        registration: {address: "127.0.0.1:0", state_file: %s}
        pools:
          web:
            registration: {token_file: %s%s}
            health: {interval: 200ms, timeout: 200ms}
          more: {registration: %s}
          api: {registration: {token_file: %s, allow: [127.0.0.0/8]}}
          file: {backends: [127.0.0.1:1]}
        routes: [{pool: web}]
        """
            .formatted(directory.resolve("state.json"), webToken, keys, webToken, apiToken);
  }

  private static Registering web(String name) {
    return new Registering("web", name, 7);
  }

  @Test
  void registeredBackendServesUntilItWithdraws() {
    Member member = start();
    Registering one = web("one");

    RawClient.Answer first = one.put(member.registrationPort(), ":" + backend.port());

    assertThat(first.status()).isEqualTo(201);
    assertThat(first.header("content-type")).isEqualTo("application/json");
    JsonObject told = new JsonObject(first.text());
    assertThat(told.getString("address")).isEqualTo("127.0.0.1:" + backend.port());
    assertThat(told.getLong("leaseMillis")).isEqualTo(10_000);
    assertThat(told.getLong("renewMillis")).isEqualTo(3_333);
    assertThat(told.getString("secret")).hasSize(48);
    member.awaitHealth("one", "up");
    assertThat(member.get("/").text()).isEqualTo("one");

    JsonObject again =
        new JsonObject(one.put(member.adminPort(), "127.0.0.1:" + backend.port()).text());
    assertThat(again.fieldNames())
        .as("the admin address takes it too, and the secret is told once")
        .containsExactly("pool", "backend", "address", "leaseMillis", "renewMillis");

    assertThat(one.delete(member.registrationPort()).status()).isEqualTo(200);
    assertThat(backends(member)).isEmpty();
  }

  @Test
  void leaseThatIsNotRenewedEndsAndStatusSaysHowLongItHolds() {
    Member member = start(", lease: 6s");
    web("one").put(member.registrationPort(), ":" + backend.port());
    member.awaitHealth("one", "up");

    JsonObject view = member.backend("one");
    assertThat(view.getLong("leaseLeftMillis")).isBetween(1L, 6_000L);
    JsonObject pool = member.status().getJsonArray("pools").getJsonObject(0);
    assertThat(pool.getJsonObject("source"))
        .isEqualTo(new JsonObject().put("kind", "registration").put("leaseMillis", 6_000));

    Eventually.await().until(() -> backends(member).isEmpty());
  }

  @Test
  void noTokenOrAWrongOneIsRefusedAndTheTokensDoNothingElse() {
    Member member = start();
    for (int port : new int[] {member.registrationPort(), member.adminPort()}) {
      for (String token : List.of("", "wrong", Registering.TOKEN + "x", member.token())) {
        String path = "/v1/pools/web/backends/one";
        RawClient.Answer answer = Registering.send(port, "PUT", path, token, "{}");
        assertThat(answer.status()).as(token).isEqualTo(401);
        assertThat(answer.header("www-authenticate")).startsWith("Bearer");
        assertThat(Registering.error(answer))
            .isEqualTo(
                "no or wrong token (expected: Authorization: Bearer TOKEN, the one that backends"
                    + " register with)");
      }
    }
    assertThat(
            Registering.send(member.adminPort(), "GET", "/v1/status", Registering.TOKEN, "")
                .status())
        .isEqualTo(401);
    assertThat(
            Registering.send(member.adminPort(), "POST", "/v1/reload", Registering.TOKEN, "")
                .status())
        .isEqualTo(401);
  }

  @ParameterizedTest
  @ValueSource(strings = {"/", "/healthz", "/v1/status", "/v1/pools/web"})
  void registrationAddressAnswersNothingElse(String path) {
    Member member = start();
    assertThat(
            Registering.send(member.registrationPort(), "GET", path, member.token(), "").status())
        .isEqualTo(404);
  }

  @Test
  void registrationAddressTakesAnyHost() {
    Member member = start();
    String head =
        "PUT /v1/pools/web/backends/one HTTP/1.1\r\nHost: balancer.example\r\nContent-Type:"
            + " application/json\r\nAuthorization: Bearer "
            + Registering.TOKEN
            + "\r\n";
    String body = web("one").body(":" + backend.port()).encode();
    assertThat(Registering.send(member.adminPort(), head, body).status()).isEqualTo(403);
    assertThat(Registering.send(member.registrationPort(), head, body).status()).isEqualTo(201);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "nothing | 404 | pool: nothing (expected: a pool with registration: web, more)",
        "file | 409 | pool: file, the file lists its backends (expected: a pool with registration:"
            + " web, more)",
        "api | 403 | pool: api (expected: a pool with registration: web, more, which this token is"
            + " for)",
      })
  void poolsThatAreNotForTheTokenAreRefused(String pool, int status, String error) {
    Member member = start();
    RawClient.Answer answer =
        new Registering(pool, "one", 7).put(member.registrationPort(), ":" + backend.port());
    assertThat(Registering.error(answer)).isEqualTo(error);
    assertThat(answer.status()).isEqualTo(status);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '~',
      value = {
        "x | body: not an object of JSON (expected: like {\"address\": \"10.0.0.5:3000\","
            + " \"incarnation\": 1, \"sequence\": 1})",
        "[] | body: not an object of JSON (expected: like {\"address\": \"10.0.0.5:3000\","
            + " \"incarnation\": 1, \"sequence\": 1})",
        "{\"adress\":\":1\"} | adress: unknown (expected: one of address, weight, incarnation,"
            + " sequence, leaseMillis, secret)",
        "{} | address: missing (expected: an IP address and a port, like 10.0.0.5:3000, or :3000"
            + " for the caller's own)",
        "{\"address\":\"web-1:3000\"} | address: web-1:3000 (expected: an IP address and a port,"
            + " like 10.0.0.5:3000, or :3000 for the caller's own)",
        "{\"address\":\":0\"} | address: :0 (expected: an IP address and a port, like"
            + " 10.0.0.5:3000, or :3000 for the caller's own)",
        "{\"address\":3000} | address: 3000 (expected: text)",
        "{\"address\":\":1\",\"sequence\":1} | incarnation: missing (expected: a whole number from"
            + " 1 to 9007199254740991)",
        "{\"address\":\":1\",\"incarnation\":1,\"sequence\":0} | sequence: 0 (expected: a whole"
            + " number from 1 to 9007199254740991)",
        "{\"address\":\":1\",\"incarnation\":1.5,\"sequence\":1} | incarnation: 1.5 (expected: a"
            + " whole number from 1 to 9007199254740991)",
        "{\"address\":\":1\",\"incarnation\":1,\"sequence\":1,\"weight\":1001} | weight: 1001"
            + " (expected: a whole number from 1 to 1000)",
        "{\"address\":\":1\",\"incarnation\":1,\"sequence\":1,\"leaseMillis\":10001} | leaseMillis:"
            + " 10001 (expected: a whole number from 6000 to 10000)",
      })
  void malformedBodiesAreRefused(String body, String error) {
    Member member = start();
    RawClient.Answer answer =
        Registering.send(
            member.registrationPort(),
            "PUT",
            "/v1/pools/web/backends/one",
            Registering.TOKEN,
            body);
    assertThat(Registering.error(answer)).isEqualTo(error);
    assertThat(answer.status()).isEqualTo(400);
  }

  @Test
  void whatIsNoJsonOrTooLongOrNamelessIsRefused() {
    Member member = start();
    int port = member.registrationPort();
    String head =
        "PUT /v1/pools/web/backends/one HTTP/1.1\r\nHost: h\r\nContent-Type: text/plain\r\n"
            + "Authorization: Bearer "
            + Registering.TOKEN
            + "\r\n";
    RawClient.Answer text = Registering.send(port, head, "{}");
    assertThat(text.status()).isEqualTo(415);
    assertThat(Registering.error(text))
        .isEqualTo("Content-Type: text/plain (expected: application/json)");

    RawClient.Answer tooLong =
        Registering.send(
            port, "PUT", "/v1/pools/web/backends/one", Registering.TOKEN, " ".repeat(9_000));
    assertThat(tooLong.status()).isEqualTo(413);
    assertThat(Registering.error(tooLong)).isEqualTo("body: too long (expected: at most 8 KiB)");

    RawClient.Answer nameless =
        Registering.send(port, "PUT", "/v1/pools/web/backends/a:b", Registering.TOKEN, "{}");
    assertThat(nameless.status()).isEqualTo(400);
    assertThat(Registering.error(nameless))
        .isEqualTo("backend: a:b (expected: a name of at most 63 letters, digits, -, _ and .)");
    assertThat(
            Registering.send(port, "GET", "/v1/pools/web/backends/one", Registering.TOKEN, "")
                .status())
        .isEqualTo(405);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "169.254.169.254:80 | 422 | a link-local address (expected: the address of one backend)",
        "224.0.0.1:80 | 422 | a multicast or broadcast address (expected: the address of one"
            + " backend)",
        "[::]:80 | 422 | an unspecified address (expected: the address of one backend)",
      })
  void refusedRangesAreRefusedThoughTheTokenAllowsThem(String address, int status, String why) {
    Member member = Member.configured(config("").replace("127.0.0.0/8", "0.0.0.0/0, \"::/0\""));
    members.add(member);
    RawClient.Answer answer =
        Registering.send(
            member.registrationPort(),
            "PUT",
            "/v1/pools/api/backends/one",
            OTHER_TOKEN,
            new Registering("api", "one", 7).body(address).encode());
    assertThat(Registering.error(answer)).isEqualTo("address: " + address + ", " + why);
    assertThat(answer.status()).isEqualTo(status);
  }

  @Test
  void ownSocketsAreRefused() {
    Member member = start();
    int port = member.registrationPort();
    List<Integer> own = List.of(member.port(), member.adminPort(), port);
    List<String> names = List.of("listener", "admin interface", "registration address");
    for (int i = 0; i < own.size(); i++) {
      RawClient.Answer answer = web("one").put(port, ":" + own.get(i));
      assertThat(answer.status()).isEqualTo(422);
      assertThat(Registering.error(answer))
          .isEqualTo(
              "address: 127.0.0.1:%d, this member's own %s (expected: the address of one backend)"
                  .formatted(own.get(i), names.get(i)));
    }
  }

  @Test
  void othersAddressesNeedATokenThatAllowsThem() {
    Member member = start();
    int port = member.registrationPort();
    RawClient.Answer foreign = web("one").put(port, "127.0.0.9:3000");
    assertThat(foreign.status()).isEqualTo(403);
    assertThat(Registering.error(foreign))
        .isEqualTo("address: 127.0.0.9:3000 (expected: 127.0.0.1, where the request comes from)");

    String path = "/v1/pools/api/backends/one";
    String allowed = new Registering("api", "one", 7).body("127.0.0.9:3000").encode();
    assertThat(Registering.send(port, "PUT", path, OTHER_TOKEN, allowed).status()).isEqualTo(201);
    String beyond = new Registering("api", "one", 8).body("10.0.0.9:3000").encode();
    assertThat(Registering.error(Registering.send(port, "PUT", path, OTHER_TOKEN, beyond)))
        .isEqualTo(
            "address: 10.0.0.9:3000 (expected: 127.0.0.1, where the request comes from, or one in"
                + " 127.0.0.0/8)");
  }

  @Test
  void olderWordsAreRefusedWithWhatIsKnown() {
    Member member = start();
    int port = member.registrationPort();
    Registering one = web("one");
    one.put(port, ":" + backend.port());
    one.put(port, ":" + backend.port());

    RawClient.Answer older = web("one").put(port, ":" + backend.port());
    assertThat(older.status()).isEqualTo(409);
    assertThat(new JsonObject(older.text()))
        .isEqualTo(
            new JsonObject()
                .put("error", "sequence: 1 (expected: above 2, which is known)")
                .put("known", new JsonObject().put("incarnation", 7).put("sequence", 2)));
    RawClient.Answer earlier = new Registering("web", "one", 6).put(port, ":" + backend.port());
    assertThat(earlier.status()).isEqualTo(409);
    assertThat(Registering.error(earlier))
        .isEqualTo("incarnation: 6 (expected: above 7, which is known)");
    assertThat(new Registering("web", "one", 6).delete(port).status()).isEqualTo(409);
    assertThat(backends(member)).hasSize(1);
  }

  @Test
  void anotherAddressOfAnIncarnationNeedsItsSecret() {
    Member member = start();
    int port = member.registrationPort();
    Registering one = web("one");
    String secret = new JsonObject(one.put(port, ":" + backend.port()).text()).getString("secret");

    RawClient.Answer without = one.put(port, ":3999");
    assertThat(without.status()).isEqualTo(403);
    assertThat(Registering.error(without))
        .isEqualTo(
            "address: 127.0.0.1:3999 (expected: 127.0.0.1:%d as registered, or the secret that its"
                    .formatted(backend.port())
                + " first answer gave)");

    String moved = one.body(":3999").put("secret", secret).encode();
    RawClient.Answer with =
        Registering.send(port, "PUT", "/v1/pools/web/backends/one", Registering.TOKEN, moved);
    assertThat(with.status()).isEqualTo(200);
    assertThat(member.backend("one").getString("address")).isEqualTo("127.0.0.1:3999");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "'' | incarnation: missing",
        "?incarnation=7 | sequence: missing",
        "?incarnation=7&sequence=x | sequence: x",
        "?incarnation=0&sequence=1 | incarnation: 0",
        "?incarnation=7&sequence=1&sequence=2 | sequence: 1, 2",
      })
  void withdrawalNeedsItsNumbers(String query, String error) {
    Member member = start();
    String path = "/v1/pools/web/backends/one" + query;
    RawClient.Answer answer =
        Registering.send(member.registrationPort(), "DELETE", path, Registering.TOKEN, "");
    assertThat(answer.status()).isEqualTo(400);
    assertThat(Registering.error(answer))
        .isEqualTo(error + " (expected: a whole number from 1 to 9007199254740991)");
  }

  @Test
  void withdrawalOfAnothersBackendIsRefused() {
    Member member = start();
    int port = member.registrationPort();
    String path = "/v1/pools/api/backends/one";
    String body = new Registering("api", "one", 7).body("127.0.0.9:3000").encode();
    Registering.send(port, "PUT", path, OTHER_TOKEN, body);
    String strict = config("").replace(", allow: [127.0.0.0/8]", "");
    assertThat(member.reload(strict).text()).contains("pool api: changed its registration");

    RawClient.Answer answer =
        Registering.send(port, "DELETE", path + "?incarnation=7&sequence=2", OTHER_TOKEN, "");
    assertThat(answer.status()).isEqualTo(403);
    assertThat(Registering.error(answer))
        .isEqualTo("address: 127.0.0.9 (expected: 127.0.0.1, where the request comes from)");
  }

  /** Of who is listed no more the address is known as well. */
  @Test
  void withdrawalOfAnothersBackendThatIsNotListedIsRefused() {
    Member member = start();
    int port = member.registrationPort();
    String path = "/v1/pools/api/backends/";
    for (String name : List.of("early", "late")) {
      int incarnation = name.equals("early") ? 7 : 8;
      String body = new Registering("api", name, incarnation).body("127.0.0.9:3000").encode();
      Registering.send(port, "PUT", path + name, OTHER_TOKEN, body);
    }
    member.reload(config("").replace(", allow: [127.0.0.0/8]", ""));

    String query = "early?incarnation=9007199254740991&sequence=1";
    RawClient.Answer answer = Registering.send(port, "DELETE", path + query, OTHER_TOKEN, "");
    assertThat(answer.status()).isEqualTo(403);
    assertThat(Registering.error(answer))
        .isEqualTo("address: 127.0.0.9 (expected: 127.0.0.1, where the request comes from)");
  }

  @Test
  void withdrawalOfWhatNobodyKnowsIsRefused() {
    Member member = start();
    RawClient.Answer answer = web("one").delete(member.registrationPort());
    assertThat(answer.status()).isEqualTo(404);
    assertThat(Registering.error(answer))
        .isEqualTo("backend: one (expected: one that is registered)");
  }

  /** An address that was given on: who answers there says that it is somebody else. */
  @Test
  void backendThatSaysItIsAnotherGetsNothing() {
    String answer = "HTTP/1.1 200 OK\r\nBackline-Instance: two\r\nContent-Length: 0\r\n\r\n";
    backend.health(connection -> connection.send(answer));
    Member member = start();
    web("one").put(member.registrationPort(), ":" + backend.port());
    String words = "answers as two, but one is registered there";
    Eventually.await().until(() -> words.equals(member.backend("one").getString("lastProbe")));
    assertThat(member.health("one")).isEqualTo("unproven");
  }

  /** The file calls it as it likes: only who registered is asked whether it is still the one. */
  @Test
  void backendOfTheFileServesOnAfterAReloadToRegistrationWhateverItCallsItself() {
    String answer = "HTTP/1.1 200 OK\r\nBackline-Instance: two\r\nContent-Length: 0\r\n\r\n";
    backend.health(connection -> connection.send(answer));
    String file =
        config("")
            .replace(
                "registration: {token_file: %s}\n    health".formatted(webToken),
                "backends: [{address: \"127.0.0.1:%d\", name: one}]\n    health"
                    .formatted(backend.port()));
    Member member = Member.configured(file);
    members.add(member);
    member.awaitHealth("one", "up");
    assertThat(member.reload(config(", lease: 1h")).status()).isEqualTo(200);
    RawBackend other = RawBackend.saying("other", "127.0.0.1", 0);
    try (other) {
      web("other").put(member.registrationPort(), ":" + other.port());
      member.awaitHealth("other", "up");
      String probe = member.backend("one").getString("lastProbe");
      Eventually.await().until(() -> !member.backend("one").getString("lastProbe").equals(probe));
      assertThat(member.health("one")).isEqualTo("up");
      assertThat(member.backend("one").getBoolean("unlisted")).isTrue();
    }
  }

  @Test
  void restartedMemberKnowsWhatWasRegistered() throws IOException {
    Member before = start();
    Registering one = web("one");
    Registering gone = web("gone");
    one.put(before.registrationPort(), ":" + backend.port());
    gone.put(before.registrationPort(), ":3999");
    gone.delete(before.registrationPort());
    before.close();

    Member after = start();
    after.awaitHealth("one", "up");
    assertThat(after.get("/").text()).isEqualTo("one");
    assertThat(backends(after)).hasSize(1);
    assertThat(new Registering("web", "gone", 7).put(after.registrationPort(), ":3999").status())
        .as("what was withdrawn is known as well")
        .isEqualTo(409);
    assertThat(one.put(after.registrationPort(), ":" + backend.port()).status()).isEqualTo(200);
    Path underway = directory.resolve("state.json.new");
    Eventually.await().until(() -> Files.notExists(underway));
  }

  @Test
  void stateThatIsTooOldOrBrokenIsNotUsed() throws IOException {
    Path state = directory.resolve("state.json");
    Member before = start();
    web("one").put(before.registrationPort(), ":" + backend.port());
    before.close();
    JsonObject saved = new JsonObject(Files.readString(state));
    assertThat(saved.getJsonArray("registrations")).hasSize(1);

    Instant old = Instant.parse(saved.getString("savedAt")).minusSeconds(25 * 3_600);
    Files.writeString(state, saved.put("savedAt", old.toString()).encode());
    assertThat(backends(start())).isEmpty();

    Files.writeString(state, "{\"savedAt\": 1");
    assertThat(backends(start())).isEmpty();
  }

  @Test
  void tokenIsReadAgainAndABadOneChangesNothing() throws IOException {
    Member member = start();
    Files.writeString(webToken, "another-token-of-the-operator");
    assertThat(member.reload(config("")).status()).isEqualTo(200);
    assertThat(web("one").put(member.registrationPort(), ":" + backend.port()).status())
        .isEqualTo(401);

    Files.setPosixFilePermissions(webToken, PosixFilePermissions.fromString("rw-r--r--"));
    RawClient.Answer rejected = member.reload(config(""));
    assertThat(rejected.status()).isEqualTo(422);
    assertThat(rejected.text()).contains("pools.web.registration.token_file: " + webToken);
  }

  @Test
  void missingTokenIsToldAtTheStart() {
    String config = config("").replace(webToken.toString(), "missing.token");
    assertThatThrownBy(() -> Member.configured(config))
        .hasMessageContaining("pools.web.registration.token_file: ")
        .hasMessageContaining("openssl rand -hex 32 > FILE");
  }

  private static List<JsonObject> backends(Member member) {
    JsonArray pools = member.status().getJsonArray("pools");
    return pools.getJsonObject(0).getJsonArray("backends").stream()
        .map(JsonObject.class::cast)
        .toList();
  }
}
