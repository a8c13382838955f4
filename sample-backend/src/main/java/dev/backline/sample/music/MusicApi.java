package dev.backline.sample.music;

import dev.backline.sample.web.Answer;
import dev.backline.sample.web.Checked;
import dev.backline.sample.web.Request;
import dev.backline.sample.web.Resource;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.List;

/** The songs as JSON, their covers, and the two things that listeners do. */
public final class MusicApi {
  private static final String MUSIC = "/api/v1/music";
  private static final int LONGEST_LISTENER = 64;
  private static final String ANYBODY = "anybody";

  private final Catalogue catalogue;
  private final Listeners listeners;
  private final Happenings happenings;
  private final List<Answer> covers;

  public MusicApi(Catalogue catalogue, Listeners listeners, Happenings happenings) {
    this.happenings = happenings;
    this.catalogue = catalogue;
    this.listeners = listeners;
    this.covers =
        catalogue.songs().stream()
            .map(song -> Answer.file("image/svg+xml", Cover.of(song), "public, max-age=3600"))
            .toList();
  }

  public List<Resource> resources() {
    return List.of(
        Resource.at(MUSIC).get(this::list),
        Resource.at(MUSIC + "/:id").get(this::song),
        Resource.at("/api/v1/plays").on(HttpMethod.POST, this::play),
        Resource.at("/api/v1/likes/:id").on(HttpMethod.PUT, this::like),
        Resource.at("/covers/:picture").get(this::cover));
  }

  private Answer list(Request request) {
    return Paging.of(request.query()).fold(this::page, message -> Answer.error(400, message));
  }

  private Answer page(Paging paging) {
    JsonArray items = new JsonArray();
    paging.of(catalogue.songs()).forEach(song -> items.add(json(song)));
    return Answer.content(
        JsonObject.of(
            "page", paging.page(),
            "limit", paging.limit(),
            "pages", paging.pages(catalogue.size()),
            "total", catalogue.size(),
            "items", items,
            "links", paging.links(MUSIC, catalogue.size())));
  }

  private Answer song(Request request) {
    return catalogue
        .find(request)
        .fold(song -> Answer.content(json(song)), message -> Answer.error(404, message));
  }

  private Answer play(Request request) {
    return request
        .json()
        .then(MusicApi::songId)
        .fold(
            id ->
                catalogue.find("song", id).fold(this::play, message -> Answer.error(404, message)),
            message -> Answer.error(400, message));
  }

  private Answer play(Song song) {
    JsonObject played = JsonObject.of("song", song.id(), "plays", listeners.play(song));
    happenings.happened("play", song);
    return Answer.momentary(201, played).with("Location", MUSIC + "/" + song.id());
  }

  private Answer like(Request request) {
    return catalogue
        .find(request)
        .fold(
            song ->
                request
                    .json()
                    .then(Like::from)
                    .fold(like -> put(song, like), message -> Answer.error(400, message)),
            message -> Answer.error(404, message));
  }

  private Answer put(Song song, Like like) {
    int before = listeners.likes(song);
    if (!like.liked()) {
      listeners.unlike(song, like.listener());
    } else if (!listeners.like(song, like.listener())) {
      return Answer.error(507, "likes: no room (expected: at most " + Listeners.MOST_LIKES + ")");
    }
    if (listeners.likes(song) != before) {
      happenings.happened(like.liked() ? "like" : "unlike", song);
    }
    return Answer.momentary(
        200,
        JsonObject.of("song", song.id(), "likes", listeners.likes(song), "liked", like.liked()));
  }

  private Answer cover(Request request) {
    String picture = request.variable("picture");
    String id = picture.endsWith(".svg") ? picture.substring(0, picture.length() - 4) : picture;
    return catalogue
        .find("cover", id)
        .fold(song -> covers.get(song.id() - 1), message -> Answer.error(404, message));
  }

  private JsonObject json(Song song) {
    return JsonObject.of(
            "id", song.id(),
            "title", song.title(),
            "artist", song.artist(),
            "album", song.album(),
            "genre", song.genre(),
            "seconds", song.seconds(),
            "length", song.length(),
            "cover", song.cover(),
            "plays", listeners.plays(song))
        .put("likes", listeners.likes(song));
  }

  private static Checked<Integer> songId(JsonObject body) {
    Object song = body.getValue("song");
    return song instanceof Integer id
        ? Checked.valid(id)
        : Checked.invalid("song", song, "the number of a song, as in {\"song\": 1}");
  }

  /**
   * What a listener thinks of a song.
   *
   * @param listener who; there are no accounts, a page makes up a name for its browser
   */
  private record Like(String listener, boolean liked) {
    private static Checked<Like> from(JsonObject body) {
      Object listener = body.getValue("listener", ANYBODY);
      Object liked = body.getValue("liked", true);
      if (!(listener instanceof String name)
          || name.isEmpty()
          || name.length() > LONGEST_LISTENER) {
        String expected = "a name of 1 to " + LONGEST_LISTENER + " characters";
        return Checked.invalid("listener", listener, expected);
      }
      return liked instanceof Boolean is
          ? Checked.valid(new Like(name, is))
          : Checked.invalid("liked", liked, "true or false");
    }
  }
}
