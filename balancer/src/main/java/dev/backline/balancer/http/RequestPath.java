package dev.backline.balancer.http;

import java.util.Locale;

/**
 * The path of a request as routes see it: what RFC 3986 calls equivalent is the same path here.
 * Empty segments and parameters stay, as in {@code //a;b}, though some backends read {@code /a}
 * there. The backend itself is sent the target as it came.
 */
public final class RequestPath {
  private RequestPath() {}

  /**
   * Returns the path of a request target: without its query, with unreserved characters decoded,
   * other escapes in upper case and dot segments removed (RFC 3986, 6.2.2 and 5.2.4). {@code *} is
   * about the server as a whole, and its path is {@code /}.
   *
   * @param target as sent, in origin form or {@code *}
   */
  public static String of(String target) {
    int query = target.indexOf('?');
    String path = query < 0 ? target : target.substring(0, query);
    if (path.equals("*")) {
      return "/";
    }
    return path.indexOf('%') < 0 && !path.contains("/.")
        ? path
        : withoutDotSegments(normalEscapes(path));
  }

  private static String normalEscapes(String path) {
    StringBuilder decoded = new StringBuilder(path.length());
    for (int i = 0; i < path.length(); i++) {
      char c = path.charAt(i);
      int octet = c == '%' ? octet(path, i + 1) : -1;
      if (isUnreserved(octet)) {
        decoded.append((char) octet);
        i += 2;
      } else if (octet >= 0) {
        decoded.append(path.substring(i, i + 3).toUpperCase(Locale.ROOT));
        i += 2;
      } else {
        decoded.append(c);
      }
    }
    return decoded.toString();
  }

  /** Returns the octet that two hexadecimal digits make; -1: there are none. */
  private static int octet(String path, int at) {
    if (at + 2 > path.length()) {
      return -1;
    }
    int high = Character.digit(path.charAt(at), 16);
    int low = Character.digit(path.charAt(at + 1), 16);
    return high < 0 || low < 0 ? -1 : 16 * high + low;
  }

  private static boolean isUnreserved(int c) {
    return (c >= 'a' && c <= 'z')
        || (c >= 'A' && c <= 'Z')
        || (c >= '0' && c <= '9')
        || (c > 0 && "-._~".indexOf(c) >= 0);
  }

  private static String withoutDotSegments(String path) {
    StringBuilder kept = new StringBuilder(path.length());
    for (int at = 0; at < path.length(); ) {
      int slash = path.indexOf('/', at + 1);
      int end = slash < 0 ? path.length() : slash;
      String segment = path.substring(at, end); // With the slash before it.
      boolean dots = segment.equals("/.") || segment.equals("/..");
      if (segment.equals("/..")) {
        kept.setLength(Math.max(0, kept.lastIndexOf("/")));
      }
      if (!dots) {
        kept.append(segment);
      } else if (slash < 0) {
        kept.append('/');
      }
      at = end;
    }
    return kept.toString();
  }
}
