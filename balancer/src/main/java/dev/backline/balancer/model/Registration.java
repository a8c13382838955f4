package dev.backline.balancer.model;

import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The word of a backend that registers itself: its newest counts, whichever member it was told.
 *
 * @param name what the backend calls itself, unique in its pool
 * @param incarnation made by the backend: grows with each of its starts
 * @param sequence made by the backend: grows with each word of the incarnation
 * @param terms {@code null}: it withdraws
 */
public record Registration(
    PoolName pool, String name, long incarnation, long sequence, @Nullable Terms terms) {
  private static final Pattern NAME = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._-]{0,62}");

  /**
   * What holds while the lease does.
   *
   * @param address an IP address and a port
   * @param secretDigest SHA-256, in hexadecimal digits, of what the backend alone was told
   */
  public record Terms(BackendId address, int weight, long leaseMillis, String secretDigest) {
    /** Checks weight and lease. */
    public Terms {
      if (weight < 1 || weight > Backend.MAX_WEIGHT) {
        throw new IllegalArgumentException(
            "weight: " + weight + " (expected: 1 to " + Backend.MAX_WEIGHT + ")");
      }
      if (leaseMillis < 1) {
        throw new IllegalArgumentException("leaseMillis: " + leaseMillis + " (expected: >= 1)");
      }
    }

    Terms withSecret(String digest) {
      return new Terms(address, weight, leaseMillis, digest);
    }
  }

  /** Checks the name and the numbers. */
  public Registration {
    if (!isName(name)) {
      throw new IllegalArgumentException(
          "name: " + name + " (expected: at most 63 letters, digits, -, _ and .)");
    }
    if (incarnation < 1 || sequence < 1) {
      throw new IllegalArgumentException(
          "incarnation, sequence: " + incarnation + ", " + sequence + " (expected: >= 1)");
    }
  }

  /** Returns whether a backend may be called so. */
  public static boolean isName(String text) {
    return NAME.matcher(text).matches();
  }

  /** Returns whether the backend said this after the other. */
  public boolean isNewerThan(Registration other) {
    return incarnation != other.incarnation
        ? incarnation > other.incarnation
        : sequence > other.sequence;
  }

  /** Returns the same with another secret; a withdrawal has none. */
  public Registration withSecret(String digest) {
    return terms == null
        ? this
        : new Registration(pool, name, incarnation, sequence, terms.withSecret(digest));
  }
}
