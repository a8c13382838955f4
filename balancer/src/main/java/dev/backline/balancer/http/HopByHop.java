package dev.backline.balancer.http;

import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/**
 * Which headers are meant for one connection only and are never forwarded (RFC 9110, 7.6.1).
 *
 * @param named what the message's own {@code Connection} headers name, lower case
 */
public record HopByHop(Set<String> named) {
  private static final Set<String> ALWAYS =
      Set.of(
          "connection",
          "keep-alive",
          "proxy-connection",
          "proxy-authenticate",
          "proxy-authorization",
          "te",
          "trailer",
          "transfer-encoding",
          "upgrade",
          "http2-settings");

  /** A client must not be able to make us drop what routing, framing or trust depend on. */
  private static final Set<String> NEVER_NAMED =
      Set.of(
          "host",
          "content-length",
          "content-type",
          "content-encoding",
          "content-range",
          "authorization",
          "cookie",
          "set-cookie",
          "cache-control",
          "via",
          "forwarded",
          "x-forwarded-for",
          "x-forwarded-proto",
          "x-forwarded-host",
          "x-forwarded-port",
          "x-request-id");

  /** What may not come after the body (RFC 9110, 6.5.1), beside all that is named above. */
  private static final Set<String> NO_TRAILERS =
      Set.of(
          "age", "date", "expires", "location", "max-forwards", "retry-after", "vary", "warning");

  private static final String CLOSE = "close";
  private static final String UPGRADE = "upgrade";
  private static final String WEBSOCKET = "websocket";
  private static final HopByHop NONE_NAMED = new HopByHop(Set.of());

  /** Reads the values of a message's {@code Connection} headers. */
  public static HopByHop of(List<String> connectionValues) {
    Set<String> named = new LinkedHashSet<>();
    for (String value : connectionValues) {
      for (String option : value.split(",", -1)) {
        String name = option.trim().toLowerCase(Locale.ROOT);
        if (!name.isEmpty() && !NEVER_NAMED.contains(name)) {
          named.add(name);
        }
      }
    }
    return named.isEmpty() ? NONE_NAMED : new HopByHop(named);
  }

  /** Returns whether the connection ends with this message (RFC 9112, 9.6). */
  public boolean isLast() {
    return named.contains(CLOSE);
  }

  /**
   * Returns whether a message asks for, or agrees to, a WebSocket (RFC 6455, 4.1). No other upgrade
   * is passed on: through h2c a client could speak past every route.
   *
   * @param upgrades the values of its {@code Upgrade} headers
   */
  public boolean isWebSocket(List<String> upgrades) {
    return named.contains(UPGRADE)
        && upgrades.size() == 1
        && upgrades.get(0).trim().equalsIgnoreCase(WEBSOCKET);
  }

  /** Returns whether a field may be sent after the body: nothing depends on it before. */
  public static boolean isTrailer(String name) {
    String lower = name.toLowerCase(Locale.ROOT);
    return !ALWAYS.contains(lower) && !NEVER_NAMED.contains(lower) && !NO_TRAILERS.contains(lower);
  }

  /** Returns whether the header ends here. */
  public boolean contains(String name) {
    String lower = name.toLowerCase(Locale.ROOT);
    return ALWAYS.contains(lower) || named.contains(lower);
  }
}
