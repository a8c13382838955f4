package dev.backline.balancer.balance;

import org.jspecify.annotations.Nullable;

/** Reads one value out of a {@code Cookie} header (RFC 6265, 4.2.1). */
final class Cookies {
  private Cookies() {}

  static @Nullable String value(String header, String name) {
    int at = 0;
    while (at < header.length()) {
      int end = header.indexOf(';', at);
      if (end < 0) {
        end = header.length();
      }
      int equals = header.indexOf('=', at);
      if (equals >= 0 && equals < end && header.substring(at, equals).trim().equals(name)) {
        return header.substring(equals + 1, end).trim();
      }
      at = end + 1;
    }
    return null;
  }
}
