package dev.backline.balancer.model;

import java.util.Collection;

/** Hashes that are the same in every JVM and on every member. */
public final class Hashing {
  private static final long FNV_OFFSET = 0xcbf29ce484222325L;
  private static final long FNV_PRIME = 0x100000001b3L;

  private Hashing() {}

  /** FNV-1a over the characters, then mixed: FNV's own high bits are weak on short keys. */
  public static long of(String key) {
    long hash = FNV_OFFSET;
    for (int i = 0; i < key.length(); i++) {
      hash = (hash ^ key.charAt(i)) * FNV_PRIME;
    }
    return mix(hash);
  }

  /**
   * The score of a backend for a key; the highest wins, in proportion to the weights (Schindelhauer
   * and Schomaker, "Weighted distributed hash tables", SPAA 2005).
   */
  public static double rendezvous(long keyHash, BackendId id, int weight) {
    long hash = mix(keyHash ^ of(id.host()) + id.port() * FNV_PRIME);
    // 53 bits, never 0: the logarithm is finite and below 0.
    double uniform = ((hash >>> 11) + 0.5) * 0x1.0p-53;
    return weight / -StrictMath.log(uniform);
  }

  /**
   * Returns how many others come before a member in the rendezvous of a backend (Thaler and
   * Ravishankar, IEEE/ACM Transactions on Networking 6(1), 1998). A tie is decided by name, so that
   * all members decide the same.
   */
  public static int rank(BackendId backend, MemberId own, Collection<MemberId> others) {
    long backendHash = of(backend.toString());
    long ownScore = score(backendHash, own);
    int before = 0;
    for (MemberId other : others) {
      long score = score(backendHash, other);
      if (score > ownScore || (score == ownScore && other.compareTo(own) < 0)) {
        before++;
      }
    }
    return before;
  }

  /** Returns the score of a member for a backend. */
  public static long score(BackendId backend, MemberId member) {
    return score(of(backend.toString()), member);
  }

  private static long score(long backendHash, MemberId member) {
    return mix(backendHash ^ of(member.value()));
  }

  /** The finalizer of SplitMix64 (Steele, Lea, Flood, OOPSLA 2014). */
  public static long mix(long z) {
    long a = (z ^ (z >>> 30)) * 0xbf58476d1ce4e5b9L;
    long b = (a ^ (a >>> 27)) * 0x94d049bb133111ebL;
    return b ^ (b >>> 31);
  }
}
