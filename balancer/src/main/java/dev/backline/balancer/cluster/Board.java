package dev.backline.balancer.cluster;

import com.hazelcast.core.HazelcastInstance;
import com.hazelcast.map.IMap;
import com.hazelcast.map.listener.EntryAddedListener;
import com.hazelcast.map.listener.EntryUpdatedListener;
import com.hazelcast.topic.ITopic;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * What members tell each other of one kind: a map remembers it for those that come later, a topic
 * brings it at once. Nothing but {@link #read} waits. Owned by the link's thread.
 */
final class Board {
  private final String kind;
  private @Nullable IMap<String, SharedRecord> map;
  private @Nullable ITopic<SharedRecord> hints;

  Board(String kind) {
    this.kind = kind;
  }

  /**
   * Begins to listen; both are told on Hazelcast's threads.
   *
   * @param hinted gets what is said now
   * @param stored gets what stands in the map from now on
   */
  void open(
      HazelcastInstance hazelcast,
      Consumer<@Nullable SharedRecord> hinted,
      Consumer<@Nullable SharedRecord> stored) {
    IMap<String, SharedRecord> shared = hazelcast.getMap(kind);
    ITopic<SharedRecord> topic = hazelcast.getTopic(kind);
    topic.addMessageListener(message -> hinted.accept(message.getMessageObject()));
    EntryAddedListener<String, SharedRecord> added = event -> stored.accept(event.getValue());
    EntryUpdatedListener<String, SharedRecord> updated = event -> stored.accept(event.getValue());
    shared.addEntryListener(added, true);
    shared.addEntryListener(updated, true);
    map = shared;
    hints = topic;
  }

  /** Writes no more, until it is opened again. */
  void close() {
    map = null;
    hints = null;
  }

  /** Both ways at once; neither is waited for. Written while it is closed, a record is lost. */
  void write(SharedRecord record, Duration life) {
    if (hints != null && map != null) {
      hints.publishAsync(record);
      map.setAsync(record.mapKey(), record, life.toMillis(), TimeUnit.MILLISECONDS);
    }
  }

  /** Reads all that is there; waits for every member, and belongs on the reader's thread. */
  Map<String, SharedRecord> read(HazelcastInstance hazelcast) {
    Map<String, SharedRecord> there = new LinkedHashMap<>();
    IMap<String, SharedRecord> from = hazelcast.getMap(kind);
    from.entrySet().forEach(entry -> there.put(entry.getKey(), entry.getValue()));
    return there;
  }

  /** For tests: the records that stand in the map. */
  List<SharedRecord> stored() {
    return map == null ? List.of() : new ArrayList<>(map.values());
  }
}
