package dev.backline.sample.web;

import io.vertx.core.buffer.Buffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;

/** Entity tags: how they are made, and how RFC 9110 section 8.8.3.2 compares them. */
public final class EntityTag {
  /** 64 bits of the digest: two versions of a page will not meet. */
  private static final int DIGEST_BYTES = 8;

  private EntityTag() {}

  /** A weak one, made from the bytes. */
  static String of(Buffer body) {
    return "W/\"" + Integer.toHexString(body.length()) + "-" + digest(body.getBytes()) + "\"";
  }

  /**
   * A strong one, made from what the bytes are computed from: whoever changes the computation must
   * change that too.
   */
  public static String strong(String source) {
    return "\"" + digest(source.getBytes(StandardCharsets.UTF_8)) + "\"";
  }

  static boolean isStrong(String etag) {
    return !etag.startsWith("W/");
  }

  /** Whether one of the {@code If-Match} fields has this tag, which is strong, or is {@code *}. */
  static boolean matchesStrongly(List<String> fields, String etag) {
    for (String field : fields) {
      for (String tag : field.split(",", -1)) {
        if (tag.strip().equals("*") || (isStrong(etag) && tag.strip().equals(etag))) {
          return true;
        }
      }
    }
    return false;
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

  private static String digest(byte[] bytes) {
    return HexFormat.of().formatHex(Arrays.copyOf(sha256().digest(bytes), DIGEST_BYTES));
  }

  private static String opaque(String tag) {
    return tag.startsWith("W/") ? tag.substring(2) : tag;
  }

  static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new AssertionError("every JDK has SHA-256", e);
    }
  }
}
