package dev.backline.sample.music;

import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;

/**
 * What listeners did to the songs, as far as this instance was told: other instances count for
 * themselves, and a restart forgets.
 *
 * <p>A like is a fact about a listener and a song, not a number that goes up: putting it twice is
 * the same as once, as PUT must be.
 *
 * <p>Owned by the event loop.
 */
public final class Listeners {
  /** Likes that are kept; about 2 MB. */
  static final int MOST_LIKES = 20_000;

  private final Map<Integer, Integer> plays = new HashMap<>();
  private final Map<Integer, Set<String>> likes = new HashMap<>();
  private int liked;

  /** Counts one more play, and returns how many there are. */
  int play(Song song) {
    return plays.merge(song.id(), 1, Integer::sum);
  }

  public int plays(Song song) {
    return plays.getOrDefault(song.id(), 0);
  }

  /** Returns false if there is no room for another like. */
  boolean like(Song song, String listener) {
    Set<String> of = likes.computeIfAbsent(song.id(), id -> new HashSet<>());
    if (of.contains(listener)) {
      return true;
    }
    if (liked == MOST_LIKES) {
      return false;
    }
    of.add(listener);
    liked++;
    return true;
  }

  void unlike(Song song, String listener) {
    Set<String> those = likes.get(song.id());
    if (those != null && those.remove(listener)) {
      liked--;
    }
  }

  public int likes(Song song) {
    return likes.getOrDefault(song.id(), Set.of()).size();
  }
}
