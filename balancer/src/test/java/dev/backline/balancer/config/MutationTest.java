package dev.backline.balancer.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Whatever a text holds, the answer is a configuration, or errors with lines of that text. */
class MutationTest {
  private static final List<String> PIECES =
      List.of(
          ":",
          ": ",
          "\n",
          "\t",
          " ",
          "  ",
          "- ",
          "*",
          "&",
          "!",
          "!!",
          "<<",
          "{",
          "}",
          "[",
          "]",
          ",",
          "'",
          "\"",
          "\\",
          "|",
          ">",
          "%",
          "@",
          "`",
          "#",
          "?",
          "? ",
          "---\n",
          "...\n",
          "%YAML 1.1\n",
          "~",
          "null",
          "0",
          "-1",
          "99999999999999999999",
          "ä",
          "\uFFFD",
          "\u0000",
          "\u0085",
          "\u2028",
          "\uD83C\uDFB8",
          "\uD83C",
          "\uFEFF",
          "\r",
          "*a",
          "&a ",
          "!a ",
          "|99",
          "<<: *a\n",
          "pools",
          "127.0.0.1:8080",
          "\"\\uD800\"",
          "\"\\x00\"");

  private final String text = example("all-options.yml");

  private static String example(String name) {
    try {
      return Files.readString(Path.of("../docs/examples", name));
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  @Test
  void everyPrefixIsAnswered() {
    for (int end = 0; end <= text.length(); end++) {
      check(text.substring(0, end));
    }
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4})
  void everyMutationIsAnswered(long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    for (int i = 0; i < 3_000; i++) {
      StringBuilder mutated = new StringBuilder(text);
      for (int change = random.nextInt(1, 4); change > 0; change--) {
        int at = random.nextInt(mutated.length());
        int end = Math.min(mutated.length(), at + random.nextInt(0, 4));
        mutated.replace(at, end, PIECES.get(random.nextInt(PIECES.size())));
      }
      check(mutated.toString());
    }
  }

  @ParameterizedTest
  @ValueSource(longs = {5, 6})
  void everyHeapOfPiecesIsAnswered(long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    for (int i = 0; i < 5_000; i++) {
      StringBuilder heap = new StringBuilder();
      for (int pieces = random.nextInt(1, 12); pieces > 0; pieces--) {
        heap.append(PIECES.get(random.nextInt(PIECES.size())));
      }
      check(heap.toString());
    }
  }

  @ParameterizedTest
  @ValueSource(longs = {7, 8})
  void everyMutationOfTheBytesIsAnswered(long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    for (int i = 0; i < 2_000; i++) {
      byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
      bytes[random.nextInt(bytes.length)] = (byte) random.nextInt(256);
      check(ConfigParser.parse(bytes, Machine.UNKNOWN), new String(bytes, StandardCharsets.UTF_8));
    }
  }

  private static void check(String text) {
    check(ConfigParser.parse(text), text);
  }

  private static void check(ParseResult result, String text) {
    if (result instanceof ParseResult.Invalid invalid) {
      int lines = Math.max(1, text.split("\r\n|\r|\n", 0).length);
      assertThat(invalid.errors())
          .as("errors of\n%s", text)
          .allSatisfy(error -> assertThat(error.line()).isBetween(1, lines))
          .allSatisfy(
              error -> assertThat(error.toString()).matches("[^\\p{Cntrl}]+ \\(expected: .+\\)"));
      assertThat(invalid.errors())
          .extracting(ConfigError::line)
          .as("lines in the order of\n%s", text)
          .isSorted();
    }
  }
}
