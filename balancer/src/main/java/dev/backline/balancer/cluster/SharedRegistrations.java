package dev.backline.balancer.cluster;

import dev.backline.balancer.control.Event;
import dev.backline.balancer.model.MemberId;
import dev.backline.balancer.model.Registration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What this member tells the others of what backends said to it when they registered, and what it
 * makes of what they tell: the order is the backend's, whatever way and however often its words
 * come.
 *
 * <p>Decides, and carries nothing: neither clock nor thread nor network. Owned by one thread.
 */
public final class SharedRegistrations {
  public static final String KIND = "registrations";
  private static final long WITHDRAWN_MILLIS = 24 * 3_600_000L;

  /** What a lease is remembered beyond its end; then nobody asks for it any more. */
  private static final long ENDED_MILLIS = 60_000;

  /** Who carries out what is decided. */
  @FunctionalInterface
  public interface Carrier {
    /** Has the others hear a record now, and keeps it for so long for those that come later. */
    void write(SharedRecord record, long lifeMillis);
  }

  private final Signer signer;
  private final String self;
  private final Carrier carrier;
  private final Map<String, Written> own = new LinkedHashMap<>();
  private final Ledger ledger = new Ledger();
  private boolean wasRead;

  /** A record of this member, and until when it is of interest. */
  private record Written(SharedRecord record, long lifeMillis, long endNanos) {}

  /** Begins a life of a member. */
  public SharedRegistrations(Signer signer, MemberId self, Carrier carrier) {
    this.signer = signer;
    this.self = self.value();
    this.carrier = carrier;
  }

  /** Returns whether what the others said was read: before, nothing may be said. */
  public boolean wasRead() {
    return wasRead;
  }

  /** Returns the key of what a backend says: of several words under it the newest counts. */
  public static String key(Registration word) {
    return ClusterCodec.key(word);
  }

  /**
   * Says what backends said here.
   *
   * @param words by their keys, in their order
   */
  public void say(Map<String, Registration> words, long nowNanos) {
    List<Written> said = new ArrayList<>();
    words.forEach((key, word) -> said.add(sign(key, word, nowNanos)));
    // Kept before any is written: where the carrier throws, they are written after the next
    // reading.
    said.forEach(written -> own.put(written.record().mapKey(), written));
    said.forEach(this::write);
  }

  private Written sign(String key, Registration word, long nowNanos) {
    SharedRecord record =
        signer.sign(
            KIND, key, self, word.incarnation(), word.sequence(), ClusterCodec.fields(word));
    long lifeMillis = lifeMillis(word);
    return new Written(record, lifeMillis, nowNanos + lifeMillis * 1_000_000);
  }

  private static long lifeMillis(Registration word) {
    Registration.Terms terms = word.terms();
    return terms == null ? WITHDRAWN_MILLIS : terms.leaseMillis() + ENDED_MILLIS;
  }

  private void write(Written written) {
    carrier.write(written.record(), written.lifeMillis());
  }

  /** Returns what a verified record says, if that is news. */
  public Event.@Nullable Heard take(SharedRecord record) {
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
   * @return what of it is news; from now on it may speak
   */
  public List<Event.Heard> onRead(Map<String, SharedRecord> verified, long nowNanos) {
    List<Event.Heard> news = new ArrayList<>();
    for (SharedRecord record : verified.values()) {
      Event.Heard heard = take(record);
      if (heard != null) {
        news.add(heard);
      }
    }
    ledger.forgetAllBut(verified.keySet(), List.of());
    own.values().removeIf(written -> nowNanos - written.endNanos() >= 0);
    own.forEach(
        (key, written) -> {
          SharedRecord known = verified.get(key);
          if (known == null || written.record().isNewerThan(known)) {
            write(written);
          }
        });
    wasRead = true;
    return news;
  }
}
