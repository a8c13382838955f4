package dev.backline.balancer.admin;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.util.HexFormat;

/** The token of the admin interface, in a file that only its owner can read. */
public final class AdminToken {
  private static final String KEY = "admin.token_file: ";
  private static final int BYTES = 24;

  private final byte[] token;

  private AdminToken(String token) {
    this.token = token.getBytes(StandardCharsets.UTF_8);
  }

  /**
   * Reads the token, or makes it at the first start.
   *
   * @throws IOException if the file can't be read or written, is readable for others, or is too
   *     short; the message says which
   */
  public static AdminToken loadOrCreate(Path file) throws IOException {
    byte[] random = new byte[BYTES];
    new SecureRandom().nextBytes(random);
    String fresh = HexFormat.of().formatHex(random);
    try {
      create(file, fresh);
      return new AdminToken(fresh);
    } catch (FileAlreadyExistsException e) {
      return load(file);
    } catch (NoSuchFileException e) {
      throw new IOException(KEY + file + ": no such folder (make it, or choose another file)", e);
    } catch (FileSystemException e) {
      throw new IOException(KEY + file + ": can't be made: " + SecretFile.why(e), e);
    }
  }

  /**
   * Reads the token of a file that is there.
   *
   * @throws IOException as {@link #loadOrCreate}
   */
  public static AdminToken load(Path file) throws IOException {
    return new AdminToken(SecretFile.read(KEY, file, "a member makes it when it starts"));
  }

  /** Compares in the same time whatever is presented. */
  boolean matches(String presented) {
    return MessageDigest.isEqual(token, presented.getBytes(StandardCharsets.UTF_8));
  }

  /** Returns the value of an {@code Authorization} header that presents it. */
  public String authorization() {
    return "Bearer " + new String(token, StandardCharsets.UTF_8);
  }

  /** Whole or not at all: a file that a crash left empty would be in the way for ever. */
  private static void create(Path file, String token) throws IOException {
    FileAttribute<?>[] ownerOnly =
        SecretFile.isPosix()
            ? new FileAttribute<?>[] {
              PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"))
            }
            : new FileAttribute<?>[0];
    if (Files.exists(file, LinkOption.NOFOLLOW_LINKS)) {
      throw new FileAlreadyExistsException(file.toString());
    }
    Path whole = Files.createTempFile(file.toAbsolutePath().getParent(), ".token", "", ownerOnly);
    try {
      Files.writeString(whole, token + "\n");
      Files.createLink(file, whole); // Fails where another has just made it.
    } catch (FileAlreadyExistsException e) {
      throw e;
    } catch (UnsupportedOperationException | FileSystemException e) {
      Files.move(whole, file); // Not all file systems have links.
    } finally {
      Files.deleteIfExists(whole);
    }
  }
}
