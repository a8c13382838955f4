package dev.backline.testbed.driver;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.backline.testbed.history.LedgerEntry;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class JsonLinesTest {
  private static final String BEGIN =
      "{\"event\":\"begin\",\"id\":\"a\",\"method\":\"POST\",\"path\":\"/p\",\"at\":12}\n";
  private static final String END = "{\"event\":\"end\",\"id\":\"a\",\"status\":201,\"at\":15}\n";
  @TempDir private Path directory;

  @Test
  void lineThatAKillCutOffIsLeftOut() throws IOException, TestbedException {
    Path file = directory.resolve("x.ledger");
    Files.writeString(file, BEGIN + END + "{\"event\":\"beg");

    assertThat(JsonLines.read(file, LedgerEntry::fromJson))
        .containsExactly(
            new LedgerEntry(LedgerEntry.Event.BEGIN, "a", "POST", "/p", 0, 12),
            new LedgerEntry(LedgerEntry.Event.END, "a", "", "", 201, 15));
  }

  @Test
  void noFileIsNoLines() throws TestbedException {
    assertThat(JsonLines.read(directory.resolve("none"), LedgerEntry::fromJson)).isEmpty();
  }

  @Test
  void wrongLineIsToldWithItsPlace() throws IOException {
    Path file = directory.resolve("x.ledger");
    for (String wrong :
        new String[] {"nonsense\n", "{\"event\":\"pause\",\"id\":\"a\",\"at\":1}\n"}) {
      Files.writeString(file, BEGIN + wrong + END);
      assertThatThrownBy(() -> JsonLines.read(file, LedgerEntry::fromJson))
          .isInstanceOf(TestbedException.class)
          .hasMessageContaining("x.ledger (line 2)");
    }
  }
}
