package dev.backline.sample;

import static org.assertj.core.api.Assertions.assertThat;

import dev.backline.sample.Raw.Reply;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@TestInstance(Lifecycle.PER_CLASS)
class MusicTest {
  private Running site;

  @BeforeAll
  void start() {
    site = Running.plain();
  }

  @AfterAll
  void stop() {
    site.close();
  }

  @Test
  void listSaysHowManyThereAreAndWhereTheRestIs() throws IOException {
    JsonObject list = site.json("/api/v1/music?page=2&limit=5");
    assertThat(list.getInteger("total")).isEqualTo(24);
    assertThat(list.getInteger("pages")).isEqualTo(5);
    JsonArray items = list.getJsonArray("items");
    assertThat(items).hasSize(5);
    assertThat(items.getJsonObject(0).getInteger("id")).isEqualTo(6);
    assertThat(list.getJsonObject("links"))
        .isEqualTo(
            JsonObject.of(
                "self", "/api/v1/music?page=2&limit=5",
                "first", "/api/v1/music?page=1&limit=5",
                "last", "/api/v1/music?page=5&limit=5",
                "prev", "/api/v1/music?page=1&limit=5",
                "next", "/api/v1/music?page=3&limit=5"));
  }

  @Test
  void lastPageHasNoNextAndAPageBeyondItIsEmpty() throws IOException {
    JsonObject last = site.json("/api/v1/music?page=5&limit=5");
    assertThat(last.getJsonArray("items")).hasSize(4);
    assertThat(last.getJsonObject("links").fieldNames()).doesNotContain("next");
    JsonObject beyond = site.json("/api/v1/music?page=9&limit=5");
    assertThat(beyond.getJsonArray("items")).isEmpty();
    assertThat(beyond.getJsonObject("links").getString("prev"))
        .isEqualTo("/api/v1/music?page=5&limit=5");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "page=0    | page: \"0\" (expected: a whole number from 1 to 100000)",
        "page=-1   | page: \"-1\" (expected: a whole number from 1 to 100000)",
        "page=two  | page: \"two\" (expected: a whole number from 1 to 100000)",
        "page=     | page: \"\" (expected: a whole number from 1 to 100000)",
        "page=1.5  | page: \"1.5\" (expected: a whole number from 1 to 100000)",
        "limit=0   | limit: \"0\" (expected: a whole number from 1 to 100)",
        "limit=101 | limit: \"101\" (expected: a whole number from 1 to 100)",
        "limit=99999999999 | limit: \"99999999999\" (expected: a whole number from 1 to 100)",
      })
  void wrongPagingIsRefusedByName(String query, String message) throws IOException {
    Reply reply = site.get("/api/v1/music?" + query);
    assertThat(reply.status()).isEqualTo(400);
    assertThat(new JsonObject(reply.body()).getString("error")).isEqualTo(message);
  }

  @Test
  void songIsFoundByItsNumber() throws IOException {
    JsonObject song = site.json("/api/v1/music/9");
    assertThat(song.getString("title")).isEqualTo("The Understudy");
    assertThat(song.getString("length")).isEqualTo("4:47");
    assertThat(song.getString("cover")).isEqualTo("/covers/9.svg");
  }

  @ParameterizedTest
  @CsvSource({"0", "25", "x", "1.0", "-3", "99999999999"})
  void unknownSongIs404(String id) throws IOException {
    Reply reply = site.get("/api/v1/music/" + id);
    assertThat(reply.status()).isEqualTo(404);
    assertThat(reply.body()).contains("id: ").contains("(expected: a song from 1 to 24)");
  }

  @Test
  void eachPlayCounts() throws IOException {
    Reply first = site.exchange("POST", "/api/v1/plays", "{\"song\": 4}");
    Reply second = site.exchange("POST", "/api/v1/plays", "{\"song\": 4}");
    assertThat(first.status()).isEqualTo(201);
    assertThat(first.header("Location")).isEqualTo("/api/v1/music/4");
    assertThat(first.body()).isEqualTo("{\"song\":4,\"plays\":1}");
    assertThat(second.body()).isEqualTo("{\"song\":4,\"plays\":2}");
    assertThat(site.json("/api/v1/music/4").getInteger("plays")).isEqualTo(2);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{\"song\": 25}    | 404 | song: 25 (expected: a song from 1 to 24)",
        "{\"song\": \"1\"} | 400 | song: \"1\" (expected: the number of a song",
        "{}                | 400 | song: null (expected: the number of a song",
        "{\"song\": 1.5}   | 400 | song: 1.5 (expected: the number of a song",
        "{\"song\":        | 400 | (expected: a JSON object)",
        "[1]               | 400 | (expected: a JSON object)",
        "7                 | 400 | (expected: a JSON object)",
        "null              | 400 | (expected: a JSON object)",
      })
  void wrongPlayIsRefusedByName(String body, int status, String message) throws IOException {
    Reply reply = site.exchange("POST", "/api/v1/plays", body);
    assertThat(reply.status()).isEqualTo(status);
    assertThat(new JsonObject(reply.body()).getString("error")).contains(message);
  }

  @Test
  void likeCountsOnceHoweverOftenItIsPut() throws IOException {
    String ida = "{\"listener\": \"ida\"}";
    site.exchange("PUT", "/api/v1/likes/2", ida);
    Reply again = site.exchange("PUT", "/api/v1/likes/2", ida);
    assertThat(again.status()).isEqualTo(200);
    assertThat(again.body()).isEqualTo("{\"song\":2,\"likes\":1,\"liked\":true}");
    Reply nobody = site.exchange("PUT", "/api/v1/likes/2", "");
    assertThat(nobody.body()).contains("\"likes\":2");
    Reply unliked =
        site.exchange("PUT", "/api/v1/likes/2", "{\"listener\":\"ida\",\"liked\":false}");
    assertThat(unliked.body()).isEqualTo("{\"song\":2,\"likes\":1,\"liked\":false}");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "/api/v1/likes/77 | {}               | 404 | id: 77 (expected: a song from 1 to 24)",
        "/api/v1/likes/1  | {\"listener\":3} | 400 | listener: 3 (expected: a name of 1 to 64",
        "/api/v1/likes/1  | {\"listener\":\"\"} | 400 | listener: \"\" (expected: a name",
        "/api/v1/likes/1  | {\"liked\":\"no\"} | 400 | liked: \"no\" (expected: true or false)",
      })
  void wrongLikeIsRefusedByName(String path, String body, int status, String message)
      throws IOException {
    Reply reply = site.exchange("PUT", path, body);
    assertThat(reply.status()).isEqualTo(status);
    assertThat(new JsonObject(reply.body()).getString("error")).contains(message);
  }
}
