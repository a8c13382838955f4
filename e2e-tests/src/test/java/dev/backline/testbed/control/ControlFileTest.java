package dev.backline.testbed.control;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.backline.testbed.driver.TestbedException;
import dev.backline.testbed.http.Address;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ControlFileTest {
  private static final Address ADDRESS = new Address("127.0.0.1", 1234);
  private final ControlFile own = ControlFile.ofThisProcess(ADDRESS, "secret", List.of(ADDRESS));
  @TempDir private Path directory;

  @Test
  void fileOfALivingProcessIsReadAndIsItsOwnersOnly() throws TestbedException, IOException {
    own.write(directory);

    assertThat(ControlFile.read(directory)).hasValue(own);
    assertThat(Files.getPosixFilePermissions(directory.resolve("control.json")))
        .isEqualTo(PosixFilePermissions.fromString("rw-------"));
  }

  @Test
  void fileOfAProcessThatIsGoneIsStale()
      throws TestbedException, IOException, InterruptedException {
    Process gone = new ProcessBuilder("true").start();
    gone.waitFor();
    new ControlFile(gone.pid(), own.processStart(), ADDRESS, "secret", List.of(ADDRESS))
        .write(directory);

    assertThat(ControlFile.read(directory)).isEmpty();
  }

  @Test
  void fileWhosePidWasGivenToAnotherProcessIsStale() throws TestbedException {
    new ControlFile(
            own.pid(),
            own.processStart().minus(Duration.ofMinutes(5)),
            ADDRESS,
            "secret",
            List.of(ADDRESS))
        .write(directory);

    assertThat(ControlFile.read(directory)).isEmpty();
  }

  @Test
  void noFileMeansNoTestbed() throws TestbedException {
    assertThat(ControlFile.read(directory)).isEmpty();
  }

  @Test
  void whatIsNoControlFileIsToldAsSuch() throws IOException {
    for (String text : new String[] {"", "{}", "[1]", "{\"pid\":1,\"processStart\":\"now\"}"}) {
      Files.writeString(directory.resolve("control.json"), text);
      assertThatThrownBy(() -> ControlFile.read(directory))
          .isInstanceOf(TestbedException.class)
          .hasMessageContaining("is no control file");
    }
  }
}
