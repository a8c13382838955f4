package dev.backline.sample.web;

import io.vertx.core.buffer.Buffer;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;

/**
 * Weak entity tags: made from the bytes, compared as RFC 9110 section 8.8.3.2 says for weak ones.
 */
final class EntityTag {
  /** 64 bits of the digest: two versions of a page will not meet. */
  private static final int DIGEST_BYTES = 8;

  private EntityTag() {}

  static String of(Buffer body) {
    byte[] digest = sha256().digest(body.getBytes());
    String hex = HexFormat.of().formatHex(Arrays.copyOf(digest, DIGEST_BYTES));
    return "W/\"" + Integer.toHexString(body.length()) + "-" + hex + "\"";
  }

  /** Whether one of the {@code If-None-Match} fields has this tag, or is {@code *}. */
  static boolean matches(List<String> fields, String etag) {
    String opaque = opaque(etag);
    for (String field : fields) {
      // A comma inside of a tag would split it; ours have none, so that a match is not affected.
      for (String tag : field.split(",", -1)) {
        if (tag.strip().equals("*") || opaque(tag.strip()).equals(opaque)) {
          return true;
        }
      }
    }
    return false;
  }

  private static String opaque(String tag) {
    return tag.startsWith("W/") ? tag.substring(2) : tag;
  }

  private static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new AssertionError("every JDK has SHA-256", e);
    }
  }
}
