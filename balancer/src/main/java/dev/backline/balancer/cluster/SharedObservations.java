package dev.backline.balancer.cluster;

import dev.backline.balancer.control.Event;
import dev.backline.balancer.health.Observation;
import dev.backline.balancer.model.BackendId;
import dev.backline.balancer.model.MemberId;
import dev.backline.balancer.model.PoolName;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What this member says to the others of backends, and what it makes of what they say: of each
 * thing its owner's newest word counts, whatever way and however often it comes.
 *
 * <p>Decides, and carries nothing: neither clock nor thread nor network. Owned by one thread.
 */
public final class SharedObservations {
  static final String OBSERVATIONS = "observations";
  static final String BEATS = "beats";

  private static final List<String> BEAT = List.of("beat");
  private static final List<String> FAREWELL = List.of("farewell");

  /** Who carries out what is decided. */
  public interface Carrier {
    /** Has the others hear a record now, and keeps it for those that come later. */
    void write(SharedRecord record);

    /** Tells the controller. */
    void tell(Event event);

    /** Tells people. */
    void alarm(String why);
  }

  private final MemberId self;
  private final Signer signer;
  private final Carrier carrier;
  private final Map<String, SharedRecord> own = new LinkedHashMap<>();
  private final Ledger ledger = new Ledger();
  private final Liveness liveness = new Liveness();
  private List<MemberId> live = List.of();
  private long incarnation;
  private long sequence;
  private boolean wasRead;
  private long refused;

  /**
   * Begins a life of a member.
   *
   * @param incarnation of that life: larger than those before, as far as is known
   */
  public SharedObservations(MemberId self, Signer signer, long incarnation, Carrier carrier) {
    this.self = self;
    this.signer = signer;
    this.incarnation = incarnation;
    this.carrier = carrier;
  }

  /** Returns whether what the others said was read: before, nothing may be said. */
  public boolean wasRead() {
    return wasRead;
  }

  /** Returns the other members that were heard lately. */
  public List<MemberId> live() {
    return live;
  }

  /** Returns how many records didn't verify. */
  public long refused() {
    return refused;
  }

  /** Returns the key of what is said of a backend. */
  public static String key(PoolName pool, BackendId backend) {
    return ClusterCodec.key(pool, backend);
  }

  /** Returns the words for an observation; no words: it is withdrawn. */
  public static List<String> words(Observation observation) {
    return ClusterCodec.fields(observation);
  }

  /** Says something of each of these things, in their order. */
  public void say(Map<String, List<String>> words) {
    List<SharedRecord> records =
        words.entrySet().stream()
            .map(word -> sign(OBSERVATIONS, word.getKey(), word.getValue()))
            .toList();
    // Kept before any is written: where the carrier throws, they are written after the next
    // reading.
    records.forEach(record -> own.put(record.mapKey(), record));
    records.forEach(carrier::write);
  }

  /** Returns a sign of life. */
  public SharedRecord beat() {
    return sign(BEATS, "", BEAT);
  }

  /** Returns this member's last word: it needs not be waited for. */
  public SharedRecord farewell() {
    return sign(BEATS, "", FAREWELL);
  }

  /**
   * Takes in all that is kept, and writes again what is missing there of this member's own: after a
   * split heals, one side's words are gone.
   *
   * @param there by their keys
   * @return whether it is the first time: now it may speak
   */
  public boolean onRead(Map<String, SharedRecord> there, long nowNanos) {
    for (SharedRecord record : there.values()) {
      if (record.owner().equals(self.value())) {
        onOwn(record);
      } else {
        onRecord(record, false, nowNanos);
      }
    }
    ledger.forgetAllBut(there.keySet(), live);
    // A withdrawal that is gone from there has nothing left to withdraw.
    own.values().removeIf(r -> r.isWithdrawn() && !there.containsKey(r.mapKey()) && wasRead);
    for (SharedRecord record : own.values()) {
      SharedRecord known = there.get(record.mapKey());
      if (known == null || record.isNewerThan(known)) {
        carrier.write(record);
      }
    }
    // A backend that wasn't listed here when it was spoken of may be by now.
    live.forEach(
        member -> ledger.of(member.value()).forEach(record -> tell(member, record, false)));
    boolean first = !wasRead;
    wasRead = true;
    return first;
  }

