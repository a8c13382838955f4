package dev.backline.sample.live;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * What happened on this instance lately, and who listens.
 *
 * <p>A listener that lost its connection says what it heard last. If that was here, in this life of
 * the instance, and not long ago, it hears what it missed, each thing once; else it is told what is
 * going on, as anybody who comes new.
 *
 * <p>Owned by the event loop. Bounded: {@value #REMEMBERED} happenings, {@value #MOST_LISTENERS}
 * listeners, and one that doesn't keep up is cut off.
 */
final class Feed {
  static final int REMEMBERED = 100;
  static final int MOST_LISTENERS = 500;

  /** How many of the last happenings a newcomer is told. */
  private static final int RECENT = 8;

  private static final Pattern ID = Pattern.compile("(.*)-([0-9]{1,15})");

  private final String instance;
  private final String life;
  private final Deque<Message> last = new ArrayDeque<>();
  private final Deque<JsonObject> recent = new ArrayDeque<>();
  private final Set<Listener> listeners = new LinkedHashSet<>();
  private long happened;
  private boolean over;

  /**
   * Nothing has happened.
   *
   * @param life tells this life of the instance from those before and after
   */
  Feed(String instance, String life) {
    this.instance = instance;
    this.life = life;
  }

  /** Whether one more can listen. */
  boolean hasRoom() {
    return !over && listeners.size() < MOST_LISTENERS;
  }

  /** How many listen. */
  int listening() {
    return listeners.size();
  }

  /**
   * Tells the listener what it missed, and from now on what happens.
   *
   * @param heardLast the id of what it heard last, from whatever instance; null for nothing
   */
  void join(Listener listener, @Nullable String heardLast) {
    if (!hasRoom()) {
      listener.sayGoodbye();
      return;
    }
    listeners.add(listener);
    List<Message> missed = missedSince(heardLast);
    JsonObject hello = JsonObject.of("instance", instance, "listening", listeners.size());
    hello.put("resumed", missed != null);
    if (missed == null) {
      hello.put("recent", new JsonArray(new ArrayList<>(recent)));
      listener.tell(Message.of(id(happened), "hello", hello));
      return;
    }
    listener.tell(Message.of(id(happened - missed.size()), "hello", hello));
    missed.forEach(listener::tell);
  }

  void leave(Listener listener) {
    listeners.remove(listener);
  }

  /** Tells everybody. */
  void tell(String event, JsonObject data) {
    happened++;
    JsonObject whole = data.copy().put("instance", instance).put("listening", listeners.size());
    Message message = Message.of(id(happened), event, whole);
    keep(last, message, REMEMBERED);
    keep(recent, whole.put("event", event), RECENT);
    each(listener -> listener.tell(message));
  }

  /** To be called every few seconds: a connection that is silent looks like one that is broken. */
  void beat() {
    each(Listener::beat);
  }

  /** Says goodbye to everybody; nobody is taken any more. */
  void end() {
    over = true;
    List<Listener> all = List.copyOf(listeners);
    listeners.clear();
    all.forEach(Listener::sayGoodbye);
  }

  /** A listener may leave while it is told something. */
  private void each(Consumer<Listener> telling) {
    for (Listener listener : List.copyOf(listeners)) {
      if (listener.isBehind()) {
        listeners.remove(listener);
        listener.cutOff();
      } else {
        telling.accept(listener);
      }
    }
  }

  private @Nullable List<Message> missedSince(@Nullable String heardLast) {
    Matcher id = ID.matcher(heardLast == null ? "" : heardLast);
    if (!id.matches() || !id.group(1).equals(life)) {
      return null;
    }
    long heard = Long.parseLong(id.group(2));
    long missed = happened - heard;
    if (missed < 0 || missed > last.size()) {
      return null;
    }
    return last.stream().skip(last.size() - missed).toList();
  }

  private String id(long number) {
    return life + "-" + number;
  }

  private static <T> void keep(Deque<T> kept, T another, int most) {
    if (kept.size() == most) {
      kept.removeFirst();
    }
    kept.addLast(another);
  }
}
