package dev.backline.balancer.http;

import java.util.List;
import java.util.Locale;
import java.util.Set;

/**
 * What a backend is told about the client, and what nobody else may tell it.
 *
 * <p>What came from the client is stripped, also where it is spelled with {@code _} or {@code .}:
 * many backends read all of them as the same name.
 */
public final class ForwardedHeaders {
  /** The pseudonym of this proxy in {@code Via} (RFC 9110, 7.6.3). */
  public static final String VIA = "1.1 backline";

  private static final int MAX_HOPS = 8;
  private static final int MAX_ID_LENGTH = 64;

  private static final Set<String> OURS =
      Set.of(
          "forwarded",
          "x-real-ip",
          "x-client-ip",
          "x-cluster-client-ip",
          "true-client-ip",
          // Frameworks take these for the target itself, past every route.
          "x-original-url",
          "x-rewrite-url",
          "x-request-id");

  /** What says where a message ends, or is for one connection: only in its own spelling. */
  private static final Set<String> FRAMING =
      Set.of(
          "content-length", "transfer-encoding", "connection", "host", "expect", "te", "trailer");

  private ForwardedHeaders() {}

  /** Returns whether a client's header of this name is replaced by ours, or dropped. */
  public static boolean isOurs(String name) {
    String lower = name.toLowerCase(Locale.ROOT);
    String dashed = lower.replace('_', '-').replace('.', '-');
    return dashed.startsWith("x-forwarded-")
        || OURS.contains(dashed)
        || (!dashed.equals(lower) && FRAMING.contains(dashed));
  }

  /**
   * Returns whether a request has come through balancers like this so often that they must be a
   * ring (RFC 5842, 7.2).
   *
   * @param via the values of its {@code Via} headers
   */
  public static boolean isLoop(List<String> via) {
    int hops = 0;
    for (String value : via) {
      for (String hop : value.split(",", -1)) {
        hops += hop.strip().equals(VIA) ? 1 : 0;
      }
    }
    return hops >= MAX_HOPS;
  }

  /** Returns whether a client's request id is kept: {@code [A-Za-z0-9._-]{1,64}}. */
  public static boolean isRequestId(String id) {
    if (id.isEmpty() || id.length() > MAX_ID_LENGTH) {
      return false;
    }
    for (int i = 0; i < id.length(); i++) {
      char c = id.charAt(i);
      boolean allowed =
          (c >= 'a' && c <= 'z')
              || (c >= 'A' && c <= 'Z')
              || (c >= '0' && c <= '9')
              || c == '.'
              || c == '_'
              || c == '-';
      if (!allowed) {
        return false;
      }
    }
    return true;
  }
}