  /** What an earlier life of this member left is withdrawn, unless it was said again. */
  private void onOwn(SharedRecord record) {
    if (!verifies(OBSERVATIONS, record)) {
      return;
    }
    if (record.incarnation() >= incarnation && !own.containsKey(record.mapKey())) {
      incarnation = record.incarnation() + 1; // The clock went back between two lives.
    }
    if (!own.containsKey(record.mapKey()) && !record.isWithdrawn()) {
      SharedRecord withdrawn = sign(OBSERVATIONS, record.key(), List.of());
      own.put(withdrawn.mapKey(), withdrawn);
    }
  }

  /**
   * Another member's word came.
   *
   * @param isSignOfLife whether it was said just now; what was kept may be old
   */
  public void onRecord(SharedRecord record, boolean isSignOfLife, long nowNanos) {
    if (record.owner().equals(self.value()) || !verifies(OBSERVATIONS, record)) {
      return;
    }
    MemberId owner = new MemberId(record.owner());
    boolean news = ledger.take(record);
    if (isSignOfLife && news) {
      onSignOfLife(owner, record.incarnation(), nowNanos);
    }
    if (news && live.contains(owner)) {
      tell(owner, record, true);
    }
  }

  /** A sign of life came, or a farewell. */
  public void onBeat(SharedRecord record, long nowNanos) {
    if (!verifies(BEATS, record)) {
      return;
    }
    if (record.owner().equals(self.value())) {
      if (record.incarnation() != incarnation) {
        carrier.alarm("another member has the name of this one: no two may have the same");
      }
    } else if (ledger.take(record)) {
      MemberId member = new MemberId(record.owner());
      if (record.fields().equals(FAREWELL)) {
        liveness.onLeft(member, record.incarnation());
        carrier.tell(new Event.MemberLeft(member));
        updateLive(nowNanos);
      } else {
        onSignOfLife(member, record.incarnation(), nowNanos);
      }
    }
  }

  /** The connection to a member ended: nobody waits for its silence. */
  public void onGone(MemberId member, long nowNanos) {
    liveness.onGone(member);
    updateLive(nowNanos);
  }

  /** Tells who is live, if that has changed; called with each beat, and after it. */
  public void updateLive(long nowNanos) {
    List<MemberId> now = liveness.live(nowNanos);
    if (!now.equals(live)) {
      live = now;
      carrier.tell(new Event.MembersHeard(now));
    }
  }

  /** Returns whether one of us has signed it; what nobody has is counted and told. */
  boolean verifies(String kind, SharedRecord record) {
    boolean verifies = signer.verifies(kind, record);
    if (!verifies) {
      refused++;
      String owner = record.owner().replaceAll("[^A-Za-z0-9._-]", "?");
      carrier.alarm("a record of " + owner + " has a wrong signature: another secret, or forged");
    }
    return verifies;
  }

  private void onSignOfLife(MemberId member, long itsIncarnation, long nowNanos) {
    if (liveness.onHeard(member, itsIncarnation, nowNanos)) {
      updateLive(nowNanos);
      // What was said while nobody here believed it to be there counts from now on.
      ledger.of(member.value()).forEach(record -> tell(member, record, false));
    }
  }

  private void tell(MemberId owner, SharedRecord record, boolean isNew) {
    ClusterCodec.Subject subject = ClusterCodec.subject(record.key());
    if (subject == null || !record.kind().equals(OBSERVATIONS)) {
      return;
    }
    if (record.isWithdrawn()) {
      carrier.tell(new Event.ObservationWithdrawn(owner, subject.pool(), subject.backend()));
      return;
    }
    Observation observation = ClusterCodec.observation(record.fields());
    if (observation != null) {
      carrier.tell(
          new Event.ObservationHeard(owner, subject.pool(), subject.backend(), observation, isNew));
    }
  }

  private SharedRecord sign(String kind, String key, List<String> fields) {
    return signer.sign(kind, key, self.value(), incarnation, ++sequence, fields);
  }
}
