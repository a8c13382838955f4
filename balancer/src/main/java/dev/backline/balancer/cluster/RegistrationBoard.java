package dev.backline.balancer.cluster;

import com.hazelcast.core.HazelcastInstance;
import dev.backline.balancer.control.Event;
import dev.backline.balancer.model.MemberId;
import dev.backline.balancer.model.Registration;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
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

  private final Backlog<Registration> backlog = new Backlog<>();
  private final Board board = new Board(KIND);
  private final Map<String, Written> own = new LinkedHashMap<>();
  private final Ledger ledger = new Ledger();
  private boolean wasRead;

  /** A record of this member, and until when it is of interest. */
  private record Written(SharedRecord record, long lifeMillis, long endNanos) {}

  RegistrationBoard(Signer signer, MemberId self, LongSupplier clock) {
    this.signer = signer;
    this.self = self.value();
    this.clock = clock;
  }

  /** Opens map and topic; what the others write goes to {@code heard}, on Hazelcast's threads. */
  void open(HazelcastInstance hazelcast, Consumer<@Nullable SharedRecord> heard) {
    board.open(hazelcast, heard, heard);
  }

  /** Writes no more, until it is opened again; what this member said is kept. */
  void close() {
    board.close();
  }

  /** Notes what is to be said; returns whether {@link #drain} is to be called. Any thread may. */
  boolean put(Registration registration) {
    return backlog.put(ClusterCodec.key(registration), registration);
  }

  /** Says what is to be said, once the others' words were read. */
  void drain() {
    if (!wasRead) {
      backlog.putOff();
      return;
    }
    List<Written> said = new ArrayList<>();
    backlog.takeAll().forEach((key, word) -> said.add(sign(key, word)));
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
    board.write(written.record(), Duration.ofMillis(written.lifeMillis()));
  }

  /** As {@link Board#read}: belongs on the reader's thread. */
  Map<String, SharedRecord> read(HazelcastInstance hazelcast) {
    return board.read(hazelcast);
  }

  /** Returns what a verified record says, if that is news. */
  Event.@Nullable Heard take(SharedRecord record) {
    boolean isOwn = record.owner().equals(self);
    if ((isOwn && own.containsKey(record.mapKey())) || !ledger.take(record)) {
      return null;
    }
    Registration word = ClusterCodec.registration(record);
    return word == null ? null : new Event.Heard(isOwn ? null : new MemberId(record.owner()), word);
  }

  /**
   * Takes in what was read; writes again what is missing of this member's own.
   *
   * @param verified those of the map that verify
   * @return what of it is news
   */
  List<Event.Heard> onRead(Map<String, SharedRecord> verified) {
    List<Event.Heard> news = new ArrayList<>();
    for (SharedRecord record : verified.values()) {
      Event.Heard heard = take(record);
      if (heard != null) {
        news.add(heard);
      }
    }
    ledger.forgetAllBut(verified.keySet(), List.of());
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
    return board.stored();
  }
}
