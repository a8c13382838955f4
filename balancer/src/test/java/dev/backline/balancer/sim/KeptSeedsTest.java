package dev.backline.balancer.sim;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What once failed is kept, once. */
final class KeptSeedsTest {
  private static final LocalDate DAY = LocalDate.of(2026, 1, 31);

  @TempDir Path folder;

  @Test
  void seedIsKeptOnceWithItsCheckAndTheDay() throws IOException {
    Path file =
        Files.writeString(folder.resolve("seeds.txt"), "# Seeds\n1    a slot, and 13 more\n");

    assertThat(KeptSeeds.keep(file, 13, "NeverTwice", DAY)).isTrue();
    assertThat(KeptSeeds.keep(file, 13, "OneEnd", DAY)).isFalse();
    assertThat(KeptSeeds.keep(file, 1, "OneEnd", DAY)).isFalse();

    assertThat(file)
        .hasContent("# Seeds\n1    a slot, and 13 more\n13   NeverTwice, found on 2026-01-31\n");
    assertThat(KeptSeeds.of(Files.readAllLines(file))).containsExactly(1, 13);
  }

  @Test
  void lastLineIsEndedFirst() throws IOException {
    Path file = Files.writeString(folder.resolve("seeds.txt"), "7 a");
    KeptSeeds.keep(file, 123_456, "OneEnd", DAY);
    assertThat(Files.readAllLines(file))
        .containsExactly("7 a", "123456 OneEnd, found on 2026-01-31");
  }

  @Test
  void allThatAreKeptCanBeRead() {
    List<String> lines = Digests.resource("seeds.txt");
    assertThat(KeptSeeds.of(lines)).hasSameSizeAs(lines).contains(1, 5300);
  }
}
