package dev.backline.balancer.control;

import dev.backline.balancer.config.RegistrationConfig;
import dev.backline.balancer.model.Backend;
import dev.backline.balancer.model.BackendId;
import dev.backline.balancer.model.IpAddress;
import dev.backline.balancer.model.MemberId;
import dev.backline.balancer.model.Registration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * What the backends of one pool said when they registered, and until when it holds.
 *
 * <p>Order is made by the backends alone, (incarnation, sequence): whatever way a word came, and
 * however often, the newest counts, and what was withdrawn or has ended is remembered for 24 h so
 * that nothing older brings it back. A lease ends by this member's own clock, but only while it
 * would hear a renewal: if any member is missed, or the one that took the last word is silent,
 * nobody knows, and the backend is <em>unsure</em> instead, for a day. Pure; owned by {@link
 * RegisteredBackends}.
 */
final class Registrations {
  /** More backends than this can't be registered in a pool at one time. */
  static final int MAX_BACKENDS = 1_000;

  /** How many are remembered, those that have ended included. */
  static final int MAX_KNOWN = 4 * MAX_BACKENDS;

  static final long REMEMBERED_NANOS = 24 * 3_600 * 1_000_000_000L;

  /** How often those are looked at of which nobody knows. */
  private static final long UNSURE_NANOS = 1_000_000_000L;

  /**
   * A backend that is registered now.
   *
   * @param leaseEndNanos on the member's clock
   * @param unsure the lease is over, but this member might not have heard its renewal
   */
  record Listed(Backend backend, long incarnation, long leaseEndNanos, boolean unsure) {}

  /** What holds of a backend's word. */
  enum Standing {
    HOLDS,
    UNSURE,
    ENDED
  }

  private static final class Entry {
    Registration last;
    @Nullable MemberId via;
    Standing standing = Standing.ENDED;
    long endNanos;

    Entry(Registration last) {
      this.last = last;
    }

    Entry(Word from) {
      last = from.last();
      via = from.via();
      standing = from.standing();
      endNanos = from.endNanos();
    }

    Word word() {
      return new Word(last, via, standing, endNanos);
    }
  }

  /** A backend's last word, and what holds of it. */
  record Word(Registration last, @Nullable MemberId via, Standing standing, long endNanos) {}

  /** All that they know at one moment. */
  record Checkpoint(List<Word> words, long revision, long lookedNanos) {
    Checkpoint {
      words = List.copyOf(words);
    }
  }

  private final Map<String, Entry> entries = new TreeMap<>();
  private long revision;
  private long lookedNanos;

  Registrations() {}

  /** Goes on from a checkpoint. */
  Registrations(Checkpoint from) {
    from.words().forEach(word -> entries.put(word.last().name(), new Entry(word)));
    revision = from.revision();
    lookedNanos = from.lookedNanos();
  }

  Checkpoint checkpoint() {
    return new Checkpoint(
        entries.values().stream().map(Entry::word).toList(), revision, lookedNanos);
  }

  /** Returns a number that grows with each change but mere renewals. */
  long revision() {
    return revision;
  }

  /** Takes a word that a backend said here. */
  Registrar.Answer offer(Registrar.Offer offer, RegistrationConfig rules, long nowNanos) {
    Registration offered = offer.registration();
    Entry known = entries.get(offered.name());
    if (known != null && !offered.isNewerThan(known.last)) {
      return new Registrar.Older(known.last.incarnation(), known.last.sequence());
    }
    Registration.Terms terms = offered.terms();
    if (terms == null) {
      return withdraw(known, offer, rules, nowNanos);
    }
    if (isFull(known)) {
      return new Registrar.Full(MAX_BACKENDS);
    }
    Registration.Terms before =
        known == null || known.last.incarnation() != offered.incarnation()
            ? null
            : known.last.terms();
    if (before == null) {
      take(offered, null, nowNanos);
      return new Registrar.Accepted(offered, true);
    }
    if (!terms.address().equals(before.address())
        && !before.secretDigest().equals(offer.presentedDigest())) {
      return new Registrar.Elsewhere(before.address());
    }
    Registration accepted = offered.withSecret(before.secretDigest());
    take(accepted, null, nowNanos);
    return new Registrar.Accepted(accepted, false);
  }

