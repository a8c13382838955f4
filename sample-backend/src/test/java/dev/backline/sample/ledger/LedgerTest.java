package dev.backline.sample.ledger;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LedgerTest {
  private static final InstantSource CLOCK =
      InstantSource.fixed(Instant.parse("2026-11-22T12:00:00.123456Z"));

  @TempDir private Path folder = Path.of("");

  @Test
  void onlyTheLastLinesAreKeptAndTheOthersAreCounted() {
    Ledger ledger = new Ledger(3, CLOCK, null);
    Entry.Begin first = ledger.begin("a", "GET", "/");
    ledger.end(first, 200);
    Entry.Begin second = ledger.begin("b", "GET", "/");
    ledger.aborted(second);
    assertThat(ledger.dropped()).isEqualTo(1);
    assertThat(ledger.entries())
        .extracting(entry -> entry.toJson().encode())
        .containsExactly(
            "{\"event\":\"end\",\"id\":\"a\",\"status\":200,\"at\":1795348800123456}",
            "{\"event\":\"begin\",\"id\":\"b\",\"method\":\"GET\",\"path\":\"/\","
                + "\"at\":1795348800123456}",
            "{\"event\":\"aborted\",\"id\":\"b\",\"at\":1795348800123456}");
  }

  @Test
  void fileIsAppendedToAndIdsAreQuoted() throws IOException {
    Path path = folder.resolve("ledger");
    Files.writeString(path, "{\"event\":\"old\"}\n");
    try (LedgerFile file = LedgerFile.open(path)) {
      new Ledger(1, CLOCK, file).begin("a\"\n", "GET", "/");
    }
    assertThat(Files.readAllLines(path)).hasSize(2).last().asString().contains("\"a\\\"\\n\"");
  }

  @Test
  void lineThatCannotBeWrittenStopsTheRequest() throws IOException {
    LedgerFile file = LedgerFile.open(folder.resolve("ledger"));
    file.close();
    Ledger ledger = new Ledger(3, CLOCK, file);
    assertThatThrownBy(() -> ledger.begin("a", "GET", "/"))
        .isInstanceOf(UncheckedIOException.class);
    assertThat(ledger.entries()).isEmpty();
  }
}
