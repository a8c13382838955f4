package dev.backline.balancer.http;

import java.util.Locale;
import java.util.Set;

/**
 * What a backend is told about the client, and what nobody else may tell it.
 *
 * <p>What came from the client is stripped, also where it is spelled with {@code _}: many backends
 * read both as the same name.
 */
public final class ForwardedHeaders {
  /** The pseudonym of this proxy in {@code Via} (RFC 9110, 7.6.3). */
  public static final String VIA = "1.1 backline";

  private static final int MAX_ID_LENGTH = 64;

  private static final Set<String> OURS =
      Set.of(
          "forwarded",
          "x-forwarded-for",
          "x-forwarded-proto",
          "x-forwarded-host",
          "x-forwarded-port",
          "x-forwarded-server",
          "x-forwarded-prefix",
          "x-forwarded-ssl",
          "x-real-ip",
          "x-request-id");

  private ForwardedHeaders() {}

  /** Returns whether a client's header of this name is replaced by ours, or dropped. */
  public static boolean isOurs(String name) {
    return OURS.contains(name.toLowerCase(Locale.ROOT).replace('_', '-'));
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
