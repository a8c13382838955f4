package dev.backline.balancer.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/** Each file of {@code config/wrong} is refused with exactly the lines that stand beside it. */
class WrongConfigurationsTest {
  private static final Machine MACHINE = address -> address.toString().equals("192.0.2.7");
  private static final Path WRONG = Path.of("src/test/resources/config/wrong");

  @TestFactory
  Stream<DynamicTest> eachIsRefusedInTheseWords() throws IOException {
    return names(".yml").stream()
        .map(name -> DynamicTest.dynamicTest(name, () -> isRefusedInTheseWords(name)));
  }

  private static void isRefusedInTheseWords(String name) throws IOException {
    ParseResult result =
        ConfigParser.parse(Files.readAllBytes(WRONG.resolve(name + ".yml")), MACHINE);

    List<String> expected = Files.readAllLines(WRONG.resolve(name + ".expected"));
    assertThat(result).isInstanceOf(ParseResult.Invalid.class);
    assertThat(((ParseResult.Invalid) result).errors())
        .extracting(ConfigError::toString)
        .containsExactlyElementsOf(expected);
  }

  @Test
  void eachFileHasItsExpectationAndTheOtherWayRound() throws IOException {
    assertThat(names(".yml")).isEqualTo(names(".expected")).hasSizeGreaterThanOrEqualTo(30);
  }

  private static List<String> names(String suffix) throws IOException {
    try (Stream<Path> files = Files.list(WRONG)) {
      return files
          .map(file -> file.getFileName().toString())
          .filter(name -> name.endsWith(suffix))
          .map(name -> name.substring(0, name.length() - suffix.length()))
          .sorted()
          .toList();
    }
  }
}