  /** Listed or not: whose address was told last, nobody else speaks for. */
  private Registrar.Answer withdraw(
      @Nullable Entry known, Registrar.Offer offer, RegistrationConfig rules, long nowNanos) {
    Registration.Terms terms = known == null ? null : known.last.terms();
    if (terms == null) {
      return new Registrar.Unknown();
    }
    String host = terms.address().host();
    String refusal = RegistrationRules.refusal(IpAddress.parse(host), offer.caller(), rules);
    if (refusal != null) {
      return new Registrar.NotYours("address: " + host + refusal);
    }
    take(offer.registration(), null, nowNanos);
    return new Registrar.Accepted(offer.registration(), false);
  }

  /**
   * Takes a word that a backend said elsewhere or earlier; returns whether it is news.
   *
   * @param via the member that took it; {@code null}: this one, in an earlier life
   */
  boolean hear(Registration heard, @Nullable MemberId via, long nowNanos) {
    Entry known = entries.get(heard.name());
    boolean isNews = known == null || heard.isNewerThan(known.last);
    if (!isNews || (heard.terms() != null && isFull(known))) {
      return false;
    }
    take(heard, via, nowNanos);
    return true;
  }

  private boolean isFull(@Nullable Entry known) {
    return (known == null || known.standing == Standing.ENDED)
        && entries.values().stream().filter(e -> e.standing != Standing.ENDED).count()
            >= MAX_BACKENDS;
  }

  private void take(Registration word, @Nullable MemberId via, long nowNanos) {
    Entry known = entries.get(word.name());
    Entry entry = known == null ? new Entry(word) : known;
    Registration.Terms terms = word.terms();
    Standing standing = terms == null ? Standing.ENDED : Standing.HOLDS;
    boolean isRenewal =
        entry == known
            && entry.standing == standing
            && entry.last.incarnation() == word.incarnation()
            && Objects.equals(entry.last.terms(), terms);
    entry.last = word;
    entry.via = via;
    entry.standing = standing;
    entry.endNanos = nowNanos + (terms == null ? 0 : terms.leaseMillis() * 1_000_000);
    entries.put(word.name(), entry);
    if (!isRenewal) {
      revision++;
      forgetOldest();
    }
  }

  private void forgetOldest() {
    if (entries.size() > MAX_KNOWN) {
      entries.values().stream()
          .filter(entry -> entry.standing == Standing.ENDED)
          .min(Comparator.comparingLong(entry -> entry.endNanos))
          .ifPresent(oldest -> entries.remove(oldest.last.name()));
    }
  }

  /** Returns when {@link #onTime} is due; {@code Long.MAX_VALUE}: never. */
  long nextDeadlineNanos() {
    long next = Long.MAX_VALUE;
    for (Entry entry : entries.values()) {
      next =
          Math.min(
              next,
              switch (entry.standing) {
                case HOLDS -> entry.endNanos;
                case UNSURE -> lookedNanos + UNSURE_NANOS;
                case ENDED -> entry.endNanos + REMEMBERED_NANOS;
              });
    }
    return next;
  }

