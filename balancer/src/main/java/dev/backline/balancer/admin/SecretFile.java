package dev.backline.balancer.admin;

import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;

/** Secrets in files that only their owner can read. */
public final class SecretFile {
  private static final int MIN_LENGTH = 16;

  private SecretFile() {}

  /**
   * Reads a secret.
   *
   * @param key what the configuration calls it, with a colon: the beginning of each message
   * @param howMade how the file comes about, for those who haven't got it
   * @throws IOException if the file can't be read, is readable for others, or is too short; the
   *     message says which
   */
  public static String read(String key, Path file, String howMade) throws IOException {
    String secret;
    try {
      checkMode(key, file);
      if (Files.isDirectory(file)) {
        throw new FileSystemException(file.toString(), null, "is a folder");
      }
      secret = Files.readString(file).strip();
    } catch (NoSuchFileException e) {
      throw new NoSuchFileException(key + file, null, "no such file (" + howMade + ")");
    } catch (CharacterCodingException e) {
      throw new IOException(key + file + ": no text (expected: UTF-8)", e);
    } catch (FileSystemException e) {
      throw new IOException(key + file + ": can't be read: " + why(e), e);
    }
    if (secret.length() < MIN_LENGTH) {
      throw new IOException(
          key
              + file
              + ": a token of "
              + secret.length()
              + " characters (expected: >= "
              + MIN_LENGTH
              + ")");
    }
    return secret;
  }

  private static void checkMode(String key, Path file) throws IOException {
    if (isPosix()) {
      String mode = PosixFilePermissions.toString(Files.getPosixFilePermissions(file));
      if (!mode.endsWith("------")) {
        throw new IOException(
            key
                + file
                + ": mode "
                + mode
                + " (expected: readable for its owner only; chmod 600 "
                + file
                + ")");
      }
    }
  }

  /** Returns why a file can't be used, in words, without its name. */
  public static String why(IOException e) {
    if (e instanceof AccessDeniedException) {
      return "permission denied";
    }
    return e instanceof FileSystemException told && told.getReason() != null
        ? told.getReason()
        : String.valueOf(e.getMessage());
  }

  static boolean isPosix() {
    return FileSystems.getDefault().supportedFileAttributeViews().contains("posix");
  }
}
