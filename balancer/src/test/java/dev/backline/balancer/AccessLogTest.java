package dev.backline.balancer;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.nio.file.Files;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** The access log: one line of JSON for each exchange, with every attempt. */
class AccessLogTest {
  @Test
  void lineTellsTheWholeExchange() {
    try (RawBackend breaking = RawBackend.scripted(RawBackend.Connection::close);
        RawBackend alive = RawBackend.saying("hello");
        Member member =
            Member.of(breaking, alive)
                .with("balance: {policy: round_robin, slow_start: 0s}")
                .start()
                .awaitHealth("backend-1", "up")
                .awaitHealth("backend-2", "up");
        RawClient client = member.connect()) {
      Instant before = Instant.now().minusSeconds(1);
      client.send(
          "PUT /a?b=\"c HTTP/1.1\r\nHost: music.example:8080\r\nX-Request-Id: id-1\r\n"
              + "Content-Length: 4\r\n\r\nbody");
      assertThat(client.answer().text()).isEqualTo("hello");

      JsonObject line = member.logged("/a?b=\"c");

      assertThat(line.fieldNames())
          .containsExactly(
              "time",
              "id",
              "client",
              "method",
              "host",
              "path",
              "status",
              "outcome",
              "millis",
              "bytesIn",
              "bytesOut",
              "pool",
              "queuedMillis",
              "attempts");
      assertThat(line.getString("time")).matches("\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\d.*Z");
      assertThat(Instant.parse(line.getString("time"))).isAfter(before);
      assertThat(line.getString("id")).isEqualTo("id-1");
      assertThat(line.getString("client")).isEqualTo("127.0.0.1");
      assertThat(line.getString("method")).isEqualTo("PUT");
      assertThat(line.getString("host")).isEqualTo("music.example:8080");
      assertThat(line.getInteger("status")).isEqualTo(200);
      assertThat(line.getString("outcome")).isEqualTo("answered");
      assertThat(line.getInteger("bytesIn")).isEqualTo(4);
      assertThat(line.getInteger("bytesOut")).isEqualTo(5);
      assertThat(line.getString("pool")).isEqualTo("music");
      assertThat(line.getDouble("queuedMillis")).isZero();
      assertThat(line.getJsonArray("attempts")).hasSize(2);
      double ended = 0;
      for (int i = 0; i < 2; i++) {
        JsonObject attempt = line.getJsonArray("attempts").getJsonObject(i);
        assertThat(attempt.fieldNames())
            .containsExactly("backend", "address", "startMillis", "millis", "fate");
        assertThat(attempt.getString("backend")).isEqualTo("backend-" + (i + 1));
        assertThat(attempt.getDouble("startMillis")).isGreaterThanOrEqualTo(ended);
        ended = attempt.getDouble("startMillis") + attempt.getDouble("millis") - 0.002;
      }
      assertThat(line.getDouble("millis")).isGreaterThanOrEqualTo(ended);
      assertThat(line.getJsonArray("attempts").getJsonObject(0).getString("fate"))
          .endsWith("before head");
      assertThat(line.getJsonArray("attempts").getJsonObject(1).getString("fate"))
          .isEqualTo("answered 200");
      assertThat(line.getJsonArray("attempts").getJsonObject(1).getString("address"))
          .isEqualTo(alive.address());
    }
  }

  @Test
  void everyExchangeHasExactlyOneLineWhateverBecameOfIt() {
    RawBackend.Script script =
        connection -> {
          connection.readBody();
          switch (connection.head().startLine().split("[ -]", 3)[1]) {
            case "/ok" -> connection.send(RawBackend.ok("fine"));
            case "/error" -> connection.send(RawBackend.status(500));
            case "/close" -> connection.close();
            case "/half" -> {
              connection.send("HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nhalf");
              connection.close();
            }
            default -> connection.isClosedByPeer(); // Hangs.
          }
        };
    List<String> sent = new ArrayList<>();
    try (RawBackend one = RawBackend.scripted(script);
        RawBackend two = RawBackend.scripted(script);
        Member member =
            Member.of(one, two)
                .with("timeouts: {head: 400ms, total: 2s}")
                .with("queue: {wait: 100ms}")
                .start()) {
      member.awaitHealth("backend-1", "up").awaitHealth("backend-2", "up");
      for (int i = 0; i < 30; i++) {
        String kind = List.of("/ok", "/error", "/close", "/half", "/hang", "/gone").get(i % 6);
        String method = i % 4 == 3 ? "POST" : "GET";
        String target = kind + "-" + i;
        sent.add(target);
        try (RawClient client = member.connect()) {
          client.send(method, target, "");
          if (kind.equals("/gone")) {
            client.reset();
          } else {
            assertThat(client.answer().status()).isPositive();
          }
        }
      }

      Eventually.await().until(() -> member.accessLog().size() >= sent.size());
      member.end(); // Flushes: a second line of any would be there now.
      List<JsonObject> lines = member.accessLog();
      assertThat(lines.stream().map(line -> line.getString("path")))
          .containsExactlyInAnyOrderElementsOf(sent);
      Map<String, List<JsonObject>> byId =
          lines.stream().collect(Collectors.groupingBy(line -> line.getString("id")));
      assertThat(byId).hasSize(sent.size());
      for (JsonObject line : lines) {
        assertThat(line.getString("outcome"))
            .isIn("answered", "not-sent", "maybe-executed", "client-gone", "broken");
        assertThat(line.getString("outcome").equals("client-gone"))
            .isEqualTo(line.getInteger("status") == 499);
      }
    }
  }

  @Test
  void errorAnswersOfOurOwnCountTheirBytes() {
    try (Member member = Member.of("127.0.0.1:1").with("queue: {wait: 0s}").start()) {
      String text = member.get("/x").text();

      assertThat(member.logged("/x").getInteger("bytesOut")).isEqualTo(text.length());
    }
  }

  @Test
  void logGoesToAFileWhereItSaysSoAndIsAppendedTo() throws IOException {
    try (RawBackend backend = RawBackend.saying("hello");
        Member member =
            Member.configured(Member.of(backend).text() + "access_log: {to: logs-of-the.day}\n")) {
      assertThat(member.get("/1").status()).isEqualTo(200);

      Eventually.await()
          .until(() -> Files.readString(member.folder().resolve("logs-of-the.day")).endsWith("\n"));
      String text = Files.readString(member.folder().resolve("logs-of-the.day"));
      assertThat(new JsonObject(text).getString("path")).isEqualTo("/1");
      assertThat(member.accessLog()).isEmpty();
    }
  }

  @Test
  void noneWritesNothing() {
    try (RawBackend backend = RawBackend.saying("hello");
        Member member = Member.configured(Member.of(backend).text() + "access_log: {to: none}\n")) {
      assertThat(member.get("/1").status()).isEqualTo(200);
      member.end();
      assertThat(member.accessLog()).isEmpty();
    }
  }
}
