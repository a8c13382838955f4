package dev.backline.balancer.http;

import dev.backline.balancer.model.HostAndPort;
import dev.backline.balancer.model.IpAddress;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What a request must be before it is routed: the forms through which two readers of one request
 * come to see two different ones are refused (RFC 9112, 3.2, 6.1 and 11.2).
 */
public final class RequestRules {
  private RequestRules() {}

  /**
   * Returns what is wrong, in words for the client, or {@code null}.
   *
   * @param target as sent
   * @param headers all of them, as sent
   * @param hosts the values of all {@code Host} headers
   * @param transferEncodings the values of all {@code Transfer-Encoding} headers
   * @param http10 whether the request is HTTP/1.0, where {@code Host} may be missing
   */
  public static @Nullable String violation(
      String method,
      String target,
      Iterable<Map.Entry<String, String>> headers,
      List<String> hosts,
      List<String> transferEncodings,
      boolean http10) {
    if (method.equals("CONNECT")) {
      return "CONNECT is not served here";
    }
    boolean originForm = target.startsWith("/");
    boolean asterisk = target.equals("*") && method.equals("OPTIONS");
    if (!originForm && !asterisk) {
      return "request target: expected one that begins with /";
    }
    for (int i = 0; i < target.length(); i++) {
      char c = target.charAt(i);
      if (c <= ' ' || c >= 0x7f || c == '#') {
        return "request target: has a character that must be percent-encoded";
      }
    }
    if (hosts.size() > 1 || (hosts.isEmpty() && !http10)) {
      return "Host: " + hosts.size() + " of them (expected: exactly one)";
    }
    if (!hosts.isEmpty() && hostOf(hosts.get(0)) == null) {
      return "Host: not a host name or address";
    }
    if (!transferEncodings.isEmpty() && !isChunked(transferEncodings)) {
      return "Transfer-Encoding: only chunked is understood here";
    }
    for (Map.Entry<String, String> header : headers) {
      if (!HeaderField.isValid(header.getKey(), header.getValue())) {
        return "header: has a name or a value with a character that is not allowed there";
      }
    }
    return null;
  }

  /**
   * Returns the host of an authority, lower case and without its port; {@code null} if it is none.
   */
  public static @Nullable String hostOf(String authority) {
    int end = authority.length();
    if (authority.startsWith("[")) {
      int close = authority.indexOf(']');
      if (close < 0 || !isPort(authority, close + 1)) {
        return null;
      }
      String address = authority.substring(1, close).toLowerCase(Locale.ROOT);
      return address.indexOf(':') >= 0 && IpAddress.parse(address) != null ? address : null;
    }
    int colon = authority.indexOf(':');
    if (colon >= 0) {
      if (!isPort(authority, colon)) {
        return null;
      }
      end = colon;
    }
    String name = HostAndPort.withoutRoot(authority.substring(0, end).toLowerCase(Locale.ROOT));
    return isName(name) ? name : null;
  }

  private static boolean isChunked(List<String> transferEncodings) {
    return transferEncodings.size() == 1 && transferEncodings.get(0).equalsIgnoreCase("chunked");
  }

  private static boolean isPort(String authority, int colon) {
    if (colon == authority.length()) {
      return true;
    }
    if (authority.charAt(colon) != ':' || authority.length() - colon > 6) {
      return false;
    }
    int port = 0;
    for (int i = colon + 1; i < authority.length(); i++) {
      if (authority.charAt(i) < '0' || authority.charAt(i) > '9') {
        return false;
      }
      port = 10 * port + authority.charAt(i) - '0';
    }
    boolean isEmpty = colon + 1 == authority.length(); // Then it is the scheme's own.
    return isEmpty || (port > 0 && port <= 65_535);
  }

  /** Letters, digits and what else stands in names, in labels of which none is empty. */
  private static boolean isName(String name) {
    for (int i = 0; i < name.length(); i++) {
      char c = name.charAt(i);
      boolean emptyLabel = c == '.' && (i == 0 || name.charAt(i - 1) == '.');
      boolean known = (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || "-._~".indexOf(c) >= 0;
      if (emptyLabel || !known) {
        return false;
      }
    }
    return !name.isEmpty() && !name.endsWith(".");
  }
}
