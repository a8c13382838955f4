package dev.backline.sample.page;

import dev.backline.sample.music.Catalogue;
import dev.backline.sample.music.Listeners;
import dev.backline.sample.music.Paging;
import dev.backline.sample.music.Song;
import dev.backline.sample.page.Template.Markup;
import dev.backline.sample.web.Answer;
import dev.backline.sample.web.Request;
import dev.backline.sample.web.Resource;
import dev.backline.sample.web.Resources;
import io.vertx.core.buffer.Buffer;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * The page at {@code /}: complete without a script, which then only keeps it up to date.
 *
 * <p>One card template serves both: filled in here, and handed to the script as it is.
 */
public final class LandingPage {
  /** Nothing from outside, whatever finds its way into the page. */
  private static final String POLICY =
      "default-src 'self'; object-src 'none'; base-uri 'none'; frame-ancestors 'none';"
          + " form-action 'none'";

  private final String instance;
  private final Catalogue catalogue;
  private final Listeners listeners;
  private final Template page = new Template(Resources.text("/site/index.html"));
  private final Template card = new Template(Resources.text("/site/card.html"));

  public LandingPage(String instance, Catalogue catalogue, Listeners listeners) {
    this.instance = instance;
    this.catalogue = catalogue;
    this.listeners = listeners;
  }

  public List<Resource> resources() {
    return List.of(Resource.at("/").get(this::answer));
  }

  private Answer answer(Request request) {
    return Paging.of(request.query()).fold(this::answer, message -> Answer.error(400, message));
  }

  private Answer answer(Paging paging) {
    int pages = paging.pages(catalogue.size());
    String cards =
        paging.of(catalogue.songs()).stream().map(this::card).collect(Collectors.joining());
    String html =
        page.fill(
            Map.of(
                "instance", instance,
                "total", catalogue.size(),
                "limit", paging.limit(),
                "page", paging.page(),
                "pages", pages,
                "prev", Math.max(1, Math.min(pages, paging.page() - 1)),
                "next", Math.min(pages, paging.page() + 1),
                "card", new Markup(card.text()),
                "songs", new Markup(cards)));
    return Answer.content("text/html; charset=utf-8", Buffer.buffer(html))
        .with("Content-Security-Policy", POLICY);
  }

  private String card(Song song) {
    return card.fill(
        Map.of(
            "id", song.id(),
            "title", song.title(),
            "artist", song.artist(),
            "album", song.album(),
            "genre", song.genre(),
            "length", song.length(),
            "cover", song.cover(),
            "plays", listeners.plays(song),
            "likes", listeners.likes(song)));
  }
}
