package dev.backline.balancer.cluster;

import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.List;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * Signs what this member writes, and verifies what others wrote (HMAC-SHA256, RFC 2104). Any thread
 * may call.
 */
public final class Signer {
  private static final String ALGORITHM = "HmacSHA256";

  private final String cluster;
  private final SecretKeySpec secret;

  /** Signs with a secret, for a cluster of that name. */
  public Signer(String cluster, String secret) {
    this.cluster = cluster;
    this.secret = new SecretKeySpec(secret.getBytes(StandardCharsets.UTF_8), ALGORITHM);
  }

  SharedRecord sign(
      String kind, String key, String owner, long incarnation, long sequence, List<String> fields) {
    SharedRecord unsigned = new SharedRecord(kind, key, owner, incarnation, sequence, fields, "");
    return new SharedRecord(
        kind, key, owner, incarnation, sequence, fields, HexFormat.of().formatHex(mac(unsigned)));
  }

  /** Returns whether a holder of the secret wrote the record, for this cluster and this kind. */
  boolean verifies(String kind, SharedRecord record) {
    return record.kind().equals(kind)
        && MessageDigest.isEqual(
            HexFormat.of().formatHex(mac(record)).getBytes(StandardCharsets.UTF_8),
            record.mac().getBytes(StandardCharsets.UTF_8));
  }

  private byte[] mac(SharedRecord record) {
    try {
      Mac mac = Mac.getInstance(ALGORITHM);
      mac.init(secret);
      return mac.doFinal(bytes(record));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("every JVM has " + ALGORITHM, e);
    }
  }

  /** Each part with its length, so that no two records have the same bytes. */
  private byte[] bytes(SharedRecord record) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (DataOutputStream out = new DataOutputStream(bytes)) {
      write(out, cluster);
      write(out, record.kind());
      write(out, record.key());
      write(out, record.owner());
      out.writeLong(record.incarnation());
      out.writeLong(record.sequence());
      out.writeInt(record.fields().size());
      for (String field : record.fields()) {
        write(out, field);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e); // Memory doesn't fail so.
    }
    return bytes.toByteArray();
  }

  private static void write(DataOutputStream out, String text) throws IOException {
    byte[] utf8 = text.getBytes(StandardCharsets.UTF_8);
    out.writeInt(utf8.length);
    out.write(utf8);
  }
}