  /** Ends what is over, and forgets what was over long ago. */
  void onTime(OtherMembers others, long nowNanos) {
    lookedNanos = nowNanos;
    boolean areAllHeard = !others.isAnyMissed(nowNanos);
    boolean forgot =
        entries
            .values()
            .removeIf(
                entry ->
                    entry.standing == Standing.ENDED
                        && nowNanos - entry.endNanos >= REMEMBERED_NANOS);
    revision += forgot ? 1 : 0;
    for (Entry entry : entries.values()) {
      boolean wouldBeHeard =
          areAllHeard && (entry.via == null || others.live().contains(entry.via));
      if (entry.standing == Standing.HOLDS && nowNanos >= entry.endNanos) {
        entry.standing = wouldBeHeard ? Standing.ENDED : Standing.UNSURE;
        revision++;
      } else if (entry.standing == Standing.UNSURE
          && nowNanos - entry.endNanos >= REMEMBERED_NANOS) {
        entry.standing = Standing.ENDED;
        revision++;
      } else if (entry.standing == Standing.UNSURE && wouldBeHeard) {
        // Its next renewal is heard again, and gets the time for that.
        entry.standing = Standing.HOLDS;
        entry.endNanos = nowNanos + leaseNanos(entry);
        revision++;
      }
    }
  }

  private static long leaseNanos(Entry entry) {
    Registration.Terms terms = entry.last.terms();
    return terms == null ? 0 : terms.leaseMillis() * 1_000_000;
  }

  /** Ends one of which nobody knows, because this member sees for itself that it is out. */
  void end(String name) {
    Entry entry = entries.get(name);
    if (entry != null && entry.standing == Standing.UNSURE) {
      entry.standing = Standing.ENDED;
      revision++;
    }
  }

  /** Returns why a backend is no longer listed where it was, in words. */
  String whyGone(String name) {
    Entry entry = entries.get(name);
    Registration.Terms terms = entry == null ? null : entry.last.terms();
    if (entry != null && terms == null) {
      return "withdrew";
    }
    return entry == null || terms == null || entry.standing == Standing.ENDED
        ? "its lease ended"
        : "moved to " + terms.address();
  }

  /** Returns until when a backend's lease holds; {@code null}: it has none. */
  @Nullable Long leaseEndNanos(String name) {
    Entry entry = entries.get(name);
    return entry == null || entry.standing == Standing.ENDED ? null : entry.endNanos;
  }

  /** Moves the ends of all leases: for so long this member could not have heard a renewal. */
  void postpone(long nanos) {
    for (Entry entry : entries.values()) {
      if (entry.standing == Standing.HOLDS) {
        entry.endNanos += nanos;
      }
    }
  }

  /**
   * Returns the backends that are registered now, in the order of their names. Of several at one
   * address the one that started last is there: an address is one process.
   */
  List<Listed> listed() {
    Map<BackendId, Entry> byAddress = new TreeMap<>();
    for (Entry entry : entries.values()) {
      Registration.Terms terms = entry.last.terms();
      if (terms != null && entry.standing != Standing.ENDED) {
        byAddress.merge(
            terms.address(),
            entry,
            (one, other) -> other.last.incarnation() >= one.last.incarnation() ? other : one);
      }
    }
    List<Listed> listed = new ArrayList<>();
    for (Entry entry : entries.values()) {
      Registration.Terms terms = entry.last.terms();
      if (terms != null && byAddress.get(terms.address()) == entry) {
        listed.add(
            new Listed(
                new Backend(terms.address(), entry.last.name(), terms.weight()),
                entry.last.incarnation(),
                entry.endNanos,
                entry.standing == Standing.UNSURE));
      }
    }
    return listed;
  }

  /** Returns those of which nobody knows whether they are there. */
  List<Backend> unsure() {
    List<Backend> unsure = new ArrayList<>();
    for (Entry entry : entries.values()) {
      Registration.Terms terms = entry.last.terms();
      if (terms != null && entry.standing == Standing.UNSURE) {
        unsure.add(new Backend(terms.address(), entry.last.name(), terms.weight()));
      }
    }
    return unsure;
  }

  /** Returns what a later life of this member must know: what holds, and what was withdrawn. */
  List<Registration> kept() {
    return entries.values().stream()
        .filter(entry -> entry.standing != Standing.ENDED || entry.last.terms() == null)
        .map(entry -> entry.last)
        .toList();
  }
}
