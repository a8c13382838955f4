package dev.backline.balancer.cluster;

import com.hazelcast.core.HazelcastInstance;
import com.hazelcast.map.IMap;
import com.hazelcast.map.listener.EntryAddedListener;
import com.hazelcast.map.listener.EntryUpdatedListener;
import com.hazelcast.topic.ITopic;
import dev.backline.balancer.control.Event;
import dev.backline.balancer.model.MemberId;
import dev.backline.balancer.model.Registration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * What backends said to any member when they registered: a map for those that come later, a topic
 * for now. Each member writes what was said to itself; the order is the backend's.
 *
 * <p>Owned by the link's thread, but for what says otherwise.
 */
final class RegistrationBoard {
  static final String KIND = "registrations";
  private static final long WITHDRAWN_MILLIS = 24 * 3_600_000L;

  /** What a lease is remembered beyond its end; then nobody asks for it any more. */
  private static final long ENDED_MILLIS = 60_000;

  private final Signer signer;
  private final String self;
  private final LongSupplier clock;

  // Shared with those that call: what is to be said, newest word only.
  private final Map<String, Registration> backlog = new LinkedHashMap<>();
  private boolean draining;

  private final Map<String, Written> own = new LinkedHashMap<>();
  private final Ledger ledger = new Ledger();
  private @Nullable IMap<String, SharedRecord> map;
  private @Nullable ITopic<SharedRecord> hints;
  private boolean wasRead;

  /** A record of this member, and until when it is of interest. */
  private record Written(SharedRecord record, long lifeMillis, long endNanos) {}

  RegistrationBoard(Signer signer, MemberId self, LongSupplier clock) {
    this.signer = signer;
    this.self = self.value();
    this.clock = clock;
  }

  /** Opens map and topic; what the others write goes to {@code heard}, on Hazelcast's threads. */
  void open(HazelcastInstance hazelcast, Consumer<SharedRecord> heard) {
    IMap<String, SharedRecord> shared = hazelcast.getMap(KIND);
    ITopic<SharedRecord> topic = hazelcast.getTopic(KIND);
    topic.addMessageListener(message -> heard.accept(message.getMessageObject()));
    EntryAddedListener<String, SharedRecord> added = event -> heard.accept(event.getValue());
    EntryUpdatedListener<String, SharedRecord> updated = event -> heard.accept(event.getValue());
    shared.addEntryListener(added, true);
    shared.addEntryListener(updated, true);
    map = shared;
    hints = topic;
  }

  /** Writes no more, until it is opened again; what this member said is kept. */
  void close() {
    map = null;
    hints = null;
  }

  /** Notes what is to be said; returns whether {@link #drain} is to be called. Any thread may. */
  boolean put(Registration registration) {
    synchronized (backlog) {
      String key = ClusterCodec.key(registration);
      backlog.remove(key); // The newest word stands last.
      backlog.put(key, registration);
      boolean first = !draining;
      draining = true;
      return first;
    }
  }

  /** Says what is to be said, once the others' words were read. */
  void drain() {
    Map<String, Registration> words;
    synchronized (backlog) {
      draining = false;
      if (!wasRead) {
        return;
      }
      words = new LinkedHashMap<>(backlog);
      backlog.clear();
    }
    List<Written> said = new ArrayList<>();
    words.forEach((key, word) -> said.add(sign(key, word)));
    // Kept before any is written: where Hazelcast throws, they are written after the next reading.
    said.forEach(written -> own.put(written.record().mapKey(), written));
    said.forEach(this::write);
  }

  private Written sign(String key, Registration word) {
    SharedRecord record =
        signer.sign(
            KIND, key, self, word.incarnation(), word.sequence(), ClusterCodec.fields(word));
    long lifeMillis = lifeMillis(word);
    return new Written(record, lifeMillis, clock.getAsLong() + lifeMillis * 1_000_000);
  }

  private static long lifeMillis(Registration word) {
    Registration.Terms terms = word.terms();
    return terms == null ? WITHDRAWN_MILLIS : terms.leaseMillis() + ENDED_MILLIS;
  }

  private void write(Written written) {
    if (hints != null && map != null) {
      SharedRecord record = written.record();
      hints.publishAsync(record);
      map.setAsync(record.mapKey(), record, written.lifeMillis(), TimeUnit.MILLISECONDS);
    }
  }

  /** Reads all that is there; waits for every member, and belongs on the reader's thread. */
  static Map<String, SharedRecord> read(HazelcastInstance hazelcast) {
    Map<String, SharedRecord> there = new LinkedHashMap<>();
    IMap<String, SharedRecord> from = hazelcast.getMap(KIND);
    from.entrySet().forEach(entry -> there.put(entry.getKey(), entry.getValue()));
    return there;
  }

  /** Returns what a verified record says, if that is news. */
  @Nullable Event take(SharedRecord record) {
    boolean isOwn = record.owner().equals(self);
    if ((isOwn && own.containsKey(record.mapKey())) || !ledger.take(record)) {
      return null;
    }
    Registration word = ClusterCodec.registration(record);
    return word == null
        ? null
        : new Event.RegistrationHeard(isOwn ? null : new MemberId(record.owner()), word);
  }

  /**
   * Takes in what was read; writes again what is missing of this member's own.
   *
   * @param verified those of the map that verify
   * @return what of it is news
   */
  List<Event> onRead(Map<String, SharedRecord> verified) {
    List<Event> news = new ArrayList<>();
    for (SharedRecord record : verified.values()) {
      Event event = take(record);
      if (event != null) {
        news.add(event);
      }
    }
    ledger.keepOnly(verified.keySet());
    long nowNanos = clock.getAsLong();
    own.values().removeIf(written -> nowNanos - written.endNanos() >= 0);
    own.forEach(
        (key, written) -> {
          SharedRecord known = verified.get(key);
          if (known == null || written.record().isNewerThan(known)) {
            write(written);
          }
        });
    wasRead = true;
    drain();
    return news;
  }

  /** For tests: the records that stand in the map. */
  List<SharedRecord> stored() {
    return map == null ? List.of() : new ArrayList<>(map.values());
  }
}
