package dev.backline.testbed.driver;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.util.HexFormat;

/** A new secret in a file that only its owner can read. */
final class SecretFile {
  private static final int BYTES = 32;

  private SecretFile() {}

  static void write(Path file) throws TestbedException {
    byte[] secret = new byte[BYTES];
    new SecureRandom().nextBytes(secret);
    try {
      Files.createFile(
          file, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
      Files.writeString(file, HexFormat.of().formatHex(secret) + "\n", StandardCharsets.US_ASCII);
    } catch (IOException e) {
      throw new TestbedException("cannot write the secret " + file, e);
    }
  }
}
