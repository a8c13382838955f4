package dev.backline.balancer.admin;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@DisabledOnOs(value = OS.WINDOWS, disabledReason = "its files have no modes")
class AdminTokenTest {
  @TempDir Path folder;

  @Test
  void tokenIsMadeAtTheFirstStartForItsOwnerOnly() throws IOException {
    Path file = folder.resolve("token");

    AdminToken made = AdminToken.loadOrCreate(file);

    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
        .isEqualTo("rw-------");
    String token = Files.readString(file).strip();
    assertThat(token).matches("[0-9a-f]{48}");
    assertThat(made.matches(token)).isTrue();
    assertThat(AdminToken.loadOrCreate(file).matches(token)).as("and kept").isTrue();
    assertThat(AdminToken.load(file).authorization()).isEqualTo("Bearer " + token);
  }

  @Test
  void eachTokenIsAnother() throws IOException {
    AdminToken.loadOrCreate(folder.resolve("one"));
    AdminToken.loadOrCreate(folder.resolve("two"));

    assertThat(Files.readString(folder.resolve("one")))
        .isNotEqualTo(Files.readString(folder.resolve("two")));
  }

  @ParameterizedTest
  @ValueSource(strings = {"rw-r-----", "rw----r--", "rw--w----", "rwxrwxrwx"})
  void fileThatOthersCanUseIsRefused(String mode) throws IOException {
    Path file = Files.writeString(folder.resolve("token"), "0123456789abcdef0123456789abcdef");
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString(mode));

    assertThatThrownBy(() -> AdminToken.loadOrCreate(file))
        .isInstanceOf(IOException.class)
        .hasMessage(
            "admin.token_file: %s: mode %s (expected: readable for its owner only; chmod 600 %s)",
            file, mode, file);
  }

  @Test
  void shortTokenIsRefused() throws IOException {
    Path file = folder.resolve("token");
    AdminToken.loadOrCreate(file);
    Files.writeString(file, "too short\n");

    assertThatThrownBy(() -> AdminToken.loadOrCreate(file))
        .hasMessage("admin.token_file: %s: a token of 9 characters (expected: >= 16)", file);
  }

  @Test
  void missingFolderIsNamed() {
    Path file = folder.resolve("nowhere/token");

    assertThatThrownBy(() -> AdminToken.loadOrCreate(file))
        .hasMessage("admin.token_file: %s: no such folder (make it, or choose another file)", file);
  }

  @Test
  void missingFileIsNamed() {
    Path file = folder.resolve("token");

    assertThatThrownBy(() -> AdminToken.load(file))
        .isInstanceOf(NoSuchFileException.class)
        .hasMessage("admin.token_file: %s: no such file (a member makes it when it starts)", file);
  }

  @Test
  void folderInTheFilesPlaceIsTold() throws IOException {
    Path file = Files.createDirectory(folder.resolve("token"));
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwx------"));

    assertThatThrownBy(() -> AdminToken.loadOrCreate(file))
        .isInstanceOf(IOException.class)
        .hasMessage("admin.token_file: %s: can't be read: is a folder", file);
  }

  @Test
  void bytesThatAreNoTextAreTold() throws IOException {
    Path file = folder.resolve("token");
    AdminToken.loadOrCreate(file);
    Files.write(file, new byte[] {(byte) 0xff, (byte) 0xfe, 0, 1});

    assertThatThrownBy(() -> AdminToken.load(file))
        .hasMessage("admin.token_file: %s: no text (expected: UTF-8)", file);
  }

  /** A start that was cut off half-way would have left an empty one, in the way for ever. */
  @Test
  void nothingIsLeftBesideIt() throws IOException {
    AdminToken.loadOrCreate(folder.resolve("token"));
    try (Stream<Path> files = Files.list(folder)) {
      assertThat(files).containsExactly(folder.resolve("token"));
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "x", "Bearer"})
  void whatIsNotTheTokenDoesNotMatch(String presented) throws IOException {
    assertThat(AdminToken.loadOrCreate(folder.resolve("token")).matches(presented)).isFalse();
  }
}
