package dev.backline.sample.music;

import dev.backline.sample.web.Checked;
import dev.backline.sample.web.Request;
import dev.backline.sample.web.Resources;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.ArrayList;
import java.util.List;

/** All songs, in their order; the id of the first is 1. */
public record Catalogue(List<Song> songs) {
  public Catalogue {
    songs = List.copyOf(songs);
  }

  /** Reads {@code songs.json}, which comes with the site. */
  public static Catalogue load() {
    JsonArray listed = new JsonArray(Resources.text("/site/songs.json"));
    List<Song> songs = new ArrayList<>();
    for (int i = 0; i < listed.size(); i++) {
      JsonObject song = listed.getJsonObject(i);
      songs.add(
          new Song(
              i + 1,
              song.getString("title"),
              song.getString("artist"),
              song.getString("album"),
              song.getString("genre"),
              song.getInteger("seconds")));
    }
    return new Catalogue(songs);
  }

  public int size() {
    return songs.size();
  }

  /** The song that the route's {@code id} names, or a message that names the ids that there are. */
  public Checked<Song> find(Request request) {
    return find("id", request.variable("id"));
  }

  /** The song with this id, or a message that names the ids that there are. */
  Checked<Song> find(String parameter, String id) {
    if (!id.matches("[0-9]{1,9}")) {
      return Checked.invalid(parameter, id, "a song from 1 to " + songs.size());
    }
    return find(parameter, Integer.parseInt(id));
  }

  /** The song with this id, or a message that names the ids that there are. */
  Checked<Song> find(String parameter, int id) {
    if (id < 1 || id > songs.size()) {
      return Checked.invalid(parameter, id, "a song from 1 to " + songs.size());
    }
    return Checked.valid(songs.get(id - 1));
  }
}
