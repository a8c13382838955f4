package dev.backline.sample;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.backline.sample.Raw.Reply;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class LedgerHttpTest {
  private static final Duration PATIENCE = Duration.ofSeconds(30);

  @TempDir private Path folder = Path.of("");

  @Test
  void executedRequestIsInMemoryAndInTheFile() throws IOException {
    Path file = folder.resolve("ledger.jsonl");
    long before = micros();
    try (Running site = Running.withLedger(file)) {
      site.exchange("POST", "/api/v1/plays", "{\"song\": 1}", "X-Request-Id: r-1");
      await().atMost(PATIENCE).until(() -> site.ledger("r-1").equals(List.of("begin", "end 201")));

      JsonObject ledger = site.json("/testbed/ledger");
      assertThat(ledger.getString("instance")).isEqualTo("backend-7");
      assertThat(ledger.getLong("dropped")).isZero();
      List<JsonObject> lines = Files.readAllLines(file).stream().map(JsonObject::new).toList();
      assertThat(lines).hasSize(2).isEqualTo(objects(ledger));
      JsonObject begin = lines.get(0);
      assertThat(begin.fieldNames()).containsExactly("event", "id", "method", "path", "at");
      assertThat(begin.getString("method")).isEqualTo("POST");
      assertThat(begin.getString("path")).isEqualTo("/api/v1/plays");
      assertThat(begin.getLong("at")).isBetween(before, micros());
      assertThat(lines.get(1).fieldNames()).containsExactly("event", "id", "status", "at");
    }
  }

  @Test
  void refusedOrMissingThingsAreInItToo() throws IOException {
    try (Running site = Running.plain()) {
      site.get("/nowhere", "X-Request-Id: a");
      site.exchange("DELETE", "/", "", "X-Request-Id: b");
      site.exchange("POST", "/api/v1/plays", "{", "X-Request-Id: c");
      site.get("/", "X-Request-Id: d");
      await().atMost(PATIENCE).until(() -> site.ledger("d").size() == 2);
      assertThat(site.ledger("a")).containsExactly("begin", "end 404");
      assertThat(site.ledger("b")).containsExactly("begin", "end 405");
      assertThat(site.ledger("c")).containsExactly("begin", "end 400");
      assertThat(site.ledger("d")).containsExactly("begin", "end 200");
    }
  }

  @Test
  void healthAndTestbedAndRequestsWithoutIdAreNotInIt() throws IOException {
    try (Running site = Running.withFaults()) {
      site.get("/health", "X-Request-Id: h");
      site.get("/testbed/faults", "X-Request-Id: t");
      site.get("/testbed/ledger", "X-Request-Id: t");
      site.get("/whoami");
      assertThat(objects(site.json("/testbed/ledger"))).isEmpty();
    }
  }

  /** The path was looked at as it was sent, and the route found by what it means. */
  @ParameterizedTest
  @ValueSource(strings = {"/testbed/../api/v1/plays", "/health/../api/v1/plays"})
  void detourDoesNotHideAnExecution(String path) throws IOException {
    try (Running site = Running.withFaults()) {
      site.fault("status", "{\"status\": 503}");
      Reply reply = site.exchange("POST", path, "{\"song\": 1}", "X-Request-Id: detour");
      assertThat(reply.status()).isEqualTo(503);
      await()
          .atMost(PATIENCE)
          .until(() -> site.ledger("detour").equals(List.of("begin", "end 503")));
    }
  }

  @Test
  void idThatIsTooLongIsRefusedAndNotExecuted() throws IOException {
    try (Running site = Running.plain()) {
      String id = "X-Request-Id: " + "x".repeat(65);
      Reply reply = site.exchange("POST", "/api/v1/plays", "{\"song\": 1}", id);
      assertThat(reply.status()).isEqualTo(400);
      assertThat(reply.body()).contains("X-Request-Id: ").contains("at most 64 characters");
      assertThat(site.json("/api/v1/music/1").getInteger("plays")).isZero();
    }
  }

  /** Many pieces, each written when the one before is with the kernel. */
  @Test
  void longLedgerIsOneDocument() throws IOException {
    try (Running site = Running.plain();
        Raw raw = new Raw(site.port())) {
      for (int i = 0; i < 1_500; i++) {
        raw.exchange("GET", "/api/v1/music/1", "", "X-Request-Id: many-" + i);
      }
      assertThat(objects(site.json("/testbed/ledger"))).hasSize(3_000);
    }
  }

  private static List<JsonObject> objects(JsonObject ledger) {
    return ledger.getJsonArray("entries").stream().map(JsonObject.class::cast).toList();
  }

  private static long micros() {
    Instant now = Instant.now();
    return now.getEpochSecond() * 1_000_000 + now.getNano() / 1_000;
  }
}
