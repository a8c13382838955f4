package dev.backline.balancer.cluster;

import java.util.LinkedHashMap;
import java.util.Map;

/**
 * What is to be said as soon as that is possible: of each thing the newest word only, the newest
 * last. Any thread may call.
 */
final class Backlog<T> {
  private final Map<String, T> words = new LinkedHashMap<>();
  private boolean awaited;

  /** Takes a word in; returns whether the caller must have the words taken: nobody has yet. */
  synchronized boolean put(String key, T word) {
    words.remove(key);
    words.put(key, word);
    boolean first = !awaited;
    awaited = true;
    return first;
  }

  /** Hands all over, oldest first. */
  synchronized Map<String, T> takeAll() {
    awaited = false;
    Map<String, T> all = new LinkedHashMap<>(words);
    words.clear();
    return all;
  }

  /** Keeps them: they can't be said yet. */
  synchronized void putOff() {
    awaited = false;
  }
}
