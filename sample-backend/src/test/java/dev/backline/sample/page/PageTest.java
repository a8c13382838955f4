package dev.backline.sample.page;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.backline.sample.music.Catalogue;
import dev.backline.sample.music.Listeners;
import dev.backline.sample.music.Song;
import dev.backline.sample.page.Template.Markup;
import dev.backline.sample.web.Answer;
import dev.backline.sample.web.Body;
import dev.backline.sample.web.Request;
import dev.backline.sample.web.Resources;
import io.vertx.core.MultiMap;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpMethod;
import java.io.ByteArrayInputStream;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.Test;

class PageTest {
  @Test
  void pageShowsItsInstanceAndItsSongsWithoutAScript() {
    String html = html(Catalogue.load(), MultiMap.caseInsensitiveMultiMap());
    assertThat(html).contains("<strong id=\"served\">backend-2</strong>");
    assertThat(html).contains("<h3>Standby Light</h3>").contains("Ferry, Ferry");
    assertThat(html).doesNotContain("Paper Moonraker");
    assertThat(html).contains("href=\"/?page=2&amp;limit=12#songs\"");
  }

  @Test
  void secondPageIsThereWithoutAScriptToo() {
    MultiMap query = MultiMap.caseInsensitiveMultiMap().add("page", "2");
    assertThat(html(Catalogue.load(), query))
        .contains("Paper Moonraker")
        .doesNotContain("<h3>Standby Light</h3>");
  }

  /** It led to another page beyond the last, and so on for as many clicks as there were pages. */
  @Test
  void wayBackFromBeyondTheLastPageLeadsToTheLast() {
    MultiMap query = MultiMap.caseInsensitiveMultiMap().add("page", "50");
    assertThat(html(Catalogue.load(), query))
        .contains("href=\"/?page=2&amp;limit=12#songs\"")
        .doesNotContain("page=49");
  }

  @Test
  void pageAsksNobodyElseForAnything() {
    for (String file :
        List.of(
            "index.html",
            "card.html",
            "style.css",
            "app.js",
            "player.js",
            "feed.js",
            "linecheck.js")) {
      assertThat(Resources.text("/site/" + file)).as(file).doesNotContain("://", "url(//");
    }
  }

  @Test
  void everyFileThatThePageNamesIsServed() {
    String html = html(Catalogue.load(), MultiMap.caseInsensitiveMultiMap());
    List<String> served = new Assets().resources().stream().map(r -> r.path()).toList();
    var named = Pattern.compile("(?:href|src)=\"(/[a-z]+\\.[a-z]+)\"").matcher(html);
    assertThat(named.results().map(found -> found.group(1)).distinct().toList())
        .hasSizeGreaterThan(5)
        .isSubsetOf(served);
  }

  @Test
  void pageNamesTheInstanceOfEachOfItsParts() {
    assertThat(html(Catalogue.load(), MultiMap.caseInsensitiveMultiMap()))
        .contains("<strong id=\"page-by\">backend-2</strong>")
        .contains("<strong id=\"list-by\">backend-2</strong>")
        .contains("id=\"feed-by\"")
        .contains("id=\"audio-by\"");
  }

  /** Every song can be heard, and turned off, without a script. */
  @Test
  void songsCanBeHeardWithoutAScriptToo() {
    assertThat(html(Catalogue.load(), MultiMap.caseInsensitiveMultiMap()))
        .contains("<noscript><audio controls preload=\"none\" src=\"/audio/1\"></audio>");
  }

  /** A page that looks for an element that isn't there dies at its first line. */
  @Test
  void everyElementThatAScriptLooksForIsThere() {
    String html = html(Catalogue.load(), MultiMap.caseInsensitiveMultiMap());
    for (String script : List.of("app.js", "feed.js", "linecheck.js")) {
      var named =
          Pattern.compile("(?:\\bat|getElementById)\\(\"([a-z-]+)\"\\)")
              .matcher(Resources.text("/site/" + script));
      List<String> ids = named.results().map(found -> found.group(1)).distinct().toList();
      assertThat(ids).as(script).isNotEmpty();
      assertThat(ids).allMatch(id -> html.contains("id=\"" + id + "\""), script);
    }
  }

  @Test
  void titlesAreEscaped() {
    Song song = new Song(1, "<script>\"&", "a", "b", "Dub", 61);
    assertThat(html(new Catalogue(List.of(song)), MultiMap.caseInsensitiveMultiMap()))
        .contains("<h3>&lt;script&gt;&quot;&amp;</h3>")
        .contains("1:01");
  }

  @Test
  void templateWithoutAValueIsAMistake() {
    assertThat(new Template("{{a}}{{b}}").fill(Map.of("a", "$1<", "b", new Markup("<i>"))))
        .isEqualTo("$1&lt;<i>");
    assertThatThrownBy(() -> new Template("{{a}}").fill(Map.of()))
        .isInstanceOf(AssertionError.class)
        .hasMessage("{{a}}: no value");
  }

  @Test
  void heroIsWellFormedAndAlwaysTheSame() throws Exception {
    Buffer hero = HeroPicture.draw();
    DocumentBuilderFactory.newInstance()
        .newDocumentBuilder()
        .parse(new ByteArrayInputStream(hero.getBytes()));
    assertThat(hero).isEqualTo(HeroPicture.draw());
    assertThat(hero.toString()).doesNotContain("NaN", "{{");
  }

  private static String html(Catalogue catalogue, MultiMap query) {
    MultiMap none = MultiMap.caseInsensitiveMultiMap();
    Request request =
        new Request(HttpMethod.GET, "/", Map.of(), query, none, Buffer.buffer(), "127.0.0.1:1");
    Answer answer =
        new LandingPage("backend-2", catalogue, new Listeners()).resources().get(0).answer(request);
    assertThat(answer.status()).isEqualTo(200);
    Body.Sized body = (Body.Sized) answer.body();
    return body.bytes(0, (int) body.length()).toString();
  }
}
