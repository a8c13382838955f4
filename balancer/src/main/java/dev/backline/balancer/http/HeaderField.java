package dev.backline.balancer.http;

/** What a header field may be made of (RFC 9110, 5.1 and 5.5). */
public final class HeaderField {
  private static final String TOKEN_SIGNS = "!#$%&'*+-.^_`|~";

  private HeaderField() {}

  /**
   * Returns whether the field means the same to every reader: its name is a token, and its value
   * has no control characters but tabs.
   */
  public static boolean isValid(String name, String value) {
    return isToken(name) && isText(value);
  }

  private static boolean isToken(String name) {
    for (int i = 0; i < name.length(); i++) {
      char c = name.charAt(i);
      boolean letterOrDigit =
          (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
      if (!letterOrDigit && TOKEN_SIGNS.indexOf(c) < 0) {
        return false;
      }
    }
    return !name.isEmpty();
  }

  private static boolean isText(String value) {
    for (int i = 0; i < value.length(); i++) {
      char c = value.charAt(i);
      if ((c < ' ' && c != '\t') || c == 0x7f || c > 0xff) {
        return false;
      }
    }
    return true;
  }
}
